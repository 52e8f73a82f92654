//! Replacing what a regular expression matches.

use super::Converter;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[Converter::new(
    "regsub",
    (Type::Str, Type::Str),
    "The string with the first match of a regex replaced, or all (flag g); flag i ignores case.",
    "str(a//b),regsub('/+','/',g)",
    |value, args, _| {
        let Some(Arg::Regex(regex)) = args.get(0) else { return None };
        let bytes = value.into_bytes();
        if !regex.is_match(&bytes) {
            return Some(Value::Str(bytes));
        }
        let all = args.text(2).contains(&b'g');
        Some(Value::owned(replaced(regex, &bytes, args, all)))
    },
)
.takes(&[Shape::Text, Shape::Text], &[Shape::Text])
.checked(check)];

fn replaced(regex: &regex::bytes::Regex, bytes: &[u8], args: &Args, all: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(captures) = regex.captures_at(bytes, at) {
        let Some(whole) = captures.get(0) else { break };
        out.extend_from_slice(&bytes[at..whole.start()]);
        expand(args.text(1), &captures, &mut out);
        at = whole.end();
        if !all || whole.is_empty() && at == bytes.len() {
            break;
        }
        if whole.is_empty() {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// Writes the substitute: `\0` to `\9` are what was captured, `\xHH` is a byte.
fn expand(text: &[u8], captures: &regex::bytes::Captures<'_>, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        match after {
            [digit @ b'0'..=b'9', ..] => {
                if let Some(group) = captures.get(usize::from(digit - b'0')) {
                    out.extend_from_slice(group.as_bytes());
                }
                rest = &after[1..];
            }
            [b'x', high, low, ..] => {
                if let (Some(high), Some(low)) = (super::hex::value(*high), super::hex::value(*low))
                {
                    out.push(high << 4 | low);
                    rest = &after[3..];
                }
            }
            [other, ..] => {
                out.push(*other);
                rest = &after[1..];
            }
            [] => out.push(b'\\'),
        }
    }
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let flags = match args.get(2) {
        Some(Arg::Text(flags)) => flags.clone(),
        _ => Box::default(),
    };
    if flags.iter().any(|flag| !b"gi".contains(flag)) {
        return Err(format!(
            "invalid regex flag '{}', only 'i' and 'g' are supported",
            String::from_utf8_lossy(&flags)
        ));
    }
    let Some(Arg::Text(text)) = args.first() else { return Ok(()) };
    let text = String::from_utf8_lossy(text).into_owned();
    let regex = regex::bytes::RegexBuilder::new(&text)
        .unicode(false)
        .case_insensitive(flags.contains(&b'i'))
        .build()
        .map_err(|error| format!("regex '{text}' is invalid: {error}"))?;
    args[0] = Arg::Regex(regex.into());
    Ok(())
}
