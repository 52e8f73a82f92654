//! The language that a client likes best (RFC 9110, section 12.5.4).

use super::Converter;
use crate::sample::args::Shape;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[Converter::new(
    "language",
    (Type::Str, Type::Str),
    "The language of a list that an Accept-Language header prefers, or a default.",
    "req.fhdr(accept-language),language(es;fr;en,en)",
    |value, args, _| {
        let bytes = value.into_bytes();
        let best = best(&bytes, args.text(0));
        best.or_else(|| args.get(1).map(|_| args.text(1))).map(Value::str)
    },
)
.takes(&[Shape::Text], &[Shape::Text])];

/// The first of the known languages with the highest weight above zero.
fn best<'k>(header: &[u8], known: &'k [u8]) -> Option<&'k [u8]> {
    let mut best = None;
    let mut highest = 0;
    let mut rest = header;
    while !rest.is_empty() {
        let range = rest.trim_ascii_start();
        let end =
            range.iter().position(|byte| matches!(byte, b';' | b',') || byte.is_ascii_whitespace());
        let (name, after) = range.split_at(end.unwrap_or(range.len()));
        rest = after;
        if let Some(language) = known_as(name, known) {
            let parameters = after.trim_ascii_start();
            let (weight, after) = match parameters.first() {
                None | Some(b',') => (1000, parameters),
                Some(b';') => weight(&parameters[1..]),
                Some(_) => (0, parameters),
            };
            rest = after;
            if weight > highest {
                (best, highest) = (Some(language), weight);
            }
            if highest >= 1000 {
                break;
            }
        }
        rest = memchr::memchr(b',', rest).map_or(&[], |comma| &rest[comma + 1..]);
    }
    best
}

/// The entry of the list that is this name, or its part before the dash.
fn known_as<'k>(name: &[u8], known: &'k [u8]) -> Option<&'k [u8]> {
    if name.is_empty() {
        return None;
    }
    let base = name.split(|byte| *byte == b'-').next().unwrap_or(name);
    let find = |wanted: &[u8]| known.split(|byte| *byte == b';').find(|entry| *entry == wanted);
    find(name).or_else(|| find(base))
}

/// Thousandths after `q=`, 1000 if that is not what is there; and what follows.
fn weight(parameters: &[u8]) -> (u32, &[u8]) {
    let step = |text: &'_ [u8], expected: u8| -> Option<usize> {
        let skipped = text.len() - text.trim_ascii_start().len();
        (text.get(skipped) == Some(&expected)).then_some(skipped + 1)
    };
    let Some(name) = step(parameters, b'q') else { return (1000, parameters) };
    let Some(sign) = step(&parameters[name..], b'=') else { return (1000, parameters) };
    quality(parameters[name + sign..].trim_ascii_start())
}

fn quality(text: &[u8]) -> (u32, &[u8]) {
    let Some(first) = text.first().filter(|digit| digit.is_ascii_digit()) else {
        return (1000, text);
    };
    let mut value = u32::from(first - b'0') * 1000;
    // Whatever stands where the point is expected is passed over.
    let digits = text.get(2..).unwrap_or_default();
    let count = digits.iter().take(3).take_while(|digit| digit.is_ascii_digit()).count();
    for (digit, unit) in digits[..count].iter().zip([100, 10, 1]) {
        value += u32::from(digit - b'0') * unit;
    }
    (value, &digits[count..])
}
