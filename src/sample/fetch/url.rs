//! The target of a request and its parts (manual, section 7.3.6).

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::ControlFlow;

use super::http::{number, request};
use super::{Fetch, Layer, Run};
use crate::exchange::{Message, Stream};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

macro_rules! part {
    ($name:literal, $type:ident, $what:literal, $run:expr) => {
        Fetch::one($name, Type::$type, Layer::Request, $what, |stream, _| {
            let run: for<'a> fn(&'a Message, &'a Stream<'_>) -> Option<Value<'a>> = $run;
            run(request(stream)?, stream)
        })
    };
}

macro_rules! parameter {
    ($name:literal, $type:ident, $what:literal, $make:expr) => {
        Fetch::new(
            $name,
            Type::$type,
            Layer::Request,
            $what,
            Run::Each {
                each: |stream, args, visit| {
                    let Some(message) = request(stream) else {
                        return ControlFlow::Continue(());
                    };
                    let make: fn(&[u8]) -> Option<Value<'_>> = $make;
                    parameters(message, args).filter_map(make).try_for_each(visit)
                },
                last: |stream, args| {
                    let make: fn(&[u8]) -> Option<Value<'_>> = $make;
                    parameters(request(stream)?, args).next().and_then(make)
                },
            },
        )
        .with(&[], &[Shape::Text, Shape::Text, Shape::Text])
    };
}

pub(super) const KEYWORDS: &[Fetch] = &[
    part!("path", Str, "The path of the request, without its query.", |message, _| {
        found(message.path())
    }),
    part!("pathq", Str, "The path of the request with its query.", |message, _| {
        found(message.path_and_query())
    }),
    part!("url", Str, "The target as it stands in the request.", |message, _| {
        Some(Value::str(message.target()))
    }),
    Fetch::one("query", Type::Str, Layer::Request, "The query string.", |stream, args| {
        let message = request(stream)?;
        let target = message.target();
        match (args.get(0), memchr::memchr(b'?', target)) {
            (_, None) => Some(Value::str(b"")),
            (Some(_), Some(at)) => Some(Value::str(&target[at..])),
            (None, Some(at)) => Some(Value::str(&target[at + 1..])),
        }
    })
    .with(&[], &[Shape::Text])
    .checked(with_mark),
    part!("base", Str, "The first Host field and the path.", |message, _| {
        Some(Value::owned(base(message, message.path())))
    }),
    part!("baseq", Str, "The first Host field and the path with its query.", |message, _| {
        Some(Value::owned(base(message, message.path_and_query())))
    }),
    part!("base32", Int, "A hash of `base` in 32 bits.", |message, _| {
        Some(Value::Int(hash(&base(message, message.path())).into()))
    }),
    part!("base32+src", Bin, "`base32` and the client's address.", |message, stream| {
        with_source(hash(&base(message, message.path())), stream)
    }),
    part!("url32", Int, "A hash of host and target in 32 bits.", |message, _| {
        Some(Value::Int(hash(&base(message, message.path_and_query())).into()))
    }),
    part!("url32+src", Bin, "`url32` and the client's address.", |message, stream| {
        with_source(hash(&base(message, message.path_and_query())), stream)
    }),
    part!("url_ip", Ipv4, "The address in an absolute target.", |message, _| {
        let (ip, _) = authority(message)?;
        Some(Value::Ip(ip.into()))
    }),
    part!("url_port", Int, "The port in an absolute target.", |message, _| {
        let (_, port) = authority(message)?;
        Some(Value::Int(port.into()))
    }),
    parameter!("url_param", Str, "A parameter of the query, not decoded.", |it| Some(Value::str(
        it
    ))),
    parameter!("urlp", Str, "A parameter of the query, not decoded.", |it| Some(Value::str(it))),
    parameter!("urlp_val", Int, "A parameter of the query as an integer.", |it| {
        Some(Value::Int(number(it)))
    }),
];

