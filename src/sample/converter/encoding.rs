//! Bytes written as text, and read back: base64, hexadecimal, decimal, binary.

use super::base64::{self, Alphabet};
use super::{Converter, hex};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new("base64", TEXT, "The bytes in base64.", "str(abc),base64", |value, _, _| {
        Some(Value::owned(base64::encode(&value.into_binary(), Alphabet::Standard)))
    }),
    Converter::new(
        "ub64enc",
        TEXT,
        "The bytes in the base64 of URLs, without padding.",
        "str(abc),ub64enc",
        |value, _, _| Some(Value::owned(base64::encode(&value.into_binary(), Alphabet::Url))),
    ),
    Converter::new("b64dec", BYTES, "The bytes from base64.", "str(YWJj),b64dec", |value, _, _| {
        base64::decode(&value.into_bytes()).map(binary)
    }),
    Converter::new(
        "ub64dec",
        BYTES,
        "The bytes from the base64 of URLs.",
        "str(YWJj),ub64dec",
        |value, _, _| base64::decode_url(&value.into_bytes()).map(binary),
    ),
    Converter::new("hex", TEXT, "Two digits for each byte.", "str(abc),hex", |value, _, _| {
        let bytes = value.into_binary();
        let mut out = Vec::with_capacity(2 * bytes.len());
        hex::write(&bytes, &mut out);
        Some(Value::owned(out))
    }),
    Converter::new(
        "hex2i",
        (Type::Str, Type::Int),
        "The integer that the hexadecimal digits say.",
        "str(ff),hex2i",
        |value, _, _| {
            value
                .into_bytes()
                .iter()
                .try_fold(0i64, |number, byte| {
                    Some(number.wrapping_shl(4) | i64::from(hex::value(*byte)?))
                })
                .map(Value::Int)
        },
    ),
    Converter::new("base2", TEXT, "Eight digits for each byte.", "str(a),base2", |value, _, _| {
        let bytes = value.into_binary();
        let digits =
            bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| b'0' + (byte >> at & 1)));
        Some(Value::owned(digits.collect()))
    }),
    Converter::new(
        "be2hex",
        TEXT,
        "Two digits for each byte, with a separator after each chunk of bytes.",
        "str(abcd),be2hex(:,2)",
        |value, args, _| {
            let bytes = value.into_binary();
            let size = args.int(1).map_or(bytes.len(), |size| size as usize);
            Some(Value::owned(chunks(&bytes, args, size, hex::write)))
        },
    )
    .takes(&[], &[Shape::Text, Shape::Int, Shape::Int])
    .checked(hex_checked),
    Converter::new(
        "be2dec",
        TEXT,
        "The big-endian number of each chunk of bytes, with a separator between them.",
        "str(ab),be2dec(.,1)",
        |value, args, _| Some(decimal(&value, args, |number, byte| number << 8 | u64::from(byte))),
    )
    .takes(&[Shape::Text], &[Shape::Int, Shape::Int])
    .checked(decimal_checked),
    Converter::new(
        "le2dec",
        TEXT,
        "The little-endian number of each chunk of bytes, with a separator between them.",
        "str(ab),le2dec(.,1)",
        |value, args, _| {
            let bytes = value.into_binary();
            let size = args.int(1).unwrap_or(1) as usize;
            Some(Value::owned(chunks(&bytes, args, size, |chunk, out| {
                let number =
                    chunk.iter().rfold(0u64, |number, byte| number << 8 | u64::from(*byte));
                out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            })))
        },
    )
    .takes(&[Shape::Text], &[Shape::Int, Shape::Int])
    .checked(decimal_checked),
    Converter::new(
        "htonl",
        (Type::Int, Type::Bin),
        "The lower 32 bits as four bytes in network order.",
        "int(1),htonl",
        |value, _, _| Some(binary((value.as_int()? as u32).to_be_bytes().to_vec())),
    ),
];

fn binary(bytes: Vec<u8>) -> Value<'static> {
    Value::Bin(bytes.into())
}

fn decimal(value: &Value<'_>, args: &Args, digit: impl Fn(u64, u8) -> u64) -> Value<'static> {
    let bytes = value.clone().into_binary();
    let size = args.int(1).unwrap_or(1) as usize;
    Value::owned(chunks(&bytes, args, size, |chunk, out| {
        let number = chunk.iter().fold(0, |number, byte| digit(number, *byte));
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }))
}

/// Writes chunks of `size` bytes with the separator between them; a shorter one at the end unless
/// the third argument cuts it.
fn chunks(bytes: &[u8], args: &Args, size: usize, write: impl Fn(&[u8], &mut Vec<u8>)) -> Vec<u8> {
    let size = size.max(1);
    let cut = args.int(2).is_some_and(|cut| cut != 0);
    let mut out = Vec::with_capacity(2 * bytes.len());
    for chunk in bytes.chunks(size) {
        if cut && chunk.len() < size {
            break;
        }
        if !out.is_empty() {
            out.extend_from_slice(args.text(0));
        }
        write(chunk, &mut out);
    }
    out
}

fn hex_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let separated = matches!(args.first(), Some(Arg::Text(text)) if !text.is_empty());
    match args.get(1) {
        None if separated => Err("chunk_size needs to be positive (0)".into()),
        Some(Arg::Int(size)) if *size <= 0 => {
            Err(format!("chunk_size needs to be positive ({size})"))
        }
        _ => truncation_checked(args),
    }
}

fn decimal_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.get(1) {
        Some(Arg::Int(1..=8)) => truncation_checked(args),
        Some(Arg::Int(size)) => Err(format!("chunk_size out of [1..8] range ({size})")),
        _ => Err("chunk_size out of [1..8] range (0)".into()),
    }
}

fn truncation_checked(args: &[Arg]) -> Result<(), String> {
    match args.get(2) {
        None | Some(Arg::Int(0 | 1)) => Ok(()),
        Some(Arg::Int(other)) => Err(format!("Unsupported truncate value ({other})")),
        Some(_) => Ok(()),
    }
}

const TEXT: (Type, Type) = (Type::Bin, Type::Str);
const BYTES: (Type, Type) = (Type::Str, Type::Bin);
