//! One value out of a JSON text, by a path. Reads no further than the value, so that what follows
//! need not be valid, and builds no tree.

use std::borrow::Cow;

use super::{Converter, hex};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[Converter::new(
    "json_query",
    (Type::Str, Type::Any),
    "The value at a path of a JSON text, as an integer if the second argument is 'int'.",
    "str([1]),json_query('$[0]',int)",
    |value, args, _| query(&value.into_bytes(), args),
)
.takes(&[Shape::Text], &[Shape::Text])
.checked(|args, _| check(args))];

/// The value that the arguments of `json_query` select.
pub(super) fn query<'a>(json: &[u8], args: &Args) -> Option<Value<'a>> {
    let raw = find(json, args.text(0))?;
    match raw.first()? {
        b't' => Some(Value::Bool(true)),
        b'f' => Some(Value::Bool(false)),
        b'[' => Some(Value::owned(raw.to_vec())),
        b'"' => unescaped(raw).map(Value::owned),
        b'-' | b'0'..=b'9' if args.text(1) == b"int" => integer(raw).map(Value::Int),
        b'-' | b'0'..=b'9' => Some(Value::owned(general(number(raw)).into_bytes())),
        _ => None,
    }
}

/// The path must be there, and the type be known.
pub(super) fn check(args: &mut [Arg]) -> Result<(), String> {
    let text = |at| match args.get(at) {
        Some(Arg::Text(text)) => &**text,
        _ => b"",
    };
    if text(0).is_empty() {
        return Err("json_path must not be empty".into());
    }
    if args.len() > 1 && text(1) != b"int" {
        return Err("output_type only supports \"int\" as argument".into());
    }
    Ok(())
}

/// The text of the value at `path`.
fn find<'j>(json: &'j [u8], path: &[u8]) -> Option<&'j [u8]> {
    let mut path = path.strip_prefix(b"$")?;
    let mut rest = json.trim_ascii_start();
    loop {
        match path.split_first() {
            None => return value(rest).map(|length| &rest[..length]),
            Some((b'.', after)) => {
                let (key, remaining) = path_key(after);
                rest = member(rest, &key)?;
                path = remaining;
            }
            Some((b'[', after)) => {
                if after.first() == Some(&b'-') {
                    return None;
                }
                let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let index = std::str::from_utf8(&after[..digits]).ok()?.parse().unwrap_or(0usize);
                rest = element(rest, index)?;
                path = match memchr::memchr(b']', after) {
                    Some(end) => &after[end + 1..],
                    None => &[],
                };
            }
            Some(_) => return None,
        }
    }
}

/// A key up to the next dot or bracket; a backslash protects one.
fn path_key(path: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let mut key = Vec::new();
    let mut at = 0;
    while let Some(byte) = path.get(at) {
        match (byte, path.get(at + 1)) {
            (b'.' | b'[', _) => break,
            (b'\\', Some(protected)) => {
                key.push(*protected);
                at += 1;
            }
            (byte, _) => key.push(*byte),
        }
        at += 1;
    }
    (Cow::Owned(key), &path[at..])
}

/// The text from the value of this member on.
fn member<'j>(object: &'j [u8], key: &[u8]) -> Option<&'j [u8]> {
    let mut rest = object.strip_prefix(b"{")?.trim_ascii_start();
    while rest.first() == Some(&b'"') {
        let length = string(rest)?;
        let found = &rest[1..length - 1] == key;
        rest = rest[length..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        if found {
            return Some(rest);
        }
        rest = rest[value(rest)?..].trim_ascii_start().strip_prefix(b",")?.trim_ascii_start();
    }
    None
}

/// The text from this element on.
fn element(array: &[u8], index: usize) -> Option<&[u8]> {
    let mut rest = array.strip_prefix(b"[")?.trim_ascii_start();
    for _ in 0..index {
        rest = rest[value(rest)?..].trim_ascii_start().strip_prefix(b",")?.trim_ascii_start();
    }
    Some(rest)
}

/// The length of the value that a text begins with.
fn value(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'"' => string(text),
        b'{' | b'[' => composite(text),
        b'-' | b'0'..=b'9' => Some(number_length(text)),
        b't' => text.starts_with(b"true").then_some(4),
        b'f' => text.starts_with(b"false").then_some(5),
        b'n' => text.starts_with(b"null").then_some(4),
        _ => None,
    }
}

fn number_length(text: &[u8]) -> usize {
    let part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    text.iter().take_while(part).count()
}

fn string(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Brackets are counted, not nested calls, so that depth costs nothing.
fn composite(text: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at += string(&text[at..])?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// A string without its quotes and escapes. Of `\u`, only the first 256 characters are known.
fn unescaped(raw: &[u8]) -> Option<Vec<u8>> {
    let inside = &raw[1..raw.len() - 1];
    let mut out = Vec::with_capacity(inside.len());
    let mut rest = inside.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        out.push(match rest.next()? {
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'"' => b'"',
            b'\\' => b'\\',
            b'u' => {
                let zeros = [*rest.next()?, *rest.next()?];
                let high = hex::value(*rest.next()?)?;
                let low = hex::value(*rest.next()?)?;
                if zeros != *b"00" {
                    return None;
                }
                high << 4 | low
            }
            _ => return None,
        });
    }
    Some(out)
}

/// The digits before point and exponent. Beyond 2^53 they are not to be told exactly.
fn integer(raw: &[u8]) -> Option<i64> {
    let digits = raw.iter().skip(usize::from(raw[0] == b'-'));
    let value = digits.take_while(|byte| byte.is_ascii_digit()).fold(0i64, |value, digit| {
        value.saturating_mul(10).saturating_add(i64::from(digit - b'0'))
    });
    let value = if raw[0] == b'-' { -value } else { value };
    (-EXACT..=EXACT).contains(&value).then_some(value)
}

fn number(raw: &[u8]) -> f64 {
    let text = std::str::from_utf8(raw).unwrap_or_default();
    if text.ends_with('.') { 0.0 } else { text.parse().unwrap_or(0.0) }
}

/// As C's `%g`: six significant digits, without zeros at the end.
fn general(number: f64) -> String {
    if !number.is_finite() {
        return if number > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let scientific = format!("{number:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs());
    }
    trimmed(&format!("{number:.*}", (5 - exponent) as usize)).to_owned()
}

fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// The largest integer up to which a double tells all apart.
const EXACT: i64 = (1 << 53) - 1;
