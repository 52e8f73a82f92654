//! The request's target, its parameters, and hashes of it (manual, section 7.3.6).

use std::net::{IpAddr, SocketAddr};

use super::Fetch;
use super::http::{fetch, request};
use crate::exchange::{Known, Stream};
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    fetch("url", Type::Str, "The request target as it stands in the request.", |s, _| {
        request(s).map(|message| Value::str(message.target()))
    }),
    fetch("url_ip", Type::Ipv4, "The address in the request target.", |s, _| {
        Some(Value::Ip(authority(s)?.0))
    }),
    fetch("url_port", Type::Int, "The port in the request target.", |s, _| {
        Some(Value::Int(authority(s)?.1.into()))
    }),
    fetch("base", Type::Str, "The Host field and the path, one after the other.", |s, _| {
        Some(Value::owned(base(s, false)?))
    }),
    fetch("baseq", Type::Str, "The Host field and the path with its query string.", |s, _| {
        Some(Value::owned(base(s, true)?))
    }),
    parameter("url_param", Type::Str, "The value of a parameter of the query string.", value_of),
    parameter("urlp", Type::Str, "The value of a parameter of the query string.", value_of),
    parameter("urlp_val", Type::Int, "The number in a parameter of the query string.", |s, a| {
        value_of(s, a)?.as_int().map(Value::Int)
    }),
];

const fn parameter(
    name: &'static str,
    output: Type,
    documentation: &'static str,
    run: super::http::Of,
) -> Fetch {
    Fetch {
        optional: &[Shape::Text, Shape::Text, Shape::Text],
        ..fetch(name, output, documentation, run)
    }
}

/// `name[,<delimiter>[,i]]`: the delimiter stands in the place of the question mark, `i` ignores
/// case.
fn value_of<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    let target = request(stream)?.target();
    let delimiter = args.text(1).first().copied().unwrap_or(b'?');
    let query = &target[memchr::memchr(delimiter, target)? + 1..];
    let (wanted, ignore_case) = (args.text(0), args.text(2) == b"i");
    query
        .split(|byte| matches!(byte, b'&' | b';') || *byte == delimiter)
        .filter_map(|pair| {
            let equals = memchr::memchr(b'=', pair)?;
            let name = &pair[..equals];
            let right = wanted.is_empty()
                || name == wanted
                || (ignore_case && name.eq_ignore_ascii_case(wanted));
            right.then(|| Value::str(&pair[equals + 1..]))
        })
        .next()
}

fn base(stream: &Stream<'_>, with_query: bool) -> Option<Vec<u8>> {
    let request = request(stream)?;
    let mut base = request.known(Known::Host).next().unwrap_or_default().to_vec();
    base.extend_from_slice(if with_query { request.path_and_query() } else { request.path() });
    Some(base)
}

/// The address and the port of an absolute target.
fn authority(stream: &Stream<'_>) -> Option<(IpAddr, u16)> {
    let target = request(stream)?.target();
    let scheme = memchr::memmem::find(target, b"://")?;
    let rest = &target[scheme + 3..];
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let text = std::str::from_utf8(&rest[..end]).ok()?;
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some((address.ip(), address.port()));
    }
    let port = if target.starts_with(b"https") { 443 } else { 80 };
    Some((text.parse().ok()?, port))
}
