//! Header fields of requests and responses (manual, section 7.3.6).

use std::net::IpAddr;
use std::ops::ControlFlow;

use super::{Fetch, Layer, Run};
use crate::exchange::{Message, Stream};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

/// The fetches of one message: what gives the message, and their names.
macro_rules! fields {
    (@each $name:literal, $type:ident, $layer:ident, $what:literal, $message:ident, $lines:expr, $make:expr) => {
        Fetch::new(
            $name,
            Type::$type,
            Layer::$layer,
            $what,
            Run::Each {
                each: |stream, args, visit| {
                    each($message(stream), args, $lines, &mut |text| {
                        let make: fn(&[u8]) -> Option<Value<'_>> = $make;
                        make(text).map_or(ControlFlow::Continue(()), &mut *visit)
                    })
                },
                last: |stream, args| {
                    let make: fn(&[u8]) -> Option<Value<'_>> = $make;
                    make(occurrence($message(stream)?, args, $lines)?)
                },
            },
        )
        .with(&[], &[Shape::Text, Shape::Int])
        .checked(check)
    };
    (@count $name:literal, $layer:ident, $what:literal, $message:ident, $lines:expr) => {
        Fetch::one($name, Type::Int, Layer::$layer, $what, |stream, args| {
            let count = texts($message(stream)?, args.text(0), $lines).count();
            Some(Value::Int(count as i64))
        })
        .with(&[], &[Shape::Text])
    };
    (@hdr $name:literal, $layer:ident, $message:ident) => {
        fields!(@each $name, Str, $layer, "Each value of a field, split at commas.", $message, false,
            |text| Some(Value::str(text)))
    };
    (@ip $name:literal, $layer:ident, $message:ident) => {
        fields!(@each $name, Addr, $layer, "Each value of a field as an address.", $message, false, address)
    };
    (@val $name:literal, $layer:ident, $message:ident) => {
        fields!(@each $name, Int, $layer, "Each value of a field as an integer.", $message, false,
            |text| Some(Value::Int(number(text))))
    };
    (@cnt $name:literal, $layer:ident, $message:ident) => {
        fields!(@count $name, $layer, "How many values a field has.", $message, false)
    };
    (@fhdr $name:literal, $layer:ident, $message:ident) => {
        fields!(@each $name, Str, $layer, "Each field of a name as a whole line.", $message, true,
            |text| Some(Value::str(text)))
    };
    (@fcnt $name:literal, $layer:ident, $message:ident) => {
        fields!(@count $name, $layer, "How many fields of a name there are.", $message, true)
    };
    (@names $name:literal, $layer:ident, $message:ident) => {
        Fetch::one($name, Type::Str, Layer::$layer, "The names of all fields.", |stream, args| {
            let delimiter = if args.get(0).is_some() { args.text(0) } else { b"," };
            let names = $message(stream)?.fields().map(|(name, _)| name.to_ascii_lowercase());
            Some(Value::owned(names.collect::<Vec<_>>().join(delimiter)))
        })
        .with(&[], &[Shape::Text])
    };
    (@hdrs $name:literal, $layer:ident, $message:ident) => {
        Fetch::one($name, Type::Bin, Layer::$layer, "All fields, as in a head.", |stream, _| {
            let mut head = Vec::new();
            for (name, value) in $message(stream)?.fields() {
                head.extend(name.iter().map(u8::to_ascii_lowercase));
                head.extend_from_slice(b": ");
                head.extend_from_slice(value);
                head.extend_from_slice(b"\r\n");
            }
            head.extend_from_slice(b"\r\n");
            Some(Value::Bin(head.into()))
        })
    };
}

