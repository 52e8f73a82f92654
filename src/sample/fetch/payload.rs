//! Bytes of the client that are looked at before anything is sent (manual, section 7.3.5).

use std::borrow::Cow;

use super::hello::{ELLIPTIC_CURVES, Hello, Look, SESSION_TICKET, hello_type};
use super::{Fetch, Layer};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

macro_rules! hello {
    ($name:literal, $type:ident, $what:literal, $run:expr) => {
        Fetch::one($name, Type::$type, Layer::RequestBuffer, $what, |stream, _| {
            let run: for<'a> fn(Hello<'a>) -> Option<Value<'a>> = $run;
            run(looked(stream, Hello::parse(buffered(stream)))?)
        })
    };
}

macro_rules! bytes {
    ($name:literal, $layer:ident) => {
        Fetch::one($name, Type::Bin, Layer::$layer, "Bytes at an offset; 0 is all that follow.", at)
            .with(&[Shape::Int, Shape::Int], &[])
            .example(concat!($name, "(0,4)"))
    };
    ($name:literal, $layer:ident, lv) => {
        Fetch::one(
            $name,
            Type::Bin,
            Layer::$layer,
            "Bytes with their length before them.",
            with_length,
        )
        .with(&[Shape::Int, Shape::Int], &[Shape::Text])
        .checked(check_length)
        .example(concat!($name, "(0,2)"))
    };
}

macro_rules! rdp {
    (value $name:literal) => {
        Fetch::one($name, Type::Str, Layer::RequestBuffer, RDP, |stream, args| {
            rdp_cookie(buffered(stream), args.text(0)).map(Value::str)
        })
        .with(&[], &[Shape::Text])
    };
    (count $name:literal) => {
        Fetch::one($name, Type::Int, Layer::RequestBuffer, RDP_COUNT, |stream, args| {
            let found = rdp_cookie(buffered(stream), args.text(0)).is_some();
            Some(Value::Int(found.into()))
        })
        .with(&[], &[Shape::Text])
    };
}

pub(super) const KEYWORDS: &[Fetch] = &[
    bytes!("payload", Buffer),
    bytes!("req.payload", RequestBuffer),
    bytes!("payload_lv", Buffer, lv),
    bytes!("req.payload_lv", RequestBuffer, lv),
    Fetch::one("req.len", Type::Int, Layer::RequestBuffer, LENGTH, length),
    Fetch::one("req_len", Type::Int, Layer::RequestBuffer, LENGTH, length),
    Fetch::one("req.ssl_hello_type", Type::Int, Layer::RequestBuffer, HELLO, kind),
    Fetch::one("req_ssl_hello_type", Type::Int, Layer::RequestBuffer, HELLO, kind),
    hello!("req.ssl_sni", Str, "The server's name in a ClientHello.", |hello| {
        hello.server_name().map(Value::str)
    }),
    hello!("req_ssl_sni", Str, "The server's name in a ClientHello.", |hello| {
        hello.server_name().map(Value::str)
    }),
    hello!("req.ssl_alpn", Str, "The protocols that a ClientHello offers.", |hello| {
        hello.protocols().map(Value::owned)
    }),
    hello!("req.ssl_ver", Int, "The version in a ClientHello: major * 65536 + minor.", version),
    hello!("req_ssl_ver", Int, "The version in a ClientHello: major * 65536 + minor.", version),
    hello!("req.ssl_ec_ext", Bool, "Whether a ClientHello names elliptic curves.", |hello| {
        Some(Value::Bool(hello.extension(ELLIPTIC_CURVES).is_some()))
    }),
    hello!(
        "req.ssl_st_ext",
        Int,
        "Session ticket in a ClientHello: 0 not offered, 1 empty, 2 there.",
        |hello| {
            Some(Value::Int(match hello.extension(SESSION_TICKET) {
                None => 0,
                Some([]) => 1,
                Some(_) => 2,
            }))
        }
    ),
    Fetch::one(
        "wait_end",
        Type::Bool,
        Layer::State,
        "True once the inspection is over.",
        |stream, _| {
            let open = stream.inspection.open && stream.inspection.lacks();
            (!open).then_some(Value::Bool(true))
        },
    ),
    rdp!(value "rdp_cookie"),
    rdp!(count "rdp_cookie_cnt"),
    rdp!(value "req.rdp_cookie"),
    rdp!(count "req.rdp_cookie_cnt"),
];

const LENGTH: &str = "Bytes received and not sent yet.";
const HELLO: &str = "The type of the TLS handshake message: 1 is a ClientHello.";
const RDP: &str = "The value of an RDP cookie.";
const RDP_COUNT: &str = "How many RDP cookies there are: 0 or 1.";

