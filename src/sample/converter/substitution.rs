//! Replacing what a regular expression matches.

use super::Converter;
use crate::pattern::Regex;
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

fn replaced(regex: &Regex, bytes: &[u8], args: &Args, all: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(groups) = regex.captures_at(bytes, at) {
        let Some(whole) = groups.get(0) else { break };
        out.extend_from_slice(&bytes[at..whole.start]);
        groups.expand(args.text(1), bytes, &mut out);
        at = whole.end;
        if !all || (whole.is_empty() && at == bytes.len()) {
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
    let regex = Regex::compile(&text, flags.contains(&b'i'))?;
    args[0] = Arg::Regex(regex.into());
    Ok(())
}
