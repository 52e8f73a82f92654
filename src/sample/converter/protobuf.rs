//! Fields of protocol buffers, alone or in gRPC messages.

use std::borrow::Cow;
use std::ops::Range;

use super::{Converter, part};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "protobuf",
        (Type::Bin, Type::Bin),
        "A field of a protocol buffer, by numbers with dots; as an integer of a type if given.",
        "str(abc),protobuf(1.2,int32)",
        |value, args, _| {
            let bytes = value.into_binary();
            let whole = 0..bytes.len();
            field(bytes, whole, args)
        },
    )
    .takes(&[Shape::Text], &[Shape::Text])
    .checked(check),
    Converter::new(
        "ungrpc",
        (Type::Bin, Type::Bin),
        "A field of the protocol buffer in a gRPC message.",
        "req.body,ungrpc(1.2,int32)",
        |value, args, _| ungrpc(value.into_binary(), args),
    )
    .takes(&[Shape::Text], &[Shape::Text])
    .checked(check),
];

/// How a field's bytes are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Varint,
    /// The lower half.
    Varint32,
    /// Alternating signs.
    ZigZag64,
    Fixed32,
    Signed32,
    Float,
    Fixed64,
    Double,
}

/// The forms in which fields are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wire {
    Varint,
    Fixed64,
    Delimited,
    Fixed32,
}

/// The first message that has the field, one after the other.
fn ungrpc<'a>(bytes: Cow<'a, [u8]>, args: &Args) -> Option<Value<'a>> {
    let mut start = 0;
    loop {
        let data = start + HEADER;
        let length = bytes.get(start + 1..data)?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        let end = data.checked_add(length).filter(|end| *end <= bytes.len())?;
        if let Some(value) = field(bytes.clone(), data..end, args) {
            return Some(value);
        }
        start = end;
    }
}

fn field<'a>(bytes: Cow<'a, [u8]>, message: Range<usize>, args: &Args) -> Option<Value<'a>> {
    let Some(Arg::Numbers(path)) = args.get(0) else { return None };
    let (last, parents) = path.split_last()?;
    let mut message = message;
    for number in parents {
        let (wire, range) = find(&bytes, message, *number)?;
        if wire != Wire::Delimited {
            return None;
        }
        message = range;
    }
    let (wire, range) = find(&bytes, message, *last)?;
    match args.get(1) {
        Some(Arg::Choice(at)) => read(TYPES[usize::from(*at)].1, wire, &bytes[range]),
        _ => Some(Value::Bin(part(bytes, range))),
    }
}

/// Form and place of the first field with this number.
fn find(bytes: &[u8], message: Range<usize>, number: u64) -> Option<(Wire, Range<usize>)> {
    let end = message.end;
    let mut at = message.start;
    while at < end {
        let (key, length) = varint(&bytes[at..end])?;
        at += length;
        let rest = &bytes[at..end];
        let (wire, skipped, length) = match key & 7 {
            0 => (Wire::Varint, 0, varint(rest)?.1),
            1 => (Wire::Fixed64, 0, 8),
            2 => {
                let (length, skipped) = varint(rest)?;
                (Wire::Delimited, skipped, usize::try_from(length).ok()?)
            }
            5 => (Wire::Fixed32, 0, 4),
            _ => return None,
        };
        let start = at + skipped;
        let stop = start.checked_add(length).filter(|stop| *stop <= end)?;
        if key >> 3 == number {
            return Some((wire, start..stop));
        }
        at = stop;
    }
    None
}

fn read(reading: Reading, wire: Wire, bytes: &[u8]) -> Option<Value<'static>> {
    let number = match wire {
        Wire::Varint => varint(bytes)?.0,
        Wire::Fixed64 => u64::from_le_bytes(bytes.try_into().ok()?),
        Wire::Fixed32 => u32::from_le_bytes(bytes.try_into().ok()?).into(),
        Wire::Delimited => return None,
    };
    let value = match (reading, wire) {
        (Reading::Varint, Wire::Varint) | (Reading::Fixed64, Wire::Fixed64) => number as i64,
        (Reading::Varint32, Wire::Varint) | (Reading::Signed32, Wire::Fixed32) => {
            i64::from(number as i32)
        }
        (Reading::Fixed32, Wire::Fixed32) => i64::from(number as u32),
        (Reading::ZigZag64, Wire::Varint) => (number >> 1) as i64 ^ -((number & 1) as i64),
        (Reading::Float, Wire::Fixed32) => f32::from_bits(number as u32) as i64,
        (Reading::Double, Wire::Fixed64) => f64::from_bits(number) as i64,
        _ => return None,
    };
    Some(Value::Int(value))
}

/// The number that a text begins with, and the number of its bytes.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 127) << (7 * at);
        if byte & 128 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    if let Some(Arg::Text(text)) = args.first() {
        let text = String::from_utf8_lossy(text).into_owned();
        let numbers: Result<Box<[u64]>, _> = text.split('.').map(str::parse).collect();
        args[0] = Arg::Numbers(numbers.map_err(|_| {
            format!("failed to parse '{text}' as type 'Protocol buffers field number'")
        })?);
    }
    if let Some(Arg::Text(text)) = args.get(1) {
        let name = String::from_utf8_lossy(text);
        let at = TYPES.iter().position(|(known, _)| *known == name);
        let at = at.ok_or_else(|| format!("Wrong protocol buffer type '{name}'"))?;
        args[1] = Arg::Choice(at as u8);
    }
    Ok(())
}

const TYPES: &[(&str, Reading)] = &[
    ("int32", Reading::Varint32),
    ("int64", Reading::Varint),
    ("uint32", Reading::Varint),
    ("uint64", Reading::Varint),
    ("sint32", Reading::ZigZag64),
    ("sint64", Reading::ZigZag64),
    ("bool", Reading::Varint),
    ("enum", Reading::Varint32),
    ("fixed32", Reading::Fixed32),
    ("sfixed32", Reading::Signed32),
    ("float", Reading::Float),
    ("fixed64", Reading::Fixed64),
    ("sfixed64", Reading::Fixed64),
    ("double", Reading::Double),
];

/// A flag for compression and the length.
const HEADER: usize = 5;
