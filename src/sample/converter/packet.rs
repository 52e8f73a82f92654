//! Headers of captured packets (`fc_saved_syn`): Ethernet, IP and TCP.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::{Converter, Run, part};
use crate::sample::args::Shape;
use crate::sample::value::{Type, Value};

mod fingerprint;
mod options;

pub(super) const KEYWORDS: &[Converter] = &[
    block("eth.data", "What follows an Ethernet header.", |value, _, _| {
        slice(value, |frame| Some(ethernet(frame)?..frame.len()))
    }),
    block("eth.dst", "The destination of an Ethernet frame.", |value, _, _| {
        slice(value, |frame| (frame.len() >= 6).then_some(0..6))
    }),
    block("eth.hdr", "The header of an Ethernet frame.", |value, _, _| {
        slice(value, |frame| Some(0..ethernet(frame)?))
    }),
    number("eth.proto", "The protocol in an Ethernet frame.", |value, _, _| {
        int(value, |frame| half(frame, ethernet(frame)? - 2))
    }),
    block("eth.src", "The source of an Ethernet frame.", |value, _, _| {
        slice(value, |frame| (frame.len() >= 12).then_some(6..12))
    }),
    number("eth.vlan", "The last VLAN of an Ethernet frame.", |value, _, _| {
        int(value, |frame| {
            let end = ethernet(frame)?;
            (end > 14).then(|| half(frame, end - 4).map(|tag| tag & 0xfff))?
        })
    }),
    block("ip.data", "What follows an IP header.", |value, _, _| {
        slice(value, |packet| Some(Ip::parse(packet)?.header..packet.len()))
    }),
    number("ip.df", "Whether an IP packet must not be fragmented.", |value, _, _| {
        int(value, |packet| unfragmented(packet).map(i64::from))
    }),
    address("ip.dst", "The destination of an IP packet.", |value, _, _| {
        addresses(&value.into_binary()).map(|(_, ip)| Value::Ip(ip))
    }),
    block("ip.fp", "A fingerprint of an IP and TCP header.", |value, args, _| {
        let packet = value.into_binary();
        fingerprint::of(&packet, args.int(0).unwrap_or(0)).map(|bytes| Value::Bin(bytes.into()))
    })
    .takes(&[], &[Shape::Int]),
    block("ip.hdr", "The header of an IP packet.", |value, _, _| {
        slice(value, |packet| Some(0..Ip::parse(packet)?.header))
    }),
    number("ip.proto", "The transport protocol of an IP packet.", |value, _, _| {
        int(value, |packet| protocol(packet).map(i64::from))
    }),
    address("ip.src", "The source of an IP packet.", |value, _, _| {
        addresses(&value.into_binary()).map(|(ip, _)| Value::Ip(ip))
    }),
    number("ip.tos", "The type of service of an IP packet.", |value, _, _| {
        int(value, |packet| service(packet).map(i64::from))
    }),
    number("ip.ttl", "The time to live of an IP packet.", |value, _, _| {
        int(value, |packet| hops(packet).map(i64::from))
    }),
    number("ip.ver", "The version of an IP packet.", |value, _, _| {
        int(value, |packet| packet.first().map(|byte| (byte >> 4).into()))
    }),
    number("tcp.dst", "The destination port of a TCP segment.", |value, _, _| {
        int(value, |segment| half(tcp(segment)?, 2))
    }),
    number("tcp.flags", "The flags of a TCP segment.", |value, _, _| {
        int(value, |segment| tcp(segment)?.get(13).map(|flags| (*flags).into()))
    }),
    number("tcp.options.mss", "The maximum segment size.", |value, _, _| {
        int(value, |packet| half(options::find(packet, options::MSS, 2)?, 0))
    }),
    number(
        "tcp.options.sack",
        "Whether selective acknowledgements are permitted.",
        |value, _, _| {
            int(value, |packet| Some(options::has(packet, options::SACK_PERMITTED)?.into()))
        },
    ),
    number("tcp.options.tsopt", "Whether there are timestamps.", |value, _, _| {
        int(value, |packet| Some(options::has(packet, options::TIMESTAMP)?.into()))
    }),
    number("tcp.options.tsval", "The timestamp.", |value, _, _| {
        int(value, |packet| word(options::find(packet, options::TIMESTAMP, 8)?, 0))
    }),
    number("tcp.options.wscale", "The scale of the window.", |value, _, _| {
        int(value, |packet| {
            let scale = options::find(packet, options::SCALE, 1)?;
            scale.first().map(|scale| (*scale).into())
        })
    }),
    number("tcp.options.wsopt", "Whether there is a scale of the window.", |value, _, _| {
        int(value, |packet| Some(options::has(packet, options::SCALE)?.into()))
    }),
    block("tcp.options_list", "The kinds of the options of a TCP segment.", |value, _, _| {
        let packet = value.into_binary();
        Some(Value::Bin(Cow::Owned(options::kinds(&packet)?)))
    }),
    number("tcp.seq", "The sequence number of a TCP segment.", |value, _, _| {
        int(value, |segment| word(tcp(segment)?, 4))
    }),
    number("tcp.src", "The source port of a TCP segment.", |value, _, _| {
        int(value, |segment| half(tcp(segment)?, 0))
    }),
    number("tcp.win", "The window of a TCP segment.", |value, _, _| {
        int(value, |segment| half(tcp(segment)?, 14))
    }),
];

