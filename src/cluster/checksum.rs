//! The VRRP checksum: the Internet checksum (RFC 1071) over the message, with or without the IP
//! pseudo-header. Apart because implementations disagree about the pseudo-header for IPv4.

use std::net::IpAddr;

/// What the checksum of an IPv4 advertisement covers. For IPv6 it always covers the pseudo-header.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// Message and pseudo-header: keepalived, FRR, tcpdump.
    PseudoHeader,
    /// The message alone: RFC 9568 section 5.2.8 for IPv4.
    MessageOnly,
}

/// The checksum of `message` (whose checksum field is zero), ready to be written big-endian.
pub(crate) fn checksum(
    message: &[u8],
    source: IpAddr,
    destination: IpAddr,
    cover: Coverage,
) -> u16 {
    let pseudo = match cover {
        Coverage::PseudoHeader => pseudo_header_sum(message.len(), source, destination),
        Coverage::MessageOnly => 0,
    };
    !fold(pseudo + sum(message))
}

/// Which coverage makes the checksum inside `message` right, if any does.
pub(crate) fn verify(message: &[u8], source: IpAddr, destination: IpAddr) -> Option<Coverage> {
    let body = sum(message);
    if fold(body + pseudo_header_sum(message.len(), source, destination)) == 0xffff {
        return Some(Coverage::PseudoHeader);
    }
    (source.is_ipv4() && fold(body) == 0xffff).then_some(Coverage::MessageOnly)
}

fn pseudo_header_sum(length: usize, source: IpAddr, destination: IpAddr) -> u32 {
    address_sum(source) + address_sum(destination) + u32::from(PROTOCOL) + length as u32
}

fn address_sum(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(v4) => sum(&v4.octets()),
        IpAddr::V6(v6) => sum(&v6.octets()),
    }
}

/// Messages are at most a few kilobytes, so 32 bits cannot overflow.
fn sum(bytes: &[u8]) -> u32 {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let last = rest.first().map_or(0, |byte| u32::from(*byte) << 8);
    pairs.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))).sum::<u32>() + last
}

fn fold(mut sum: u32) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

/// The IP protocol number of VRRP.
pub(crate) const PROTOCOL: u8 = 112;

#[cfg(test)]
mod tests {
    use super::*;

    /// Sent by keepalived 2.2.7 from 10.77.0.12 (captured): version 3, router 51, priority 100.
    const KEEPALIVED: [u8; 12] =
        [0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x75, 0x28, 0x0a, 0x4d, 0x00, 0x0a];

    #[test]
    fn keepalived_covers_the_pseudo_header() {
        let source = "10.77.0.12".parse().unwrap();
        let group = "224.0.0.18".parse().unwrap();
        assert_eq!(verify(&KEEPALIVED, source, group), Some(Coverage::PseudoHeader));
    }

    #[test]
    fn an_odd_length_is_padded_with_zero() {
        assert_eq!(sum(&[0x12, 0x34, 0x56]), 0x1234 + 0x5600);
    }

    #[test]
    fn ipv6_needs_the_pseudo_header() {
        let source = "fe80::1".parse().unwrap();
        let group = "ff02::12".parse().unwrap();
        let mut message = [0x31, 1, 100, 1, 0, 100, 0, 0];
        let value = checksum(&message, source, group, Coverage::MessageOnly);
        message[6..].copy_from_slice(&value.to_be_bytes());
        assert_eq!(verify(&message, source, group), None);
    }
}
