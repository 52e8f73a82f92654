//! The bytes that a client sends first, before anything is known of them (manual, section 7.3.5).

mod hello;

use super::{Fetch, Layer, Run};
use crate::exchange::Stream;
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

use hello::Parsed;

pub(super) const KEYWORDS: &[Fetch] = &[
    fetch("req.len", Type::Int, "Bytes that the client has sent so far.", |s, _| {
        if bytes(s)?.is_empty() && s.inspection.lacks() {
            return None;
        }
        Some(Value::Int(bytes(s)?.len() as i64))
    }),
    fetch("req_len", Type::Int, "Old name of 'req.len'.", |s, _| {
        if bytes(s)?.is_empty() && s.inspection.lacks() {
            return None;
        }
        Some(Value::Int(bytes(s)?.len() as i64))
    }),
    Fetch {
        required: &[Shape::Unsigned, Shape::Unsigned],
        example: "req.payload(0,4)",
        ..fetch(
            "req.payload",
            Type::Bin,
            "A part of what the client has sent; length 0 is all of it.",
            payload,
        )
    },
    Fetch {
        required: &[Shape::Unsigned, Shape::Unsigned],
        example: "payload(0,4)",
        ..fetch(
            "payload",
            Type::Bin,
            "A part of what the client has sent; length 0 is all of it.",
            payload,
        )
    },
    Fetch {
        required: &[Shape::Unsigned, Shape::Unsigned],
        optional: &[Shape::Text],
        example: "req.payload_lv(43,1)",
        ..fetch("req.payload_lv", Type::Bin, "A part whose length stands before it.", payload_lv)
    },
    Fetch {
        required: &[Shape::Unsigned, Shape::Unsigned],
        optional: &[Shape::Text],
        example: "payload_lv(43,1)",
        ..fetch("payload_lv", Type::Bin, "A part whose length stands before it.", payload_lv)
    },
    fetch(
        "req.ssl_hello_type",
        Type::Int,
        "1 where the client has sent a TLS client hello.",
        |s, _| read(s, |hello| Some(Value::Int(hello.kind.into()))),
    ),
    fetch("req_ssl_hello_type", Type::Int, "Old name of 'req.ssl_hello_type'.", |s, _| {
        read(s, |hello| Some(Value::Int(hello.kind.into())))
    }),
    fetch("req.ssl_sni", Type::Str, "The server's name in a TLS client hello.", |s, _| {
        read(s, |hello| hello.server_name.map(Value::str))
    }),
    fetch("req_ssl_sni", Type::Str, "Old name of 'req.ssl_sni'.", |s, _| {
        read(s, |hello| hello.server_name.map(Value::str))
    }),
    fetch(
        "req.ssl_ver",
        Type::Int,
        "The version in a TLS client hello, as 16 bits each.",
        |s, _| read(s, |hello| Some(version(hello.version))),
    ),
    fetch("req_ssl_ver", Type::Int, "Old name of 'req.ssl_ver'.", |s, _| {
        read(s, |hello| Some(version(hello.version)))
    }),
    fetch(
        "req.ssl_alpn",
        Type::Str,
        "The first protocol that a TLS client hello offers.",
        |s, _| read(s, |hello| hello.alpn.map(Value::str)),
    ),
    Fetch {
        layer: Layer::Internal,
        ..fetch("wait_end", Type::Bool, "True when nothing more is waited for.", |s, _| {
            if s.inspection.lacks() { None } else { Some(Value::Bool(true)) }
        })
    },
];

const fn fetch(
    name: &'static str,
    output: Type,
    documentation: &'static str,
    run: for<'a> fn(&'a Stream<'_>, &'a Args) -> Option<Value<'a>>,
) -> Fetch {
    Fetch {
        name,
        required: &[],
        optional: &[],
        check: None,
        output,
        layer: Layer::Client,
        documentation,
        example: "",
        run: Run::One(run),
    }
}

/// What has come; nothing once it was read as a request.
fn bytes<'a>(stream: &'a Stream<'_>) -> Option<&'a [u8]> {
    (!stream.request.is_present()).then(|| stream.request.buffer.filled())
}

fn payload<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    let bytes = bytes(stream)?;
    let offset = usize::try_from(args.int(0)?).ok()?;
    let length = usize::try_from(args.int(1)?).ok()?;
    let part = match length {
        // All that there is, when no more is to come.
        0 if bytes.len() > offset && !stream.inspection.lacks() => bytes.get(offset..),
        0 => None,
        length => bytes.get(offset..offset.checked_add(length)?),
    };
    match part {
        Some(part) => Some(Value::Bin(part.into())),
        None => {
            stream.inspection.lacks();
            None
        }
    }
}

/// `payload_lv(<offset of the length>,<its size>[,<offset of the part>])`.
fn payload_lv<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    let bytes = bytes(stream)?;
    let offset = usize::try_from(args.int(0)?).ok()?;
    let size = usize::try_from(args.int(1)?).ok().filter(|size| (1..=8).contains(size))?;
    let end = offset.checked_add(size)?;
    let Some(length) = bytes.get(offset..end) else {
        stream.inspection.lacks();
        return None;
    };
    let length = length.iter().fold(0u64, |all, byte| all << 8 | u64::from(*byte));
    let length = usize::try_from(length).ok()?;
    let begin = match std::str::from_utf8(args.text(2)).ok()? {
        "" => end,
        text if text.starts_with(['+', '-']) => end.checked_add_signed(text.parse().ok()?)?,
        text => text.parse().ok()?,
    };
    match bytes.get(begin..begin.checked_add(length)?) {
        Some(part) => Some(Value::Bin(part.into())),
        None => {
            stream.inspection.lacks();
            None
        }
    }
}

/// Reads a TLS client hello.
fn read<'a>(
    stream: &'a Stream<'_>,
    of: impl Fn(hello::Hello<'a>) -> Option<Value<'a>>,
) -> Option<Value<'a>> {
    match hello::parse(bytes(stream)?) {
        Parsed::Complete(hello) => of(hello),
        Parsed::Partial => {
            stream.inspection.lacks();
            None
        }
        Parsed::Other => None,
    }
}

fn version<'a>((major, minor): (u8, u8)) -> Value<'a> {
    Value::Int(i64::from(major) << 16 | i64::from(minor))
}
