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
        int(value, |packet| Ip::parse(packet).map(|ip| ip.unfragmented.into()))
    }),
    address("ip.dst", "The destination of an IP packet.", |value, _, _| {
        Ip::parse(&value.into_binary()).map(|ip| Value::Ip(ip.destination))
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
        int(value, |packet| Ip::parse(packet).map(|ip| ip.protocol.into()))
    }),
    address("ip.src", "The source of an IP packet.", |value, _, _| {
        Ip::parse(&value.into_binary()).map(|ip| Value::Ip(ip.source))
    }),
    number("ip.tos", "The type of service of an IP packet.", |value, _, _| {
        int(value, |packet| Ip::parse(packet).map(|ip| ip.service.into()))
    }),
    number("ip.ttl", "The time to live of an IP packet.", |value, _, _| {
        int(value, |packet| Ip::parse(packet).map(|ip| ip.hops.into()))
    }),
    number("ip.ver", "The version of an IP packet.", |value, _, _| {
        int(value, |packet| packet.first().map(|byte| (byte >> 4).into()))
    }),
    number("tcp.dst", "The destination port of a TCP segment.", |value, _, _| {
        int(value, |packet| half(tcp(packet)?, 2))
    }),
    number("tcp.flags", "The flags of a TCP segment.", |value, _, _| {
        int(value, |packet| tcp(packet)?.get(13).map(|flags| (*flags).into()))
    }),
    number("tcp.options.mss", "The maximum segment size.", |value, _, _| {
        int(value, |packet| half(options::find(tcp(packet)?, options::MSS, 2)?, 0))
    }),
    number("tcp.options.sack", "Whether selective acknowledgements are permitted.", |value, _, _| {
        int(value, |packet| {
            Some(options::find(tcp(packet)?, options::SACK_PERMITTED, 0).is_some().into())
        })
    }),
    number("tcp.options.tsopt", "Whether there are timestamps.", |value, _, _| {
        int(value, |packet| {
            Some(options::find(tcp(packet)?, options::TIMESTAMP, 8).is_some().into())
        })
    }),
    number("tcp.options.tsval", "The timestamp.", |value, _, _| {
        int(value, |packet| word(options::find(tcp(packet)?, options::TIMESTAMP, 8)?, 0))
    }),
    number("tcp.options.wscale", "The scale of the window.", |value, _, _| {
        int(value, |packet| {
            let scale = options::find(tcp(packet)?, options::SCALE, 1)?;
            scale.first().map(|scale| (*scale).into())
        })
    }),
    number("tcp.options.wsopt", "Whether there is a scale of the window.", |value, _, _| {
        int(value, |packet| {
            Some(options::find(tcp(packet)?, options::SCALE, 1).is_some().into())
        })
    }),
    block("tcp.options_list", "The kinds of the options of a TCP segment.", |value, _, _| {
        let packet = value.into_binary();
        Some(Value::Bin(Cow::Owned(options::kinds(tcp(&packet)?)?)))
    }),
    number("tcp.seq", "The sequence number of a TCP segment.", |value, _, _| {
        int(value, |packet| word(tcp(packet)?, 4))
    }),
    number("tcp.src", "The source port of a TCP segment.", |value, _, _| {
        int(value, |packet| half(tcp(packet)?, 0))
    }),
    number("tcp.win", "The window of a TCP segment.", |value, _, _| {
        int(value, |packet| half(tcp(packet)?, 14))
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
    while matches!(half(frame, at)?, 0x8100 | 0x88a8) {
        at += 4;
    }
    Some(at + 2)
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
    source: IpAddr,
    destination: IpAddr,
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
        if header < 20 || packet.len() < header {
            return None;
        }
        let ip = |at: usize| -> Option<IpAddr> {
            let bytes: [u8; 4] = packet.get(at..at + 4)?.try_into().ok()?;
            Some(Ipv4Addr::from(bytes).into())
        };
        Some(Self {
            header,
            v6: false,
            service: packet[1],
            hops: packet[8],
            protocol: packet[9],
            unfragmented: packet[6] & 0x40 != 0,
            options: header > 20,
            source: ip(12)?,
            destination: ip(16)?,
        })
    }

    fn v6(packet: &[u8]) -> Option<Self> {
        let ip = |at: usize| -> Option<IpAddr> {
            let bytes: [u8; 16] = packet.get(at..at + 16)?.try_into().ok()?;
            Some(Ipv6Addr::from(bytes).into())
        };
        let (source, destination) = (ip(8)?, ip(24)?);
        let mut header = 40;
        let mut protocol = packet[6];
        while EXTENSIONS.contains(&protocol) {
            let extension = packet.get(header..header + 2)?;
            header += match protocol {
                FRAGMENT => 8,
                AUTHENTICATION => (usize::from(extension[1]) + 2) * 4,
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
            service: packet[0] << 4 | packet[1] >> 4,
            hops: packet[7],
            protocol,
            unfragmented: true,
            options: header > 40,
            source,
            destination,
        })
    }
}

/// The TCP segment in an IP packet, or the segment itself.
fn tcp(bytes: &[u8]) -> Option<&[u8]> {
    match Ip::parse(bytes) {
        Some(ip) if ip.protocol == TCP => Some(&bytes[ip.header..]),
        _ => None,
    }
}

const TCP: u8 = 6;
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;
/// Hop-by-hop, routing, fragment, authentication, destination options.
const EXTENSIONS: &[u8] = &[0, 43, FRAGMENT, AUTHENTICATION, 60];