fn found(text: &[u8]) -> Option<Value<'_>> {
    (!text.is_empty()).then(|| Value::str(text))
}

fn with_mark(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.first() {
        Some(Arg::Text(text)) if text.is_empty() => args.clear(),
        Some(Arg::Text(text)) if &**text != b"with_qm" => {
            return Err("supported options are: 'with_qm'".to_owned());
        }
        _ => {}
    }
    Ok(())
}

fn base(message: &Message, path: &[u8]) -> Vec<u8> {
    let host = message.values(b"host").next().unwrap_or_default();
    [host, path].concat()
}

/// Address and port of an absolute target whose host is an address.
fn authority(message: &Message) -> Option<(Ipv4Addr, u16)> {
    let target = message.target();
    let scheme = memchr::memmem::find(target, b"://")?;
    let rest = &target[scheme + 3..];
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let authority = std::str::from_utf8(&rest[..end.unwrap_or(rest.len())]).ok()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.split_once(':') {
        Some((host, port)) => Some((host.parse().ok()?, port.parse().ok()?)),
        None => {
            let tls = target[..scheme].eq_ignore_ascii_case(b"https");
            Some((host.parse().ok()?, if tls { 443 } else { 80 }))
        }
    }
}

/// The values of the parameters with the name of the first argument, of all without one.
fn parameters<'a>(message: &'a Message, args: &'a Args) -> impl Iterator<Item = &'a [u8]> {
    let target = message.target();
    let mark = args.text(1).first().copied().unwrap_or(b'?');
    let query = memchr::memchr(mark, target).map_or(&[][..], |at| &target[at + 1..]);
    values(query, args, move |byte| matches!(*byte, b'&' | b';') || *byte == mark)
}

/// The values of the pairs of a form.
pub(super) fn values<'a>(
    text: &'a [u8],
    args: &'a Args,
    separator: impl Fn(&u8) -> bool + 'a,
) -> impl Iterator<Item = &'a [u8]> {
    let name = args.text(0);
    let any_case = args.text(2) == b"i" || args.text(1) == b"i";
    text.split(separator).filter_map(move |pair| {
        let equals = memchr::memchr(b'=', pair)?;
        let other = &pair[..equals];
        let same =
            name.is_empty() || other == name || (any_case && other.eq_ignore_ascii_case(name));
        same.then(|| &pair[equals + 1..])
    })
}

fn with_source<'a>(hash: u32, stream: &Stream<'_>) -> Option<Value<'a>> {
    let mut bytes = hash.to_be_bytes().to_vec();
    match stream.connection.client.ip() {
        Some(IpAddr::V4(ip)) => bytes.extend_from_slice(&ip.octets()),
        Some(IpAddr::V6(ip)) => bytes.extend_from_slice(&ip.octets()),
        None => return None,
    }
    Some(Value::Bin(Cow::Owned(bytes)))
}

/// SDBM with a full avalanche behind it, as HAProxy hashes.
fn hash(bytes: &[u8]) -> u32 {
    let sdbm = bytes.iter().fold(0u32, |hash, &byte| {
        u32::from(byte).wrapping_add(hash << 6).wrapping_add(hash << 16).wrapping_sub(hash)
    });
    avalanche(sdbm)
}

/// Bob Jenkins' full avalanche of 32 bits and a multiplication, as the reference's values show.
fn avalanche(mut a: u32) -> u32 {
    a = a.wrapping_add(0x7ed5_5d16).wrapping_add(a << 12);
    a = (a ^ 0xc761_c23c) ^ (a >> 19);
    a = a.wrapping_add(0x1656_67b1).wrapping_add(a << 5);
    a = a.wrapping_add(0xd3a2_646c) ^ (a << 9);
    a = a.wrapping_add(0xfd70_46c5).wrapping_add(a << 3);
    a = (a ^ 0xb55a_4f09) ^ (a >> 16);
    a.wrapping_mul(0xc000_0001)
}