fn buffered<'a>(stream: &'a Stream<'_>) -> &'a [u8] {
    stream.request.buffer.filled()
}

/// What was found; says that bytes are lacking if only they can tell.
fn looked<T>(stream: &Stream<'_>, look: Look<T>) -> Option<T> {
    match look {
        Look::Found(value) => Some(value),
        Look::Missing => None,
        Look::Partial => {
            stream.inspection.lacks();
            None
        }
    }
}

fn length<'a>(stream: &'a Stream<'_>, _: &'a Args) -> Option<Value<'a>> {
    Some(Value::Int(buffered(stream).len() as i64))
}

fn kind<'a>(stream: &'a Stream<'_>, _: &'a Args) -> Option<Value<'a>> {
    looked(stream, hello_type(buffered(stream))).map(|kind| Value::Int(kind.into()))
}

fn version(hello: Hello<'_>) -> Option<Value<'_>> {
    let (major, minor) = hello.version;
    Some(Value::Int(i64::from(major) << 16 | i64::from(minor)))
}

fn at<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    let offset = usize::try_from(args.int(0)?).ok()?;
    let length = usize::try_from(args.int(1)?).ok()?;
    slice(stream, offset, length).map(|bytes| Value::Bin(Cow::Borrowed(bytes)))
}

/// Bytes of the buffer; no length is all that follow.
fn slice<'a>(stream: &'a Stream<'_>, offset: usize, length: usize) -> Option<&'a [u8]> {
    let bytes = buffered(stream);
    let found = match length {
        0 => bytes.get(offset..).filter(|rest| !rest.is_empty()),
        _ => bytes.get(offset..offset.checked_add(length)?),
    };
    looked(stream, found.map_or(Look::Partial, Look::Found))
}

fn with_length<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    let offset = usize::try_from(args.int(0)?).ok()?;
    let size = usize::try_from(args.int(1)?).ok()?;
    let digits = slice(stream, offset, size)?;
    let length = digits.iter().try_fold(0usize, |length, &digit| {
        length.checked_mul(256)?.checked_add(usize::from(digit))
    })?;
    let after = offset + size;
    let text = args.text(2);
    let start = match (text.first(), args.get(2).and_then(number)) {
        (Some(b'+' | b'-'), Some(moved)) => usize::try_from(after as i64 + moved).ok()?,
        (_, Some(absolute)) => usize::try_from(absolute).ok()?,
        (_, None) => after,
    };
    if length == 0 {
        return None;
    }
    slice(stream, start, length).map(|bytes| Value::Bin(Cow::Borrowed(bytes)))
}

fn number(arg: &Arg) -> Option<i64> {
    match arg {
        Arg::Text(text) => std::str::from_utf8(text).ok()?.parse().ok(),
        _ => None,
    }
}

fn check_length(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    if matches!(args.first(), Some(Arg::Int(..0))) {
        return Err("payload offset1 must be positive".to_owned());
    }
    if !matches!(args.get(1), Some(Arg::Int(1..))) {
        return Err("payload length must be > 0".to_owned());
    }
    match args.get(2) {
        Some(offset) if number(offset).is_none() => {
            Err("payload offset2 is not a number".to_owned())
        }
        _ => Ok(()),
    }
}

/// The routing token in a connection request of RDP: `Cookie: name=value`, behind the headers of
/// TPKT and X.224.
fn rdp_cookie<'b>(bytes: &'b [u8], name: &[u8]) -> Option<&'b [u8]> {
    let rest = bytes.get(11..).filter(|_| bytes[0] == 3 && bytes[5] & 0xf0 == 0xe0)?;
    let (label, rest) = rest.split_at_checked(8)?;
    if !label.eq_ignore_ascii_case(b"Cookie: ") {
        return None;
    }
    let line = &rest[..memchr::memchr(b'\r', rest)?];
    let equals = memchr::memchr(b'=', line)?;
    let same = name.is_empty() || line[..equals].eq_ignore_ascii_case(name);
    same.then(|| &line[equals + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rdp_cookie_is_found_behind_its_headers() {
        let request = b"\x03\0\0\x2a\x25\xe0\0\0\0\0\0Cookie: mstshash=alice\r\n\x01\0";
        assert_eq!(rdp_cookie(request, b"MSTShash"), Some(&b"alice"[..]));
        assert_eq!(rdp_cookie(request, b""), Some(&b"alice"[..]));
        assert_eq!(rdp_cookie(request, b"other"), None);
        for end in 0..request.len() - 3 {
            assert_eq!(rdp_cookie(&request[..end], b"mstshash"), None);
        }
    }
}