pub(super) const KEYWORDS: &[Fetch] = &[
    fields!(@hdr "hdr", Message, current),
    fields!(@cnt "hdr_cnt", Request, request),
    fields!(@ip "hdr_ip", Request, request),
    fields!(@val "hdr_val", Request, request),
    fields!(@hdr "req.hdr", Request, request),
    fields!(@cnt "req.hdr_cnt", Request, request),
    fields!(@ip "req.hdr_ip", Request, request),
    fields!(@val "req.hdr_val", Request, request),
    fields!(@fhdr "req.fhdr", Request, request),
    fields!(@fcnt "req.fhdr_cnt", Request, request),
    fields!(@names "req.hdr_names", Request, request),
    fields!(@hdrs "req.hdrs", Request, request),
    fields!(@hdr "res.hdr", Response, response),
    fields!(@cnt "res.hdr_cnt", Response, response),
    fields!(@ip "res.hdr_ip", Response, response),
    fields!(@val "res.hdr_val", Response, response),
    fields!(@fhdr "res.fhdr", Response, response),
    fields!(@fcnt "res.fhdr_cnt", Response, response),
    fields!(@names "res.hdr_names", Response, response),
    fields!(@hdrs "res.hdrs", Response, response),
    fields!(@hdr "shdr", Response, response),
    fields!(@cnt "shdr_cnt", Response, response),
    fields!(@ip "shdr_ip", Response, response),
    fields!(@val "shdr_val", Response, response),
];

pub(super) fn request<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    stream.request.is_present().then_some(&stream.request)
}

pub(super) fn response<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    stream.response.is_present().then_some(&stream.response)
}

/// The message that rules work on: the response once there is one.
pub(super) fn current<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    response(stream).or_else(|| request(stream))
}

/// The values of the fields with this name, of all fields without one; whole or at their commas.
fn texts<'a>(message: &'a Message, name: &'a [u8], whole: bool) -> impl Iterator<Item = &'a [u8]> {
    message
        .fields()
        .filter(move |(other, _)| name.is_empty() || other.eq_ignore_ascii_case(name))
        .flat_map(move |(_, value)| {
            let (lines, parts) =
                if whole { (Some(value), None) } else { (None, Some(items(value))) };
            lines.into_iter().chain(parts.into_iter().flatten())
        })
}

fn each<'a>(
    message: Option<&'a Message>,
    args: &'a Args,
    whole: bool,
    visit: &mut dyn FnMut(&'a [u8]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Some(message) = message else { return ControlFlow::Continue(()) };
    if args.int(1).is_some_and(|n| n != 0) {
        return occurrence(message, args, whole).map_or(ControlFlow::Continue(()), visit);
    }
    texts(message, args.text(0), whole).try_for_each(visit)
}

/// The n-th value: 1 is the first, -1 the last, which is also the default.
fn occurrence<'a>(message: &'a Message, args: &'a Args, whole: bool) -> Option<&'a [u8]> {
    let mut values = texts(message, args.text(0), whole);
    match args.int(1).unwrap_or(-1) {
        0 | -1 => values.last(),
        n @ 1.. => values.nth(usize::try_from(n - 1).ok()?),
        n => {
            let all: Vec<_> = values.collect();
            all.len().checked_sub(usize::try_from(n.unsigned_abs()).ok()?).map(|at| all[at])
        }
    }
}

/// HAProxy looks back ten occurrences at most.
fn check(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.get(1) {
        Some(Arg::Int(..-10)) => Err("header occurrence must be >= -10".to_owned()),
        _ => Ok(()),
    }
}

/// An address; one of IPv4 perhaps with a port behind it, or with zeros before its numbers.
fn address(text: &[u8]) -> Option<Value<'_>> {
    let text = std::str::from_utf8(text).ok()?;
    let loose = || {
        let host = match text.split_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => text,
        };
        let mut parts = host.split('.').map(|part| part.parse::<u8>().ok());
        let ip = [parts.next()??, parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(IpAddr::from(ip))
    };
    text.parse().ok().or_else(loose).map(Value::Ip)
}

/// The integer that a text begins with. As in the reference, whatever sorts before the digits
/// counts as one of a negative value, and what overflows wraps.
pub(super) fn number(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let value = digits
        .iter()
        .map(|&byte| i64::from(byte.cast_signed()) - i64::from(b'0'))
        .take_while(|digit| *digit <= 9)
        .fold(0i64, |value, digit| value.wrapping_mul(10).wrapping_add(digit));
    if negative { value.wrapping_neg() } else { value }
}

/// The comma-separated items of a field's value; commas in quotes do not count.
fn items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = comma(text);
        rest = end.map(|at| &text[at + 1..]);
        Some(text[..end.unwrap_or(text.len())].trim_ascii())
    })
}

fn comma(text: &[u8]) -> Option<usize> {
    if memchr::memchr(b'"', text).is_none() {
        return memchr::memchr(b',', text);
    }
    let (mut quoted, mut escaped) = (false, false);
    text.iter().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return true,
            _ => {}
        }
        false
    })
}
