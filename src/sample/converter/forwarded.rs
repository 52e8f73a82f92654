//! The Forwarded header (RFC 7239): its fields and the nodes in them.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Converter;
use crate::sample::args::Shape;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "rfc7239_is_valid",
        (Type::Str, Type::Bool),
        "Whether a Forwarded header is well-formed.",
        "req.fhdr(forwarded),rfc7239_is_valid",
        |value, _, _| Some(Value::Bool(fields(&value.into_bytes()).is_some())),
    ),
    Converter::new(
        "rfc7239_field",
        (Type::Str, Type::Str),
        "The value of a field of a Forwarded header: proto, host, for or by.",
        "req.fhdr(forwarded),rfc7239_field(for)",
        |value, args, _| {
            let bytes = value.into_bytes();
            let at = NAMES.iter().position(|name| name.as_bytes() == args.text(0))?;
            let found = fields(&bytes)?[at]?;
            Some(Value::owned(found.to_vec()))
        },
    )
    .takes(&[Shape::Text], &[]),
    Converter::new(
        "rfc7239_n2nn",
        (Type::Str, Type::Any),
        "The name in a node of a Forwarded header: an address, 'unknown' or an identifier.",
        "str(192.0.2.1:80),rfc7239_n2nn",
        |value, _, _| Node::parse(&value.into_bytes()).map(|node| node.name.value()),
    ),
    Converter::new(
        "rfc7239_n2np",
        (Type::Str, Type::Any),
        "The port in a node of a Forwarded header: an integer or an identifier.",
        "str(192.0.2.1:80),rfc7239_n2np",
        |value, _, _| match Node::parse(&value.into_bytes())?.port? {
            Port::Number(number) => Some(Value::Int(number)),
            Port::Hidden(name) => Some(Value::owned(name.to_vec())),
        },
    ),
    Converter::new(
        "rfc7239_nn",
        (Type::Any, Type::Str),
        "The name for a node of a Forwarded header, from an address or a string.",
        "str(test),rfc7239_nn",
        |value, _, _| match value {
            Value::Ip(IpAddr::V4(ip)) => Some(Value::owned(ip.to_string().into_bytes())),
            Value::Ip(IpAddr::V6(ip)) => Some(Value::owned(format!("[{ip}]").into_bytes())),
            value => match value.into_bytes() {
                text if text.is_empty() => Some(Value::str(b"unknown")),
                text => hidden(&text),
            },
        },
    ),
    Converter::new(
        "rfc7239_np",
        (Type::Any, Type::Str),
        "The port for a node of a Forwarded header, from an integer or a string.",
        "int(80),rfc7239_np",
        |value, _, _| match value {
            Value::Int(number) => Some(Value::owned((number as u32).to_string().into_bytes())),
            value => hidden(&value.into_bytes()),
        },
    ),
];

/// An identifier that tells nothing, made of a text.
fn hidden(text: &[u8]) -> Option<Value<'static>> {
    let fits = !text.is_empty() && text.iter().copied().all(in_identifier);
    fits.then(|| Value::owned([b"_", text].concat()))
}

/// The values of the fields by the order of `NAMES`, without quotes, if the header is valid.
fn fields(header: &[u8]) -> Option<[Option<&[u8]>; 4]> {
    let mut found = [None; 4];
    let mut rest = header;
    loop {
        let equals = memchr::memchr(b'=', rest)?;
        let at = NAMES.iter().position(|name| name.as_bytes() == &rest[..equals])?;
        let (value, after) = field_value(NAMES[at], &rest[equals + 1..])?;
        if found[at].replace(value).is_some() {
            return None;
        }
        match after.split_first() {
            None => return Some(found),
            Some((b';', after)) => rest = after,
            Some(_) => return None,
        }
    }
}

/// The value that a text begins with, and what follows it.
fn field_value<'h>(name: &str, text: &'h [u8]) -> Option<(&'h [u8], &'h [u8])> {
    if name == "proto" {
        let value = [&b"https"[..], b"http"].into_iter().find(|value| text.starts_with(value))?;
        return Some(text.split_at(value.len()));
    }
    let (value, after, quoted) = match text.strip_prefix(b"\"") {
        Some(inside) => {
            let end = memchr::memchr(b'"', inside)?;
            (&inside[..end], &inside[end + 1..], true)
        }
        None => {
            let end = memchr::memchr(b';', text).unwrap_or(text.len());
            (&text[..end], &text[end..], false)
        }
    };
    // Colons and brackets need quotes.
    if !quoted && (value.is_empty() || value.iter().any(|byte| b":[]".contains(byte))) {
        return None;
    }
    let valid = if name == "host" { is_host(value) } else { Node::parse(value).is_some() };
    valid.then_some((value, after))
}

/// A host with or without a port.
fn is_host(text: &[u8]) -> bool {
    let (name, port) = match text.iter().rposition(|byte| *byte == b':') {
        Some(at) if text.last() != Some(&b']') => (&text[..at], Some(&text[at + 1..])),
        _ => (text, None),
    };
    let named = match name.strip_prefix(b"[") {
        Some(inside) => inside.strip_suffix(b"]").and_then(ip6).is_some(),
        None => name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(byte)),
    };
    named && port.is_none_or(|port| port.iter().all(u8::is_ascii_digit))
}

/// A node: a name and perhaps a port.
struct Node<'h> {
    name: Name<'h>,
    port: Option<Port<'h>>,
}

enum Name<'h> {
    Ip(IpAddr),
    Text(&'h [u8]),
}

enum Port<'h> {
    Number(i64),
    Hidden(&'h [u8]),
}

impl<'h> Node<'h> {
    fn parse(text: &'h [u8]) -> Option<Self> {
        let (name, rest) = Name::parse(text)?;
        let port = match rest.split_first() {
            None => None,
            Some((b':', port)) => Some(Port::parse(port)?),
            Some(_) => return None,
        };
        Some(Self { name, port })
    }
}

impl<'h> Name<'h> {
    /// The name that a text begins with, and what follows it.
    fn parse(text: &'h [u8]) -> Option<(Self, &'h [u8])> {
        if let Some(inside) = text.strip_prefix(b"[") {
            let end = memchr::memchr(b']', inside)?;
            return Some((Self::Ip(ip6(&inside[..end])?.into()), &inside[end + 1..]));
        }
        let end = memchr::memchr(b':', text).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if name == b"unknown" || is_identifier(name) {
            return Some((Self::Text(name), rest));
        }
        let ip: Ipv4Addr = std::str::from_utf8(name).ok()?.parse().ok()?;
        Some((Self::Ip(ip.into()), rest))
    }

    fn value(self) -> Value<'static> {
        match self {
            Self::Ip(ip) => Value::Ip(ip),
            Self::Text(text) => Value::Str(Cow::Owned(text.to_vec())),
        }
    }
}

impl<'h> Port<'h> {
    fn parse(text: &'h [u8]) -> Option<Self> {
        if is_identifier(text) {
            return Some(Self::Hidden(text));
        }
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number: u16 = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
        (number > 0).then_some(Self::Number(number.into()))
    }
}

fn ip6(text: &[u8]) -> Option<Ipv6Addr> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn is_identifier(text: &[u8]) -> bool {
    text.len() > 1 && text[0] == b'_' && text.iter().copied().all(in_identifier)
}

fn in_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-".contains(&byte)
}

const NAMES: [&str; 4] = ["proto", "host", "for", "by"];
