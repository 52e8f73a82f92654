//! Parts of strings between delimiters: fields, words, parameters.

use std::ops::Range;

use super::{Converter, part};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "field",
        (Type::Str, Type::Str),
        "The n-th part between delimiters, from the end when n is negative; or several.",
        "str(a.b.c),field(2,.)",
        |value, args, _| {
            let bytes = value.into_bytes();
            let range = select(fields(&bytes, args.text(1)), args, &bytes)?;
            Some(Value::Str(part(bytes, range)))
        },
    )
    .takes(&[Shape::Int, Shape::Text], &[Shape::Int])
    .checked(check),
    Converter::new(
        "word",
        (Type::Str, Type::Str),
        "The n-th part between delimiters, empty ones not counted; or several.",
        "str(a..b),word(2,.)",
        |value, args, _| {
            let bytes = value.into_bytes();
            let words = fields(&bytes, args.text(1)).filter(|word| !word.is_empty());
            let range = select(words, args, &bytes)?;
            Some(Value::Str(part(bytes, range)))
        },
    )
    .takes(&[Shape::Int, Shape::Text], &[Shape::Int])
    .checked(check),
    Converter::new(
        "param",
        (Type::Str, Type::Str),
        "The value of the first parameter of this name in 'name=value&name=value'.",
        "str(a=1&b=2),param(b)",
        |value, args, _| {
            let delimiter = args.get(1).map_or(b'&', |_| args.text(1)[0]);
            let bytes = value.into_bytes();
            let range = fields(&bytes, &[delimiter]).find_map(|field| {
                if field.start == bytes.len() {
                    return None;
                }
                let rest = bytes[field.clone()].strip_prefix(args.text(0))?;
                match rest.first() {
                    None => Some(field.end..field.end),
                    Some(b'=') => Some(field.end - rest.len() + 1..field.end),
                    Some(_) => None,
                }
            })?;
            Some(Value::Str(part(bytes, range)))
        },
    )
    .takes(&[Shape::Text], &[Shape::Text])
    .checked(delimiter_checked),
];

/// The ranges between delimiters.
fn fields<'b>(
    bytes: &'b [u8],
    delimiters: &'b [u8],
) -> impl DoubleEndedIterator<Item = Range<usize>> + 'b {
    let start = bytes.as_ptr() as usize;
    bytes.split(|byte| delimiters.contains(byte)).map(move |field| {
        let at = field.as_ptr() as usize - start;
        at..at + field.len()
    })
}

/// What index and count select of the fields; up to the end of `bytes` if the count is 0.
fn select(
    mut fields: impl DoubleEndedIterator<Item = Range<usize>>,
    args: &Args,
    bytes: &[u8],
) -> Option<Range<usize>> {
    let index = args.int(0)?;
    let count = args.int(2).unwrap_or(1);
    let skipped = usize::try_from(index.unsigned_abs()).ok()?.checked_sub(1)?;
    let more = match usize::try_from(count) {
        Ok(0) | Err(_) => usize::MAX,
        Ok(count) => count - 1,
    };
    // Where there are fewer than wanted, the part goes on to the very end.
    if index > 0 {
        let first = fields.nth(skipped)?;
        let end = match more.checked_sub(1) {
            None => first.end,
            Some(more) => fields.nth(more).map_or(bytes.len(), |last| last.end),
        };
        Some(first.start..end)
    } else {
        let last = fields.nth_back(skipped)?;
        let start = match more.checked_sub(1) {
            None => last.start,
            Some(more) => fields.nth_back(more).map_or(0, |first| first.start),
        };
        Some(start..last.end)
    }
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    if matches!(args.first(), Some(Arg::Int(0))) {
        return Err("Unexpected value 0 for index".into());
    }
    match args.get(1) {
        Some(Arg::Text(text)) if !text.is_empty() => Ok(()),
        _ => Err("Empty separators list".into()),
    }
}

fn delimiter_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.get(1) {
        None => Ok(()),
        Some(Arg::Text(text)) if text.len() == 1 => Ok(()),
        Some(_) => Err("Delimiter must be exactly 1 character.".into()),
    }
}
