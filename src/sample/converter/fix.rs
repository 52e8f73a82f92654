//! Messages of the Financial Information eXchange protocol.

use std::ops::Range;

use super::{Converter, part};
use crate::sample::args::{Arg, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "fix_is_valid",
        (Type::Bin, Type::Bool),
        "Whether a FIX message is well-formed; not found while it is incomplete.",
        "req.payload(0,0),fix_is_valid",
        |value, _, _| match validity(&value.into_binary()) {
            Validity::Valid => Some(Value::Bool(true)),
            Validity::Wrong => Some(Value::Bool(false)),
            Validity::Incomplete => None,
        },
    ),
    Converter::new(
        "fix_tag_value",
        (Type::Bin, Type::Bin),
        "The value of a tag of a FIX message, by its number or name.",
        "req.payload(0,0),fix_tag_value(MsgType)",
        |value, args, _| {
            let bytes = value.into_binary();
            let wanted = args.int(0)?;
            let mut at = 0;
            loop {
                let Field::Complete { tag, value, next } = field(&bytes, at) else { return None };
                if i64::from(tag) == wanted {
                    return (!value.is_empty()).then(|| Value::Bin(part(bytes, value)));
                }
                at = next;
            }
        },
    )
    .takes(&[Shape::Text], &[])
    .checked(check),
];

enum Validity {
    Valid,
    Wrong,
    Incomplete,
}

enum Field {
    Complete { tag: u32, value: Range<usize>, next: usize },
    Wrong,
    Incomplete,
}

/// The field `tag=value` that begins at `at`.
fn field(bytes: &[u8], at: usize) -> Field {
    let rest = &bytes[at..];
    let Some(equals) = memchr::memchr(b'=', rest) else { return Field::Incomplete };
    let Some(tag) = number(&rest[..equals]).filter(|tag| *tag > 0) else { return Field::Wrong };
    let Some(length) = memchr::memchr(SEPARATOR, &rest[equals..]) else { return Field::Incomplete };
    let end = at + equals + length;
    Field::Complete { tag, value: at + equals + 1..end, next: end + 1 }
}

fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(std::str::from_utf8(text).ok()?.parse().unwrap_or(u32::MAX))
}

fn validity(bytes: &[u8]) -> Validity {
    if bytes.len() < SHORTEST {
        return Validity::Incomplete;
    }
    let mut at = 0;
    let mut body = 0..0;
    for position in 0.. {
        let start = at;
        let (tag, value) = match field(bytes, at) {
            Field::Complete { tag, value, next } => {
                at = next;
                (tag, &bytes[value])
            }
            Field::Wrong => return Validity::Wrong,
            Field::Incomplete => return Validity::Incomplete,
        };
        let right = match (position, tag) {
            (0, BEGIN_STRING) => VERSIONS.contains(&value),
            (1, BODY_LENGTH) => match number(value) {
                Some(length) => {
                    body = at..at.saturating_add(length as usize);
                    true
                }
                None => false,
            },
            (2, MESSAGE_TYPE) => true,
            (0..=2, _) => false,
            (_, CHECKSUM) => {
                let right = start == body.end && number(value) == Some(sum(&bytes[..start]));
                return if right { Validity::Valid } else { Validity::Wrong };
            }
            _ => tag < u32::MAX && at <= body.end,
        };
        if !right {
            return Validity::Wrong;
        }
    }
    Validity::Wrong
}

/// All bytes, modulo 256.
fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)).into()
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let Some(Arg::Text(text)) = args.first() else { return Ok(()) };
    let name = String::from_utf8_lossy(text);
    let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, tag)| *tag);
    let tag = known.or_else(|| number(text).filter(|tag| *tag > 0));
    let tag = tag.ok_or_else(|| format!("Unknown FIX tag name '{name}'"))?;
    args[0] = Arg::Int(tag.into());
    Ok(())
}

const SEPARATOR: u8 = 1;

/// `8=FIX.4.4|9=0|35=A|10=000|`.
const SHORTEST: usize = 26;

const BEGIN_STRING: u32 = 8;
const BODY_LENGTH: u32 = 9;
const CHECKSUM: u32 = 10;
const MESSAGE_TYPE: u32 = 35;

const NAMES: &[(&str, u32)] = &[
    ("BeginString", BEGIN_STRING),
    ("BodyLength", BODY_LENGTH),
    ("MsgType", MESSAGE_TYPE),
    ("SenderCompID", 49),
    ("TargetCompID", 56),
    ("CheckSum", CHECKSUM),
];

const VERSIONS: &[&[u8]] =
    &[b"FIX.4.0", b"FIX.4.1", b"FIX.4.2", b"FIX.4.3", b"FIX.4.4", b"FIXT.1.1"];
