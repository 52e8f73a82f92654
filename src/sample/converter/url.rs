//! Percent-encoding of URLs.

use std::borrow::Cow;

use super::{Converter, hex};
use crate::sample::args::{Arg, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "url_dec",
        (Type::Str, Type::Str),
        "The string without percent-encoding; plus signs are blanks in a query or form.",
        "str(a%20b),url_dec",
        |value, args, _| decode(value.into_bytes(), args.int(0).is_some_and(|form| form != 0)),
    )
    .takes(&[], &[Shape::Int]),
    Converter::new(
        "url_enc",
        (Type::Str, Type::Str),
        "The string percent-encoded for a query.",
        "str(a b),url_enc",
        |value, _, _| Some(Value::Str(encode(value.into_bytes()))),
    )
    .takes(&[], &[Shape::Text])
    .checked(check),
];

fn decode(bytes: Cow<'_, [u8]>, form: bool) -> Option<Value<'_>> {
    if memchr::memchr2(b'%', b'+', &bytes).is_none() {
        return Some(Value::Str(bytes));
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut query = form;
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let high = hex::value(*rest.next()?)?;
                out.push(high << 4 | hex::value(*rest.next()?)?);
            }
            b'+' if query => out.push(b' '),
            byte => {
                query |= *byte == b'?';
                out.push(*byte);
            }
        }
    }
    Some(Value::owned(out))
}

fn encode(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if bytes.iter().all(|byte| plain(*byte)) {
        return bytes;
    }
    let mut out = Vec::with_capacity(3 * bytes.len());
    for byte in bytes.iter() {
        if plain(*byte) {
            out.push(*byte);
        } else {
            out.push(b'%');
            hex::write(&[*byte], &mut out);
        }
    }
    Cow::Owned(out)
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.first() {
        None => Ok(()),
        Some(Arg::Text(text)) if text.is_empty() || &**text == b"query" => Ok(()),
        Some(_) => Err("Unexpected encode type. Allowed value is 'query'".into()),
    }
}
