//! An ACL: an expression and the patterns it is matched against.

use super::matcher::{Matcher, Method};
use crate::exchange::Stream;
use crate::sample::{Context, Expression};

/// A named test, or an anonymous one in braces. Declaring a name again adds a test: one that
/// passes is enough.
#[derive(Debug)]
pub struct Acl {
    pub name: String,
    pub tests: Vec<Test>,
}

/// One `acl` line.
#[derive(Debug)]
pub struct Test {
    pub expression: Expression,
    pub matcher: Matcher,
}

impl Acl {
    #[must_use]
    pub fn passes(&self, stream: &Stream<'_>) -> bool {
        self.tests.iter().any(|test| test.passes(stream))
    }
}

impl Test {
    /// Parses what follows the name in an `acl` line: the criterion, flags and patterns.
    ///
    /// # Errors
    /// One sentence, and the position of the word at fault.
    pub fn parse(words: &[&str], context: &Context<'_>) -> Result<Self, (usize, String)> {
        let criterion =
            *words.first().ok_or((0, "missing criterion after the ACL's name".to_owned()))?;
        let (expression, method) =
            criterion_of(criterion, context).map_err(|message| (0, message))?;
        let matcher = Matcher::parse(&words[1..], method, &expression)
            .map_err(|(at, message)| (at + 1, message))?;
        Ok(Self { expression, matcher })
    }

    #[must_use]
    pub fn passes(&self, stream: &Stream<'_>) -> bool {
        self.expression.any(stream, &mut |value| self.matcher.matches(&value))
    }
}

/// `path_beg` is the fetch `path` with the method `beg`; the suffix may be followed by arguments
/// and converters, as in `hdr_dom(host)`.
fn criterion_of(text: &str, context: &Context<'_>) -> Result<(Expression, Option<Method>), String> {
    let error = match Expression::parse(text, context) {
        Ok(expression) => return Ok((expression, None)),
        Err(error) => error,
    };
    let end = text.find(['(', ',']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some((base, suffix)) = name.rsplit_once('_') else { return Err(error) };
    let Some(method) = Method::of_suffix(suffix) else { return Err(error) };
    Expression::parse(&format!("{base}{rest}"), context)
        .map(|expression| (expression, Some(method)))
        .map_err(|_| error)
}
