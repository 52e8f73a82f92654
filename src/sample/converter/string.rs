//! Strings: case, length, parts.

use std::borrow::Cow;

use super::Converter;
use crate::exchange::Stream;
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter {
        name: "lower",
        required: &[],
        optional: &[],
        input: Type::Str,
        output: Type::Str,
        documentation: "The string in lower case.",
        example: "str(ABC),lower",
        check: None,
        run: |value, _, _| {
            Some(changed(value, u8::is_ascii_uppercase, <[u8]>::make_ascii_lowercase))
        },
    },
    Converter {
        name: "upper",
        required: &[],
        optional: &[],
        input: Type::Str,
        output: Type::Str,
        documentation: "The string in upper case.",
        example: "str(abc),upper",
        check: None,
        run: |value, _, _| {
            Some(changed(value, u8::is_ascii_lowercase, <[u8]>::make_ascii_uppercase))
        },
    },
    Converter {
        name: "length",
        required: &[],
        optional: &[],
        input: Type::Str,
        output: Type::Int,
        documentation: "The length of the string in bytes.",
        example: "str(abc),length",
        check: None,
        run: |value, _, _| Some(Value::Int(value.into_bytes().len() as i64)),
    },
    Converter {
        name: "field",
        required: &[Shape::Int, Shape::Text],
        optional: &[],
        input: Type::Str,
        output: Type::Str,
        documentation: "The n-th part between separators; from the end when n is negative.",
        example: "str(a.b.c),field(2,.)",
        check: None,
        run: field,
    },
];

/// Changes a string, copying it only if there is something to change.
fn changed<'a>(
    value: Value<'a>,
    needs: impl Fn(&u8) -> bool,
    change: impl Fn(&mut [u8]),
) -> Value<'a> {
    let mut bytes = value.into_bytes();
    if bytes.iter().any(needs) {
        change(bytes.to_mut());
    }
    Value::Str(bytes)
}

fn field<'a>(value: Value<'a>, args: &'a Args, _: &'a Stream<'_>) -> Option<Value<'a>> {
    let number = args.int(0)?;
    let separators = args.text(1);
    let bytes = value.into_bytes();
    let range = {
        let mut parts: Vec<&[u8]> = bytes.split(|byte| separators.contains(byte)).collect();
        if number < 0 {
            parts.reverse();
        }
        let part = *parts.get((number.unsigned_abs() as usize).checked_sub(1)?)?;
        let start = part.as_ptr() as usize - bytes.as_ptr() as usize;
        start..start + part.len()
    };
    Some(Value::Str(match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[range]),
        Cow::Owned(bytes) => Cow::Owned(bytes[range].to_vec()),
    }))
}
