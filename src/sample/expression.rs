//! A fetch with its converters, compiled at load: `hdr(host),lower`.

use std::ops::ControlFlow;

use super::args::Args;
use super::converter::Converter;
use super::fetch::{Fetch, Layer, Run};
use super::value::Value;
use crate::exchange::Stream;
use crate::syntax::suggest;

/// An expression.
#[derive(Clone, Debug)]
pub struct Expression {
    fetch: &'static Fetch,
    args: Args,
    converters: Box<[(&'static Converter, Args)]>,
}

impl Expression {
    /// Parses `fetch[(args)][,converter[(args)]]*`.
    ///
    /// # Errors
    /// One sentence: what is unknown or wrong, with the nearest known name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = split_converters(text)?.into_iter();
        let first = parts.next().unwrap_or_default();
        let (name, inside) = call(first)?;
        let fetch = super::fetches().find(|fetch| fetch.name == name).ok_or_else(|| {
            unknown("unknown fetch method", name, super::fetches().map(|fetch| fetch.name))
        })?;
        let args = Args::parse(name, inside, fetch.required, fetch.optional)?;
        let converters = parts.map(converter).collect::<Result<_, _>>()?;
        Ok(Self { fetch, args, converters })
    }

    /// What the fetch needs to be there.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.fetch.layer
    }

    #[must_use]
    pub fn name(&self) -> &'static str {
        self.fetch.name
    }

    /// The sample; the last one where a fetch gives several.
    #[must_use]
    pub fn evaluate<'a>(&'a self, stream: &'a Stream<'_>) -> Option<Value<'a>> {
        match self.fetch.run {
            Run::One(run) => self.convert(run(stream, &self.args)?),
            Run::Each { last, .. } => self.convert(last(stream, &self.args)?),
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
                run(stream, &self.args).and_then(|value| self.convert(value)).is_some_and(visit)
            }
            Run::Each { each, .. } => each(stream, &self.args, &mut |value| {
                if self.convert(value).is_some_and(&mut *visit) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .is_break(),
        }
    }

    fn convert<'a>(&'a self, value: Value<'a>) -> Option<Value<'a>> {
        self.converters
            .iter()
            .try_fold(value, |value, (converter, args)| (converter.run)(value, args))
    }
}

fn converter(text: &str) -> Result<(&'static Converter, Args), String> {
    let (name, inside) = call(text)?;
    let converter = super::converters()
        .find(|converter| converter.name == name)
        .ok_or_else(|| unknown("unknown converter", name, super::converters().map(|c| c.name)))?;
    Ok((converter, Args::parse(name, inside, converter.required, converter.optional)?))
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

    #[test]
    fn near_misses_are_named() {
        assert_eq!(
            Expression::parse("hrd(host)").unwrap_err(),
            "unknown fetch method 'hrd', did you mean 'hdr'?"
        );
        assert_eq!(
            Expression::parse("path,lowr").unwrap_err(),
            "unknown converter 'lowr', did you mean 'lower'?"
        );
        assert!(Expression::parse("hdr(host").unwrap_err().contains("missing closing"));
    }
}
