//! Escaping for JSON strings.

use super::{Converter, hex};
use crate::sample::args::{Arg, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[Converter::new(
    "json",
    (Type::Str, Type::Str),
    "The string escaped for JSON, read as ascii, utf8, utf8s, utf8p or utf8ps.",
    "str(a),json(utf8s)",
    |value, args, _| {
        let bytes = value.into_bytes();
        escape(&bytes, Input::of(args.text(0))?).map(Value::owned)
    },
)
.takes(&[Shape::Text], &[])
.checked(check)];

/// How the string is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Input {
    /// Each byte is a character.
    Ascii,
    Utf8 {
        /// Characters in more bytes than needed are read.
        permissive: bool,
        /// What cannot be read is left out.
        silent: bool,
    },
}

impl Input {
    fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"" | b"ascii" => Self::Ascii,
            b"utf8" => Self::Utf8 { permissive: false, silent: false },
            b"utf8s" => Self::Utf8 { permissive: false, silent: true },
            b"utf8p" => Self::Utf8 { permissive: true, silent: false },
            b"utf8ps" => Self::Utf8 { permissive: true, silent: true },
            _ => return None,
        })
    }
}

fn escape(bytes: &[u8], input: Input) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        let (character, length) = match input {
            Input::Ascii => (Some(u32::from(*first)), 1),
            Input::Utf8 { permissive, .. } => decode(rest, permissive),
        };
        rest = &rest[length..];
        match (character, input) {
            (Some(character @ 0..=0xffff), _) => write(character as u16, &mut out),
            (_, Input::Utf8 { silent: true, .. }) => {}
            _ => return None,
        }
    }
    Some(out)
}

/// The first character, `None` if it is wrong, and the number of its bytes.
fn decode(bytes: &[u8], permissive: bool) -> (Option<u32>, usize) {
    let first = bytes[0];
    let (more, least) = match first.leading_ones() {
        0 => return (Some(first.into()), 1),
        2 => (1, 0x80),
        3 => (2, 0x800),
        4 => (3, 0x1_0000),
        5 => (4, 0x20_0000),
        6 => (5, 0x400_0000),
        _ => return (None, 1),
    };
    let mut character = u32::from(first) & (0x3f >> more);
    for at in 1..=more {
        match bytes.get(at) {
            Some(byte) if byte & 0xc0 == 0x80 => {
                character = character << 6 | u32::from(byte & 0x3f)
            }
            _ => return (None, at),
        }
    }
    let forbidden = matches!(character, 0xd800..=0xdfff | 0xfffe..=0xffff);
    let overlong = character < least && !permissive;
    ((!forbidden && !overlong).then_some(character), more + 1)
}

fn write(character: u16, out: &mut Vec<u8>) {
    let short = match character {
        0x08 => b'b',
        0x09 => b't',
        0x0a => b'n',
        0x0c => b'f',
        0x0d => b'r',
        0x22 => b'"',
        0x2f => b'/',
        0x5c => b'\\',
        0x20..=0x7e => return out.push(character as u8),
        _ => {
            out.extend_from_slice(b"\\u");
            out.extend((0..4).rev().map(|at| hex::lower_digit((character >> (4 * at)) as u8)));
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.first() {
        Some(Arg::Text(text)) if Input::of(text).is_none() => Err(UNKNOWN.into()),
        _ => Ok(()),
    }
}

const UNKNOWN: &str = "Unexpected input code type. Allowed value are 'ascii', 'utf8', 'utf8s', \
                       'utf8p' and 'utf8ps'";
