//! What a received packet must satisfy before the state machine hears of it (RFC 9568 section 7.1),
//! and the counters of those that do not. Apart from `advert` because these checks need to know who
//! we are, and apart from `link` because they need no socket.

use std::{fmt, net::IpAddr};

use super::{
    advert::{Advert, GROUP_V4, GROUP_V6},
    checksum::Coverage,
    interval::Interval,
};

/// What one instance accepts.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) virtual_router_id: u8,
    pub(crate) interval: Interval,
    pub(crate) addresses: Vec<IpAddr>,
    /// Our own address: a packet from it is our own, come back.
    pub(crate) source: IpAddr,
    /// Empty means multicast.
    pub(crate) peers: Vec<IpAddr>,
}

/// A packet of IP protocol 112 with the facts of its IP header.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Packet<'a> {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    /// IPv4 time to live or IPv6 hop limit.
    pub(crate) hops: u8,
    pub(crate) payload: &'a [u8],
}

/// An advertisement that passed every check.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) source: IpAddr,
    pub(crate) priority: u8,
    pub(crate) interval: Interval,
    pub(crate) coverage: Coverage,
    /// Worth a line in the log, but no reason to discard (VRRPv3).
    pub(crate) oddity: Option<Oddity>,
}

impl Expected {
    /// Checks `packet`; the error names the first check that it fails.
    pub(crate) fn check(&self, packet: &Packet<'_>) -> Result<Accepted, Discard> {
        if packet.source == self.source {
            return Err(Discard::Own);
        }
        self.check_path(packet)?;
        let advert = Advert::parse(packet.payload, packet.source, packet.destination)?;
        if advert.virtual_router_id != self.virtual_router_id {
            return Err(Discard::OtherRouter);
        }
        Ok(Accepted {
            source: packet.source,
            priority: advert.priority,
            interval: advert.interval,
            coverage: advert.coverage,
            oddity: self.oddity(&advert),
        })
    }

    /// 255 hops prove that the packet was not routed. Clouds route even between neighbours, so
    /// unicast trusts the list of peers instead.
    fn check_path(&self, packet: &Packet<'_>) -> Result<(), Discard> {
        if !self.peers.is_empty() {
            return self.peers.contains(&packet.source).then_some(()).ok_or(Discard::UnknownPeer);
        }
        if packet.hops != FULL_HOPS {
            return Err(Discard::Hops);
        }
        let to_group = [IpAddr::from(GROUP_V4), IpAddr::from(GROUP_V6)];
        to_group.contains(&packet.destination).then_some(()).ok_or(Discard::Destination)
    }

    fn oddity(&self, advert: &Advert<'_>) -> Option<Oddity> {
        if advert.interval != self.interval {
            return Some(Oddity::OtherInterval(advert.interval));
        }
        let same = advert.addresses.same_set(self.addresses.iter().copied());
        (!same).then_some(Oddity::OtherAddresses)
    }
}

/// Why a packet was discarded.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Discard {
    Own,
    UnknownPeer,
    Hops,
    Destination,
    Length,
    Version,
    Type,
    NoAddress,
    Checksum,
    Interval,
    OtherRouter,
}

impl Discard {
    pub(crate) const ALL: [Self; 11] = [
        Self::Own,
        Self::UnknownPeer,
        Self::Hops,
        Self::Destination,
        Self::Length,
        Self::Version,
        Self::Type,
        Self::NoAddress,
        Self::Checksum,
        Self::Interval,
        Self::OtherRouter,
    ];

    /// The name under which it is counted.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Own => "own_packet",
            Self::UnknownPeer => "unknown_peer",
            Self::Hops => "hops_not_255",
            Self::Destination => "wrong_destination",
            Self::Length => "wrong_length",
            Self::Version => "wrong_version",
            Self::Type => "wrong_type",
            Self::NoAddress => "no_address",
            Self::Checksum => "wrong_checksum",
            Self::Interval => "zero_interval",
            Self::OtherRouter => "other_virtual_router",
        }
    }

    /// Several virtual routers may share a network, and a looped-back packet is harmless: these two
    /// are counted but not logged.
    pub(crate) const fn is_ordinary(self) -> bool {
        matches!(self, Self::Own | Self::OtherRouter)
    }
}

impl fmt::Display for Discard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "it is our own",
            Self::UnknownPeer => "its sender is not in unicast.peers",
            Self::Hops => "its TTL or hop limit is not 255, so it came through a router",
            Self::Destination => "it was not sent to the VRRP multicast group",
            Self::Length => "its length does not match its address count",
            Self::Version => "it is not VRRP version 3",
            Self::Type => "it is not an advertisement",
            Self::NoAddress => "it names no address",
            Self::Checksum => "its checksum is wrong",
            Self::Interval => "its advertisement interval is zero",
            Self::OtherRouter => "it is for another virtual router id",
        })
    }
}

/// What is unusual in an accepted advertisement: both nodes should be configured alike.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    OtherInterval(Interval),
    OtherAddresses,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherInterval(theirs) => {
                write!(f, "its interval is {} ms, not ours", theirs.duration().as_millis())
            }
            Self::OtherAddresses => f.write_str("its addresses are not ours"),
        }
    }
}

/// Discarded packets by reason, and accepted ones.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct Received {
    accepted: u64,
    discarded: [u64; Discard::ALL.len()],
}

impl Received {
    pub(crate) const fn count(&mut self, outcome: &Result<Accepted, Discard>) {
        match outcome {
            Ok(_) => self.accepted += 1,
            Err(why) => self.discarded[*why as usize] += 1,
        }
    }

    pub(crate) const fn accepted(&self) -> u64 {
        self.accepted
    }

    pub(crate) const fn discarded(&self, why: Discard) -> u64 {
        self.discarded[why as usize]
    }
}

const FULL_HOPS: u8 = 255;

#[cfg(test)]
mod tests;
