//! The VRRPv3 advertisement on the wire (RFC 9568 section 5): building it, and parsing it with the
//! checks that need the packet alone. Whether it is meant for us is decided in `receive`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{
    checksum::{self, Coverage},
    interval::Interval,
    receive::Discard,
};

/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |Version| Type  | Virtual Rtr ID|   Priority    |IPvX Addr Count|
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |Reserve| Max Advertise Interval|          Checksum             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      IPvX addresses ...                       |
/// ```
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advert<'a> {
    pub(crate) virtual_router_id: u8,
    /// 0 says that the active router resigns, 255 that it owns the addresses.
    pub(crate) priority: u8,
    pub(crate) interval: Interval,
    pub(crate) addresses: Addresses<'a>,
    /// What the sender's checksum covers.
    pub(crate) coverage: Coverage,
}

impl<'a> Advert<'a> {
    /// Parses the IP payload `message`, which came from `source` to `destination`.
    pub(crate) fn parse(
        message: &'a [u8],
        source: IpAddr,
        destination: IpAddr,
    ) -> Result<Self, Discard> {
        let (header, body) = message.split_first_chunk::<HEADER>().ok_or(Discard::Length)?;
        let [version_type, virtual_router_id, priority, count, high, low, ..] = *header;
        if version_type >> 4 != VERSION {
            return Err(Discard::Version);
        }
        if version_type & 0x0f != ADVERTISEMENT {
            return Err(Discard::Type);
        }
        if count == 0 {
            return Err(Discard::NoAddress);
        }
        let octets = if source.is_ipv4() { 4 } else { 16 };
        if body.len() != usize::from(count) * octets {
            return Err(Discard::Length);
        }
        let coverage = checksum::verify(message, source, destination).ok_or(Discard::Checksum)?;
        // The four reserved bits are ignored on reception.
        let interval = Interval::from_centiseconds(u16::from_be_bytes([high & 0x0f, low]))
            .ok_or(Discard::Interval)?;
        let addresses = Addresses { octets, bytes: body };
        Ok(Self { virtual_router_id, priority, interval, addresses, coverage })
    }
}

/// The addresses of an advertisement, as they stand in the packet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addresses<'a> {
    octets: usize,
    bytes: &'a [u8],
}

impl Addresses<'_> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = IpAddr> {
        self.bytes.chunks_exact(self.octets).filter_map(address)
    }

    /// Whether both lists hold the same addresses, in any order.
    pub(crate) fn same_set(&self, ours: impl ExactSizeIterator<Item = IpAddr>) -> bool {
        self.bytes.len() / self.octets == ours.len()
            && ours.into_iter().all(|one| self.iter().any(|theirs| theirs == one))
    }
}

/// A buffer that holds the node's own advertisement and is rewritten in place for each sending, so
/// that sending allocates nothing.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    bytes: Vec<u8>,
}

impl Message {
    /// At most [`MAX_ADDRESSES`] addresses, all of one family.
    pub(crate) fn new(
        virtual_router_id: u8,
        interval: Interval,
        addresses: impl Iterator<Item = IpAddr>,
    ) -> Self {
        let [high, low] = interval.centiseconds().to_be_bytes();
        let mut bytes =
            vec![VERSION << 4 | ADVERTISEMENT, virtual_router_id, 0, 0, high, low, 0, 0];
        for address in addresses.take(MAX_ADDRESSES) {
            match address {
                IpAddr::V4(v4) => bytes.extend_from_slice(&v4.octets()),
                IpAddr::V6(v6) => bytes.extend_from_slice(&v6.octets()),
            }
            bytes[COUNT_AT] += 1;
        }
        Self { bytes }
    }

    /// The payload to send from `source` to `destination`, with this priority.
    pub(crate) fn fill(
        &mut self,
        priority: u8,
        source: IpAddr,
        destination: IpAddr,
        coverage: Coverage,
    ) -> &[u8] {
        let coverage = if source.is_ipv4() { coverage } else { Coverage::PseudoHeader };
        self.bytes[PRIORITY_AT] = priority;
        self.bytes[CHECKSUM_AT..HEADER].fill(0);
        let sum = checksum::checksum(&self.bytes, source, destination, coverage);
        self.bytes[CHECKSUM_AT..HEADER].copy_from_slice(&sum.to_be_bytes());
        &self.bytes
    }
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(|four| IpAddr::from(Ipv4Addr::from(four)));
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(|all| IpAddr::from(Ipv6Addr::from(all)))).ok()
}

/// Addresses in one advertisement: what fits an Ethernet frame even as IPv6.
pub(crate) const MAX_ADDRESSES: usize = 64;
/// 224.0.0.18 and ff02::12 (RFC 9568 section 5.1).
pub(crate) const GROUP_V4: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 18);
pub(crate) const GROUP_V6: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12);

const VERSION: u8 = 3;
const ADVERTISEMENT: u8 = 1;
const HEADER: usize = 8;
const PRIORITY_AT: usize = 2;
const COUNT_AT: usize = 3;
const CHECKSUM_AT: usize = 6;

#[cfg(test)]
mod tests;
