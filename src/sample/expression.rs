//! A fetch with its converters, compiled at load: `hdr(host),lower`.

use std::ops::ControlFlow;

use super::args::Args;
use super::context::Context;
use super::converter::Converter;
use super::fetch::{Fetch, Layer, Run, UNSUPPORTED};
use super::value::{Type, Value};
use crate::exchange::Stream;
use crate::syntax::suggest;

/// An expression.
#[derive(Clone, Debug)]
pub struct Expression {
    fetch: &'static Fetch,
    args: Args,
    steps: Box<[Step]>,
    output: Type,
}

/// A converter in its place.
#[derive(Clone, Debug)]
struct Step {
    converter: &'static Converter,
    args: Args,
    /// The sample may be of another type than the converter takes.
    cast: bool,
}

impl Expression {
    /// Parses `fetch[(args)][,converter[(args)]]*`.
    ///
    /// # Errors
    /// One sentence: what is unknown or wrong, with the nearest known name.
    pub fn parse(text: &str, context: &Context<'_>) -> Result<Self, String> {
        let mut parts = split_converters(text)?.into_iter();
        let first = parts.next().unwrap_or_default();
        let (name, inside) = call(first)?;
        let fetch = super::fetches().find(|fetch| fetch.name == name).ok_or_else(|| {
            if UNSUPPORTED.contains(&name) {
                return format!("fetch method '{name}' is not supported by evenkeel yet");
            }
            unknown("unknown fetch method", name, super::fetches().map(|fetch| fetch.name))
        })?;
        let shapes = (fetch.required, fetch.optional);
        let args = Args::parse(fetch.name, inside, shapes, fetch.check, context)?;
        let mut output = fetch.output;
        let mut steps = Vec::new();
        for part in parts {
            let step = Step::parse(part, output, context)?;
            if step.converter.output != Type::Same {
                output = step.converter.output;
            }
            steps.push(step);
        }
        Ok(Self { fetch, args, steps: steps.into(), output })
    }

    /// What the fetch needs to be there.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.fetch.layer
    }

    /// The type that it gives, as far as it is known.
    #[must_use]
    pub fn output(&self) -> Type {
        self.output
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        self.fetch.name
    }

    /// The sample; the last one where a fetch gives several.
    #[must_use]
    pub fn evaluate<'a>(&'a self, stream: &'a Stream<'_>) -> Option<Value<'a>> {
        match self.fetch.run {
            Run::One(run) => self.convert(run(stream, &self.args)?, stream),
            Run::Each { last, .. } => self.convert(last(stream, &self.args)?, stream),
        }
    }

    /// Gives each sample to `visit` until it breaks; true if it did.
    pub fn any<'a>(
        &'a self,
        stream: &'a Stream<'_>,
        visit: &mut dyn FnMut(Value<'a>) -> bool,
    ) -> bool {
        match self.fetch.run {
            Run::One(run) => {
                let value = run(stream, &self.args).and_then(|value| self.convert(value, stream));
                value.is_some_and(visit)
            }
            Run::Each { each, .. } => each(stream, &self.args, &mut |value| {
                if self.convert(value, stream).is_some_and(&mut *visit) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .is_break(),
        }
    }

    fn convert<'a>(&'a self, value: Value<'a>, stream: &'a Stream<'_>) -> Option<Value<'a>> {
        self.steps.iter().try_fold(value, |value, step| step.run(value, stream))
    }
}

impl Step {
    fn parse(text: &str, input: Type, context: &Context<'_>) -> Result<Self, String> {
        let (name, inside) = call(text)?;
        let converter =
            super::converters().find(|converter| converter.name == name).ok_or_else(|| {
                unknown("unknown converter", name, super::converters().map(|it| it.name))
            })?;
        if !input.casts_to(converter.input) {
            return Err(format!("converter '{name}' cannot be applied."));
        }
        let shapes = (converter.required, converter.optional);
        let args = Args::parse(converter.name, inside, shapes, converter.check, context)?;
        let cast = converter.input != Type::Any && converter.input != input;
        Ok(Self { converter, args, cast })
    }

    #[inline]
    fn run<'a>(&'a self, value: Value<'a>, stream: &'a Stream<'_>) -> Option<Value<'a>> {
        let value = if self.cast { value.cast(self.converter.input)? } else { value };
        (self.converter.run)(value, &self.args, stream)
    }
}

fn unknown(what: &str, name: &str, known: impl Iterator<Item = &'static str>) -> String {
    match suggest::nearest(name, known) {
        Some(near) => format!("{what} '{name}', did you mean '{near}'?"),
        None => format!("{what} '{name}'"),
    }
}

/// Splits `a(x,y),b,c(z)` at the commas outside of parentheses.
fn split_converters(text: &str) -> Result<Vec<&str>, String> {
    let mut parts = Vec::new();
    let (mut depth, mut quote, mut escaped, mut start) = (0usize, None, false, 0);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if depth > 0 => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1).ok_or("superfluous ')'")?,
            (None, ',') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth > 0 || quote.is_some() {
        return Err(format!("missing closing ')' after arguments to '{}'", name_of(text)));
    }
    parts.push(&text[start..]);
    Ok(parts)
}

/// `name` or `name(inside)`.
fn call(text: &str) -> Result<(&str, Option<&str>), String> {
    let text = text.trim();
    let Some(open) = text.find('(') else { return Ok((text, None)) };
    match text[open..].strip_suffix(')') {
        Some(inside) => Ok((&text[..open], Some(&inside[1..]))),
        None => Err(format!("unexpected text after the arguments of '{}'", &text[..open])),
    }
}

fn name_of(text: &str) -> &str {
    text.split('(').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Names, fixture};
    use crate::sample::{Loading, Stage};

    fn error(text: &str) -> String {
        let loading = Loading::default();
        Expression::parse(text, &Context::new(Stage::Acl, &loading)).unwrap_err()
    }

    #[test]
    fn near_misses_are_named() {
        assert_eq!(error("hrd(host)"), "unknown fetch method 'hrd', did you mean 'hdr'?");
        assert_eq!(error("path,lowr"), "unknown converter 'lowr', did you mean 'lower'?");
        assert!(error("hdr(host").contains("missing closing"));
    }

    #[test]
    fn samples_are_cast_for_converters() {
        let connection = fixture::connection("192.0.2.1:1", "192.0.2.2:80");
        let mut stream = fixture::stream(&connection, Names::default());
        fixture::receive_request(&mut stream, b"GET /A/B HTTP/1.1\r\nHost: x\r\n\r\n");
        let loading = Loading::default();
        let context = Context::new(Stage::HttpRequest, &loading);
        for (text, value) in [("src,length", Value::Int(9)), ("method,lower", Value::str(b"get"))] {
            let expression = Expression::parse(text, &context).unwrap();
            assert_eq!(expression.evaluate(&stream), Some(value), "{text}");
        }
    }
}
