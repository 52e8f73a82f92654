//! Names, addresses and ports of hosts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Converter, part};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "host_only",
        (Type::Str, Type::Str),
        "The host of a Host header's value, in lower case.",
        "str(Example.com:80),host_only",
        |value, _, _| {
            let bytes = value.into_bytes();
            let end = colon(&bytes).unwrap_or(bytes.len());
            let mut host = part(bytes, 0..end);
            if host.iter().any(u8::is_ascii_uppercase) {
                host.to_mut().make_ascii_lowercase();
            }
            Some(Value::Str(host))
        },
    ),
    Converter::new(
        "port_only",
        (Type::Str, Type::Int),
        "The port of a Host header's value, 0 if there is none.",
        "str(example.com:80),port_only",
        |value, _, _| {
            let bytes = value.into_bytes();
            let digits = colon(&bytes).map_or(&b""[..], |at| &bytes[at + 1..]);
            Some(Value::Int(unchecked_number(digits).into()))
        },
    ),
    Converter::new(
        "ipmask",
        (Type::Addr, Type::Addr),
        "The address with a mask applied: one for IPv4, one for IPv6.",
        "str(192.0.2.1),ipmask(24)",
        |value, args, _| masked(value.as_ip()?, args).map(Value::Ip),
    )
    .takes(&[Shape::Mask4], &[Shape::Mask6]),
];

/// The colon before the port: the last one, unless a bracket closes behind it.
fn colon(bytes: &[u8]) -> Option<usize> {
    let at = bytes.iter().rposition(|byte| matches!(byte, b':' | b']'))?;
    (bytes[at] == b':').then_some(at)
}

/// What the reference makes of digits, and of what is none.
fn unchecked_number(digits: &[u8]) -> u32 {
    digits.iter().fold(0u32, |number, digit| {
        number.wrapping_mul(10).wrapping_add(u32::from(*digit).wrapping_sub(u32::from(b'0')))
    })
}

/// An IPv6 address that stands for an IPv4 one takes the mask of IPv4.
fn masked(address: IpAddr, args: &Args) -> Option<IpAddr> {
    let mask = |at| match args.get(at) {
        Some(Arg::Ip(mask)) => Some(*mask),
        _ => None,
    };
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            let IpAddr::V4(mask) = mask(0)? else { return None };
            Some(Ipv4Addr::from(u32::from(ip) & u32::from(mask)).into())
        }
        IpAddr::V6(ip) => {
            let IpAddr::V6(mask) = mask(1)? else { return None };
            Some(Ipv6Addr::from(u128::from(ip) & u128::from(mask)).into())
        }
    }
}
