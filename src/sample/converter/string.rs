//! Strings: case, length, ends, order, joining.

use std::borrow::Cow;

use super::{Converter, operand, part};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "lower",
        (Type::Str, Type::Str),
        "The string in lower case.",
        "str(ABC),lower",
        |value, _, _| Some(changed(value, u8::is_ascii_uppercase, <[u8]>::make_ascii_lowercase)),
    ),
    Converter::new(
        "upper",
        (Type::Str, Type::Str),
        "The string in upper case.",
        "str(abc),upper",
        |value, _, _| Some(changed(value, u8::is_ascii_lowercase, <[u8]>::make_ascii_uppercase)),
    ),
    Converter::new(
        "length",
        (Type::Str, Type::Int),
        "The length of the string in bytes.",
        "str(abc),length",
        |value, _, _| Some(Value::Int(value.into_bytes().len() as i64)),
    ),
    Converter::new(
        "ltrim",
        (Type::Str, Type::Str),
        "The string without the given characters at its beginning.",
        "str(aabc),ltrim(a)",
        |value, args, _| {
            let bytes = value.into_bytes();
            let kept = bytes.iter().position(|byte| !args.text(0).contains(byte));
            let range = kept.unwrap_or(bytes.len())..bytes.len();
            Some(Value::Str(part(bytes, range)))
        },
    )
    .takes(&[Shape::Text], &[]),
    Converter::new(
        "rtrim",
        (Type::Str, Type::Str),
        "The string without the given characters at its end.",
        "str(abcc),rtrim(c)",
        |value, args, _| {
            let bytes = value.into_bytes();
            let kept = bytes.iter().rposition(|byte| !args.text(0).contains(byte));
            let range = 0..kept.map_or(0, |at| at + 1);
            Some(Value::Str(part(bytes, range)))
        },
    )
    .takes(&[Shape::Text], &[]),
    Converter::new(
        "cut_crlf",
        (Type::Str, Type::Str),
        "The string up to its first line end.",
        "str(abc),cut_crlf",
        |value, _, _| {
            let bytes = value.into_bytes();
            let end = memchr::memchr2(b'\r', b'\n', &bytes).unwrap_or(bytes.len());
            Some(Value::Str(part(bytes, 0..end)))
        },
    ),
    Converter::new(
        "reverse",
        (Type::Str, Type::Str),
        "The bytes of the string in reverse order.",
        "str(abc),reverse",
        |value, _, _| {
            let mut bytes = value.into_bytes().into_owned();
            bytes.reverse();
            Some(Value::owned(bytes))
        },
    ),
    Converter::new(
        "reverse_dom",
        (Type::Str, Type::Str),
        "The labels of a domain name in reverse order; not found if one is empty.",
        "str(www.example.com),reverse_dom",
        |value, _, _| reversed_labels(&value.into_bytes()).map(Value::owned),
    ),
    Converter::new(
        "concat",
        (Type::Str, Type::Str),
        "The string with a constant, a variable and another constant appended.",
        "str(a),concat(-,txn.name,-)",
        |value, args, stream| {
            let mut bytes = value.into_bytes();
            append(bytes.to_mut(), args, 0, stream);
            append(bytes.to_mut(), args, 1, stream);
            append(bytes.to_mut(), args, 2, stream);
            Some(Value::Str(bytes))
        },
    )
    .takes(&[Shape::Text], &[Shape::Text, Shape::Text])
    .checked(variable_registered),
    Converter::new(
        "add_item",
        (Type::Str, Type::Str),
        "The list with a variable and a suffix appended, after a delimiter unless it is empty.",
        "str(a),add_item(-,txn.name)",
        add_item,
    )
    .takes(&[Shape::Text, Shape::Text], &[Shape::Text])
    .checked(item_checked),
    Converter::new(
        "iif",
        (Type::Bool, Type::Str),
        "The first string if the sample is true, otherwise the second.",
        "bool(true),iif(yes,no)",
        |value, args, _| Some(Value::str(args.text(usize::from(!value.as_bool()?)))),
    )
    .takes(&[Shape::Text, Shape::Text], &[]),
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

fn reversed_labels(name: &[u8]) -> Option<Vec<u8>> {
    let name = name.strip_suffix(b".").unwrap_or(name);
    let mut reversed = Vec::with_capacity(name.len());
    for label in name.rsplit(|byte| *byte == b'.') {
        if label.is_empty() {
            return None;
        }
        if !reversed.is_empty() {
            reversed.push(b'.');
        }
        reversed.extend_from_slice(label);
    }
    Some(reversed)
}

/// Appends the argument at `at`: a constant, or what its variable holds.
fn append(out: &mut Vec<u8>, args: &Args, at: usize, stream: &Stream<'_>) {
    match args.get(at) {
        Some(Arg::Text(text)) => out.extend_from_slice(text),
        Some(arg @ Arg::Variable { .. }) => {
            if let Some(value) = operand::value_of(arg, stream) {
                out.extend_from_slice(&value.into_bytes());
            }
        }
        _ => {}
    }
}

fn add_item<'a>(value: Value<'a>, args: &'a Args, stream: &'a Stream<'_>) -> Option<Value<'a>> {
    let mut bytes = value.into_bytes();
    let mut item = Vec::new();
    append(&mut item, args, 1, stream);
    append(&mut item, args, 2, stream);
    if item.is_empty() {
        return Some(Value::Str(bytes));
    }
    if bytes.is_empty() {
        return Some(Value::Str(Cow::Owned(item)));
    }
    append(bytes.to_mut(), args, 0, stream);
    bytes.to_mut().extend_from_slice(&item);
    Some(Value::Str(bytes))
}

/// The second argument names a variable, if it is there.
fn variable_registered(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let Some(arg) = args.get_mut(1) else { return Ok(()) };
    let text = match arg {
        Arg::Text(text) if !text.is_empty() => String::from_utf8_lossy(text).into_owned(),
        _ => return Ok(()),
    };
    if operand::variable(arg) {
        Ok(())
    } else {
        Err(format!("failed to register variable name '{text}'"))
    }
}

fn item_checked(args: &mut Vec<Arg>, context: &Context<'_>) -> Result<(), String> {
    let empty = |arg: Option<&Arg>| !matches!(arg, Some(Arg::Text(text)) if !text.is_empty());
    if empty(args.get(1)) && empty(args.get(2)) {
        return Err("one of the optional arguments has to be nonempty".into());
    }
    variable_registered(args, context)
}