const fn block(name: &'static str, documentation: &'static str, run: Run) -> Converter {
    Converter::new(name, (Type::Bin, Type::Bin), documentation, "", run)
}

const fn number(name: &'static str, documentation: &'static str, run: Run) -> Converter {
    Converter::new(name, (Type::Bin, Type::Int), documentation, "", run)
}

const fn address(name: &'static str, documentation: &'static str, run: Run) -> Converter {
    Converter::new(name, (Type::Bin, Type::Addr), documentation, "", run)
}

fn slice(value: Value<'_>, find: fn(&[u8]) -> Option<Range<usize>>) -> Option<Value<'_>> {
    let bytes = value.into_binary();
    let range = find(&bytes)?;
    Some(Value::Bin(part(bytes, range)))
}

fn int(value: Value<'_>, find: fn(&[u8]) -> Option<i64>) -> Option<Value<'_>> {
    find(&value.into_binary()).map(Value::Int)
}

/// Two bytes as a number.
fn half(bytes: &[u8], at: usize) -> Option<i64> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?).into())
}

/// Four bytes as a number.
fn word(bytes: &[u8], at: usize) -> Option<i64> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?).into())
}

/// Where the Ethernet header ends, its VLANs included.
fn ethernet(frame: &[u8]) -> Option<usize> {
    let mut at = 12;
    while half(frame, at)? == 0x8100 {
        at += 4;
    }
    (frame.len() > at + 2).then_some(at + 2)
}

/// What is known of an IP packet of either version.
struct Ip {
    /// Bytes up to the transport protocol.
    header: usize,
    v6: bool,
    service: u8,
    hops: u8,
    protocol: u8,
    unfragmented: bool,
    options: bool,
}

impl Ip {
    fn parse(packet: &[u8]) -> Option<Self> {
        match packet.first()? >> 4 {
            4 => Self::v4(packet),
            6 => Self::v6(packet),
            _ => None,
        }
    }

    fn v4(packet: &[u8]) -> Option<Self> {
        let header = usize::from(packet[0] & 15) * 4;
        if packet.len() < header {
            return None;
        }
        Some(Self {
            header,
            v6: false,
            service: *packet.get(1)?,
            hops: *packet.get(8)?,
            protocol: *packet.get(9)?,
            unfragmented: packet.get(6)? & 0x40 != 0,
            options: header > 20,
        })
    }

    fn v6(packet: &[u8]) -> Option<Self> {
        let mut header = 40;
        let mut protocol = *packet.get(6)?;
        while EXTENSIONS.contains(&protocol) {
            let extension = packet.get(header..header + 2)?;
            header += match protocol {
                FRAGMENT => 8,
                _ => (usize::from(extension[1]) + 1) * 8,
            };
            protocol = extension[0];
        }
        if packet.len() < header {
            return None;
        }
        Some(Self {
            header,
            v6: true,
            service: service(packet)?,
            hops: *packet.get(7)?,
            protocol,
            unfragmented: true,
            options: header > 40,
        })
    }
}

// What is in a fixed place is read even if the packet is cut behind it.

/// Source and destination.
fn addresses(packet: &[u8]) -> Option<(IpAddr, IpAddr)> {
    let v4 = |at: usize| Some(Ipv4Addr::from(*packet.get(at..)?.first_chunk::<4>()?).into());
    let v6 = |at: usize| Some(Ipv6Addr::from(*packet.get(at..)?.first_chunk::<16>()?).into());
    match packet.first()? >> 4 {
        4 => Some((v4(12)?, v4(16)?)),
        6 => Some((v6(8)?, v6(24)?)),
        _ => None,
    }
}

fn unfragmented(packet: &[u8]) -> Option<bool> {
    match packet.first()? >> 4 {
        4 => packet.get(6).map(|flags| flags & 0x40 != 0),
        6 => Some(true),
        _ => None,
    }
}

fn service(packet: &[u8]) -> Option<u8> {
    match packet.first()? >> 4 {
        4 => packet.get(1).copied(),
        6 => Some(packet[0] << 4 | packet.get(1)? >> 4),
        _ => None,
    }
}

fn hops(packet: &[u8]) -> Option<u8> {
    match packet.first()? >> 4 {
        4 if packet.len() >= 20 => packet.get(8).copied(),
        6 if packet.len() >= 40 => packet.get(7).copied(),
        _ => None,
    }
}

fn protocol(packet: &[u8]) -> Option<u8> {
    match packet.first()? >> 4 {
        4 => packet.get(9).copied(),
        _ => Ip::parse(packet).map(|ip| ip.protocol),
    }
}

/// A segment that has a whole header.
fn tcp(segment: &[u8]) -> Option<&[u8]> {
    (segment.len() >= 20).then_some(segment)
}

const TCP: u8 = 6;
const FRAGMENT: u8 = 44;
/// Hop-by-hop, routing, fragment, encryption, authentication, none, destination options.
const EXTENSIONS: &[u8] = &[0, 43, FRAGMENT, 50, 51, 59, 60];
