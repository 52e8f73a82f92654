//! What stays the same in all packets that one host sends (manual, `ip.fp`).

use std::net::IpAddr;

use super::{Ip, TCP, addresses, half, options};

/// Eight bytes, and by `mode` the hops left (1), the kinds of options (2) and the source (4).
pub(super) fn of(packet: &[u8], mode: i64) -> Option<Vec<u8>> {
    let ip = Ip::parse(packet)?;
    if ip.protocol != TCP {
        return None;
    }
    let segment = &packet[ip.header..];
    let header = usize::from(segment.get(12)? >> 4);
    let flags = *segment.get(13)?;
    let data = segment.len() > header * 4;
    let hops = match ip.hops {
        0..=32 => 0,
        33..=64 => 1,
        65..=128 => 2,
        129..=255 => 3,
    };
    let scale = options::walk(segment)?
        .find(|(kind, _)| *kind == options::SCALE)
        .and_then(|(_, scale)| scale?.first())
        .map_or(0, |scale| scale.saturating_add(1).min(15));
    let mss = options::find(segment, options::MSS, 2).and_then(|mss| half(mss, 0)).unwrap_or(0);
    let mut out = vec![
        ip.service,
        u8::from(ip.v6) << 7
            | u8::from(ip.unfragmented) << 6
            | hops << 4
            | u8::from(ip.options) << 3
            | u8::from(data) << 2
            | flags >> 6 & 3,
        (header as u8) << 4 | scale,
    ];
    out.extend_from_slice(segment.get(14..16)?);
    out.extend_from_slice(&(mss as u16).to_be_bytes());
    let whole = || Some(options::walk(segment)?.filter(|(_, data)| data.is_some()));
    out.push(whole()?.fold(0, |seen, (kind, _)| seen | bit(kind)));
    if mode & 1 != 0 {
        out.push(ip.hops);
    }
    if mode & 2 != 0 {
        out.extend(whole()?.map(|(kind, _)| kind));
    }
    if mode & 4 != 0 {
        match addresses(packet)?.0 {
            IpAddr::V4(ip) => out.extend_from_slice(&ip.octets()),
            IpAddr::V6(ip) => out.extend_from_slice(&ip.octets()),
        }
    }
    Some(out)
}

/// A kind's place among the bits.
fn bit(kind: u8) -> u8 {
    match kind {
        0 | 1 => 0,
        2..=8 => 1 << (kind - 2),
        _ => 0x80,
    }
}
