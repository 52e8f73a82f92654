//! One virtual router of `cluster.yaml`: as written, and as meant after its fields were checked
//! against each other.

use std::{net::IpAddr, time::Duration};

use serde::Deserialize;

use super::value::{AdvertInterval, Byte, Span, VirtualAddress};
use crate::cluster::{
    advert::MAX_ADDRESSES,
    checksum::Coverage,
    interval::Interval,
    state::{Announcing, OWNER, Policy},
};

/// One virtual router: an election, and the addresses that follow it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct Instance {
    pub name: String,
    pub interface: String,
    pub virtual_router_id: u8,
    /// 1 to 254, or 255 when the addresses are this node's own.
    pub priority: u8,
    pub advert_interval: Interval,
    /// All of one family, at most 64.
    pub addresses: Vec<VirtualAddress>,
    pub preempt: bool,
    pub preempt_delay: Duration,
    pub unicast: Option<Unicast>,
    pub garp: Garp,
    /// Interfaces that must be up as well.
    pub track_interfaces: Vec<String>,
    pub checksum: Checksum,
}

/// Advertising to named peers rather than to the multicast group.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unicast {
    pub source: IpAddr,
    pub peers: Vec<IpAddr>,
}

/// Gratuitous ARP, or unsolicited neighbour advertisements for IPv6.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Garp {
    /// How many for each address at takeover, 1 to 50.
    count: u8,
    /// When more follow; `0s` for never.
    delay: Span,
    /// How many follow, and how many are sent after a duel.
    repeat: u8,
    /// One more for each address, this often; `0s` for never.
    refresh: Span,
}

/// How the checksum of IPv4 advertisements is made. Both ways are understood in any case.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// With the pseudo-header, as keepalived and FRR do by default.
    #[default]
    PseudoHeader,
    /// The message alone, as RFC 9568 has it.
    MessageOnly,
    /// As the last accepted advertisement had it.
    FollowPeer,
}

impl Instance {
    pub(crate) fn is_ipv4(&self) -> bool {
        self.addresses.first().is_some_and(|first| first.address.is_ipv4())
    }

    pub(crate) const fn is_owner(&self) -> bool {
        self.priority == OWNER
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy {
            priority: self.priority,
            interval: self.advert_interval,
            preempt: self.preempt,
            preempt_delay: self.preempt_delay,
            announce: Announcing {
                count: self.garp.count,
                delay: self.garp.delay.0,
                repeat: self.garp.repeat,
                refresh: self.garp.refresh.0,
            },
        }
    }
}

impl Checksum {
    pub(crate) const fn first(self) -> Coverage {
        match self {
            Self::MessageOnly => Coverage::MessageOnly,
            Self::PseudoHeader | Self::FollowPeer => Coverage::PseudoHeader,
        }
    }
}

impl Default for Garp {
    fn default() -> Self {
        let second = |seconds| Span(Duration::from_secs(seconds));
        Self { count: 5, delay: second(5), repeat: 5, refresh: second(5) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Option<String>,
    interface: String,
    virtual_router_id: Byte,
    #[serde(default = "default_priority")]
    priority: Byte,
    #[serde(default = "default_interval")]
    advert_interval: AdvertInterval,
    addresses: Vec<VirtualAddress>,
    #[serde(default = "default_preempt")]
    preempt: bool,
    #[serde(default)]
    preempt_delay: Span,
    unicast: Option<Unicast>,
    #[serde(default)]
    garp: Garp,
    #[serde(default)]
    track_interfaces: Vec<String>,
    #[serde(default)]
    checksum: Checksum,
}

impl TryFrom<Written> for Instance {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.check_addresses()?;
        written.check_unicast()?;
        written.check_garp()?;
        check_interface("interface", &written.interface)?;
        written
            .track_interfaces
            .iter()
            .try_for_each(|name| check_interface("track_interfaces", name))?;
        let (Byte(virtual_router_id), Byte(priority)) =
            (written.virtual_router_id, written.priority);
        if !written.preempt && !written.preempt_delay.0.is_zero() {
            return Err("preempt_delay: has no effect with preempt: false".to_owned());
        }
        if !written.preempt && priority == OWNER {
            return Err("preempt: an owner (priority 255) always preempts".to_owned());
        }
        Ok(Self {
            name: written.name.unwrap_or_else(|| format!("VI_{virtual_router_id}")),
            interface: written.interface,
            virtual_router_id,
            priority,
            advert_interval: written.advert_interval.0,
            addresses: written.addresses,
            preempt: written.preempt,
            preempt_delay: written.preempt_delay.0,
            unicast: written.unicast,
            garp: written.garp,
            track_interfaces: written.track_interfaces,
            checksum: written.checksum,
        })
    }
}

impl Written {
    fn check_addresses(&self) -> Result<(), String> {
        let Some(first) = self.addresses.first() else {
            return Err("addresses: at least one is needed".to_owned());
        };
        if self.addresses.len() > MAX_ADDRESSES {
            return Err(format!("addresses: at most {MAX_ADDRESSES} fit one advertisement"));
        }
        for (index, one) in self.addresses.iter().enumerate() {
            if one.address.is_ipv4() != first.address.is_ipv4() {
                return Err("addresses: IPv4 and IPv6 need an instance each".to_owned());
            }
            if self.addresses[..index].iter().any(|earlier| earlier.address == one.address) {
                return Err(format!("addresses: {} is listed twice", one.address));
            }
        }
        Ok(())
    }

    fn check_unicast(&self) -> Result<(), String> {
        let Some(unicast) = &self.unicast else { return Ok(()) };
        if unicast.peers.is_empty() {
            return Err("unicast.peers: at least one is needed".to_owned());
        }
        if unicast.peers.contains(&unicast.source) {
            return Err(format!("unicast.peers: {} is our own source", unicast.source));
        }
        let family = |address: &IpAddr| address.is_ipv4();
        let ipv4 = self.addresses.first().is_some_and(|first| family(&first.address));
        if !unicast.peers.iter().chain([&unicast.source]).all(|one| family(one) == ipv4) {
            return Err("unicast: must be of the same family as the addresses".to_owned());
        }
        Ok(())
    }

    fn check_garp(&self) -> Result<(), String> {
        let most = 50;
        if !(1..=most).contains(&self.garp.count) {
            return Err(format!("garp.count: must be 1 to {most}"));
        }
        if self.garp.repeat > most {
            return Err(format!("garp.repeat: must be 0 to {most}"));
        }
        let refresh = self.garp.refresh.0;
        if !refresh.is_zero() && refresh < Duration::from_millis(100) {
            return Err("garp.refresh: must be 0s or at least 100ms".to_owned());
        }
        Ok(())
    }
}

fn check_interface(field: &str, name: &str) -> Result<(), String> {
    let valid = (1..=15).contains(&name.len())
        && !name.contains(|c: char| c == '/' || c == ':' || c.is_whitespace());
    if valid { Ok(()) } else { Err(format!("{field}: '{name}' is not a name of an interface")) }
}

const fn default_priority() -> Byte {
    Byte(100)
}

const fn default_interval() -> AdvertInterval {
    AdvertInterval(Interval::DEFAULT)
}

const fn default_preempt() -> bool {
    true
}
