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
        let (expression, rest) = Self::read(text, context)?;
        if !rest.is_empty() {
            return Err(match expression.steps.last() {
                None => "missing comma after fetch keyword".to_owned(),
                Some(step) => {
                    format!("missing comma after converter '{}'", step.converter.name)
                }
            });
        }
        if !expression.fetch.layer.is_available(context) {
            return Err(format!(
                "fetch method '{}' extracts information from '{}', none of which is available here",
                expression.fetch.name,
                expression.fetch.layer.name()
            ));
        }
        Ok(expression)
    }

    /// Parses the expression that `text` begins with, and gives what follows it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but where it is evaluated is not looked at.
    pub(super) fn read<'t>(
        text: &'t str,
        context: &Context<'_>,
    ) -> Result<(Self, &'t str), String> {
        let (name, rest) = name(text);
        if name.is_empty() {
            return Err("missing fetch method".to_owned());
        }
        let fetch = find_fetch(name)?;
        let shapes = (fetch.required, fetch.optional);
        let (args, mut rest) = Args::read(fetch.name, rest, shapes, fetch.check, context)
            .map_err(|mistake| mistake.of_fetch(name))?;
        let mut output = fetch.output;
        let mut steps = Vec::new();
        while let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start_matches(',');
            if rest.is_empty() {
                break;
            }
            let (step, after) = Step::read(rest, output, context)?;
            if step.converter.output != Type::Same {
                output = step.converter.output;
            }
            steps.push(step);
            rest = after;
        }
        Ok((Self { fetch, args, steps: steps.into(), output }, rest))
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
    fn read<'t>(
        text: &'t str,
        input: Type,
        context: &Context<'_>,
    ) -> Result<(Self, &'t str), String> {
        let (name, rest) = name(text);
        let converter =
            super::converters().find(|converter| converter.name == name).ok_or_else(|| {
                unknown("unknown converter", name, super::converters().map(|it| it.name))
            })?;
        if !input.casts_to(converter.input) {
            return Err(format!("converter '{name}' cannot be applied"));
        }
        let shapes = (converter.required, converter.optional);
        let (args, rest) = Args::read(converter.name, rest, shapes, converter.check, context)
            .map_err(|mistake| mistake.of_converter(name))?;
        let cast = converter.input != Type::Any && converter.input != input;
        Ok((Self { converter, args, cast }, rest))
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

/// The name that `text` begins with, and what follows.
fn name(text: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | ':');
    text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()))
}

fn find_fetch(name: &str) -> Result<&'static Fetch, String> {
    if let Some(fetch) = super::fetches().find(|fetch| fetch.name == name) {
        return Ok(fetch);
    }
    if super::fetch::REFUSED.contains(&name) || UNSUPPORTED.contains(&name) {
        return Err(format!("fetch method '{name}' is not supported by evenkeel yet"));
    }
    Err(unknown("unknown fetch method", name, super::fetches().map(|fetch| fetch.name)))
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
        assert_eq!(error("hdr(host"), "fetch method 'hdr' : expected ')'");
        assert_eq!(error("path)"), "missing comma after fetch keyword");
        assert_eq!(error(",lower"), "missing fetch method");
        assert_eq!(
            error("path,lower(a)"),
            "invalid arg 1 in converter 'lower' : expected ')' before 'a)'"
        );
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
