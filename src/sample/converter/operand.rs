//! Arguments that are a constant or the name of a variable. Apart because many converters take
//! them and only this file knows how variables are read.

use std::borrow::Cow;

use super::base64;
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args};
use crate::sample::value::Value;

/// Makes an argument an integer or a variable.
pub(super) fn integer(arg: &mut Arg) -> Result<(), String> {
    let Arg::Text(text) = arg else { return Ok(()) };
    let text = std::str::from_utf8(text).unwrap_or_default();
    *arg = match (leading_integer(text), variable_of(text)) {
        (Some(value), _) => Arg::Int(value),
        (None, Some(variable)) => variable,
        (None, None) => return Err("expects an integer or a variable name".into()),
    };
    Ok(())
}

/// Makes an argument a variable if it names one; true if so.
pub(super) fn variable(arg: &mut Arg) -> bool {
    if let Arg::Text(text) = arg
        && let Some(variable) = std::str::from_utf8(text).ok().and_then(variable_of)
    {
        *arg = variable;
    }
    matches!(arg, Arg::Variable { .. })
}

/// The value of the variable that an argument names.
pub(super) fn value_of<'a>(arg: &Arg, stream: &'a Stream<'_>) -> Option<Value<'a>> {
    match arg {
        Arg::Variable { scope, number } => stream.vars.get(*scope, *number),
        _ => None,
    }
}

/// An argument's integer: its own, or that of its variable; `absent` if it was left out.
pub(super) fn int_of(args: &Args, at: usize, absent: i64, stream: &Stream<'_>) -> Option<i64> {
    match args.get(at) {
        None => Some(absent),
        Some(Arg::Int(value)) => Some(*value),
        Some(arg) => match value_of(arg, stream)? {
            // There is nothing to read a number from.
            Value::Str(bytes) if bytes.is_empty() => None,
            value => value.as_int(),
        },
    }
}

fn variable_of(text: &str) -> Option<Arg> {
    let (scope, number) = crate::exchange::variable(text).ok()?;
    Some(Arg::Variable { scope, number })
}

/// A whole decimal number, saturated; 0 for an empty text.
fn leading_integer(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(limit))
}

/// Makes an argument a variable, or the bytes that its base64 says.
pub(super) fn base64_or_variable(arg: &mut Arg) -> Result<(), String> {
    if variable(arg) {
        return Ok(());
    }
    let Arg::Text(text) = arg else { return Ok(()) };
    *arg = Arg::Text(base64::decode(text).ok_or(NOT_BASE64)?.into());
    Ok(())
}

/// The bytes of an argument that [`base64_or_variable`] prepared.
pub(super) fn bytes_of<'a>(
    args: &'a Args,
    at: usize,
    stream: &Stream<'_>,
) -> Option<Cow<'a, [u8]>> {
    match args.get(at)? {
        Arg::Text(bytes) => Some(Cow::Borrowed(bytes)),
        arg => base64::decode(&value_of(arg, stream)?.into_bytes()).map(Cow::Owned),
    }
}

const NOT_BASE64: &str =
    "argument needs to be base64 encoded, and can either be a string or a variable";
