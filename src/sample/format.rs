//! Log-format strings (manual, section 8.2.6): texts with `%[expression]` and `%alias` in them.

use super::alias::{Alias, Style};
use super::context::Context;
use super::expression::Expression;
use super::value::Value;
use crate::exchange::Stream;
use crate::syntax::text;

/// A compiled text.
#[derive(Clone, Debug, Default)]
pub struct Format {
    items: Box<[Item]>,
}

#[derive(Clone, Debug)]
enum Item {
    Text(Box<[u8]>),
    Expression(Expression, Style),
    Alias(&'static Alias, Style),
}

impl Format {
    /// Parses the format of log lines, in which blanks are delimiters and therefore merged.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_line(text: &str, context: &Context<'_>) -> Result<Self, String> {
        let mut format = Self::parse(text, context)?;
        for item in &mut format.items {
            if let Item::Text(text) = item {
                *text = merge_blanks(text);
            }
        }
        Ok(format)
    }

    /// Parses a log-format string.
    ///
    /// # Errors
    /// One sentence: the unknown alias, flag, fetch or converter, or the missing bracket.
    pub fn parse(text: &str, context: &Context<'_>) -> Result<Self, String> {
        let mut items = Vec::new();
        let mut literal = Vec::new();
        let mut style = Style::default();
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            literal.extend_from_slice(&text::bytes(&rest[..at]));
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                literal.push(b'%');
                rest = after;
                continue;
            }
            let (item, after) = item(rest, &mut style, context)?;
            if let Some(item) = item {
                if !literal.is_empty() {
                    items.push(Item::Text(std::mem::take(&mut literal).into()));
                }
                items.push(item);
            }
            rest = after;
        }
        literal.extend_from_slice(&text::bytes(rest));
        if !literal.is_empty() {
            items.push(Item::Text(literal.into()));
        }
        Ok(Self { items: items.into() })
    }

    /// The text itself if nothing in it depends on a stream.
    #[must_use]
    pub fn constant(&self) -> Option<&[u8]> {
        match &*self.items {
            [] => Some(b""),
            [Item::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The expressions in it, for checks at load.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.items.iter().filter_map(|item| match item {
            Item::Expression(expression, _) => Some(expression),
            _ => None,
        })
    }

    /// Appends the text for `stream`. A sample that is not found is empty.
    pub fn write(&self, stream: &Stream<'_>, out: &mut Vec<u8>) {
        for item in &self.items {
            match item {
                Item::Text(text) => out.extend_from_slice(text),
                Item::Alias(alias, style) => alias.write(stream, *style, out),
                Item::Expression(expression, style) if style.is_plain() => {
                    if let Some(value) = expression.evaluate(stream) {
                        value.write(out);
                    }
                }
                Item::Expression(expression, style) => {
                    let value = expression.evaluate(stream).map(Value::into_bytes);
                    style.sample(out, value.as_deref());
                }
            }
        }
    }

    /// Appends the line for `stream`: a sample that is not found is `-`, and an item that gives
    /// nothing leaves no second blank behind.
    pub fn write_line(&self, stream: &Stream<'_>, out: &mut Vec<u8>) {
        let mut after_blank = true;
        for item in &self.items {
            let before = out.len();
            match item {
                Item::Text(text) => {
                    let text = text.strip_prefix(b" ").filter(|_| after_blank).unwrap_or(text);
                    out.extend_from_slice(text);
                    after_blank = text.last().map_or(after_blank, |&last| last == b' ');
                    continue;
                }
                Item::Alias(alias, style) => alias.write(stream, *style, out),
                Item::Expression(expression, style) => {
                    let value = expression.evaluate(stream).map(Value::into_bytes);
                    style.sample(out, value.as_deref());
                }
            }
            after_blank &= out.len() == before;
        }
    }
}

/// Reads what follows a percent sign: `{flags}` before `[expression]` or an alias. Flags without
/// either change the style of everything after them.
fn item<'t>(
    text: &'t str,
    style: &mut Style,
    context: &Context<'_>,
) -> Result<(Option<Item>, &'t str), String> {
    let text = without_name(text)?;
    let (flags, rest) = match text.strip_prefix('{') {
        Some(inside) => {
            let end = inside.find('}').ok_or("missing '}' after the flags of a log-format item")?;
            (Some(&inside[..end]), &inside[end + 1..])
        }
        None => (None, text),
    };
    let mut own = *style;
    if let Some(flags) = flags {
        own = own.with(flags)?;
    }
    if let Some(inside) = rest.strip_prefix('[') {
        let (expression, after) = in_brackets(inside, context)?;
        return Ok((Some(Item::Expression(expression, own)), after));
    }
    if let Some(after) = rest.strip_prefix('o')
        && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        *style = own;
        return Ok((None, after));
    }
    let (alias, after) = Alias::at_start(rest)?;
    Ok((Some(Item::Alias(alias, own)), after))
}

/// Skips `(name:type)`: it matters to encodings only.
fn without_name(text: &str) -> Result<&str, String> {
    let Some(inside) = text.strip_prefix('(') else { return Ok(text) };
    let end = inside.find(')').ok_or("missing ')' after the name of a log-format item")?;
    Ok(&inside[end + 1..])
}

/// The expression up to its bracket, and what follows.
fn in_brackets<'t>(text: &'t str, context: &Context<'_>) -> Result<(Expression, &'t str), String> {
    let (expression, rest) = Expression::read(text, context)
        .map_err(|error| format!("failed to parse sample expression <{text}> : {error}"))?;
    let read = &text[..text.len() - rest.len()];
    let after = rest.strip_prefix(']').ok_or_else(|| match rest.chars().next() {
        None => format!("missing ']' after '{read}'"),
        Some(found) => format!("expected ']' after '{read}', but found '{found}'"),
    })?;
    if !expression.layer().is_available(context) {
        return Err(format!(
            "sample fetch <{}> may not be reliably used here because it needs '{}' which is not \
             available here.",
            expression.name(),
            expression.layer().name()
        ));
    }
    Ok((expression, after))
}

/// One space for each run of spaces and tabs.
fn merge_blanks(text: &[u8]) -> Box<[u8]> {
    let mut merged: Vec<u8> = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b' ' | b'\t' if merged.last() == Some(&b' ') => {}
            b' ' | b'\t' => merged.push(b' '),
            _ => merged.push(byte),
        }
    }
    merged.into()
}
