//! Addresses and networks. Networks of one family nest or are apart, so that the finest one
//! around an address is found by a binary search over the places where it changes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

use super::Visit;
use crate::pattern::read::Pattern;

/// An address under a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pattern) enum Network {
    V4 { bits: u32, mask: u32 },
    V6 { bits: u128, mask: u128 },
}

/// Networks of both families.
#[derive(Debug)]
pub(in crate::pattern) struct Networks {
    v4: Nested<u32>,
    v6: Nested<u128>,
    /// Those whose masks have holes: address, mask, item.
    odd: Vec<(u32, u32, u32)>,
}

/// Networks of one family.
#[derive(Debug)]
struct Nested<A> {
    /// Where the finest network around an address changes, ascending.
    starts: Vec<A>,
    /// The one from there on: a place in `items`, or `NONE`.
    finest: Vec<u32>,
    items: Vec<u32>,
    /// The network around each one.
    parents: Vec<u32>,
}

impl Networks {
    pub(super) fn build(patterns: &[Pattern]) -> Self {
        let (mut v4, mut v6, mut odd) = (Vec::new(), Vec::new(), Vec::new());
        for (pattern, item) in patterns.iter().zip(0..) {
            match *pattern {
                Pattern::Network(Network::V4 { bits, mask }) => {
                    if mask.leading_ones() == mask.count_ones() {
                        v4.push((bits, bits | !mask, item));
                    } else {
                        odd.push((bits, mask, item));
                    }
                }
                Pattern::Network(Network::V6 { bits, mask }) => v6.push((bits, bits | !mask, item)),
                _ => {}
            }
        }
        Self {
            v4: Nested::build(v4, |end| end.checked_add(1)),
            v6: Nested::build(v6, |end| end.checked_add(1)),
            odd,
        }
    }

    /// Items whose network has the address, the finest first; then those of the other family
    /// that have its equivalent.
    pub(super) fn visit(&self, ip: IpAddr, visit: Visit<'_>) -> bool {
        match ip {
            IpAddr::V4(ip) => {
                self.visit_v4(ip, visit) || self.v6.visit(u128::from(ip.to_ipv6_mapped()), visit)
            }
            IpAddr::V6(ip) => {
                self.v6.visit(u128::from(ip), visit)
                    || embedded(ip).is_some_and(|ip| self.visit_v4(ip, visit))
            }
        }
    }

    fn visit_v4(&self, ip: Ipv4Addr, visit: Visit<'_>) -> bool {
        let ip = u32::from(ip);
        self.v4.visit(ip, visit)
            || self.odd.iter().any(|(bits, mask, item)| ip & mask == *bits && visit(*item))
    }
}

impl<A: Copy + Ord> Nested<A> {
    /// Of first and last address and item each.
    fn build(mut networks: Vec<(A, A, u32)>, next: fn(A) -> Option<A>) -> Self {
        // Outer ones first; of the same network the first declared is innermost.
        networks.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2)));
        let mut nested = Self {
            starts: Vec::new(),
            finest: Vec::new(),
            items: networks.iter().map(|(_, _, item)| *item).collect(),
            parents: Vec::with_capacity(networks.len()),
        };
        let mut open: Vec<usize> = Vec::new();
        for (place, (start, _, _)) in networks.iter().enumerate() {
            nested.close(&mut open, &networks, Some(*start), next);
            nested.parents.push(open.last().map_or(NONE, |parent| *parent as u32));
            nested.change(*start, place as u32);
            open.push(place);
        }
        nested.close(&mut open, &networks, None, next);
        nested.starts.shrink_to_fit();
        nested.finest.shrink_to_fit();
        nested
    }

    /// Ends the networks that lie before `until`.
    fn close(
        &mut self,
        open: &mut Vec<usize>,
        networks: &[(A, A, u32)],
        until: Option<A>,
        next: fn(A) -> Option<A>,
    ) {
        while let Some(&last) = open.last() {
            let end = networks[last].1;
            if until.is_some_and(|until| end >= until) {
                return;
            }
            open.pop();
            if let Some(after) = next(end) {
                self.change(after, open.last().map_or(NONE, |place| *place as u32));
            }
        }
    }

    fn change(&mut self, start: A, place: u32) {
        if self.starts.last() == Some(&start) {
            self.finest.pop();
        } else {
            self.starts.push(start);
        }
        self.finest.push(place);
    }

    fn visit(&self, address: A, visit: Visit<'_>) -> bool {
        let at = self.starts.partition_point(|start| *start <= address);
        let Some(at) = at.checked_sub(1) else { return false };
        let mut place = self.finest[at];
        while place != NONE {
            if visit(self.items[place as usize]) {
                return true;
            }
            place = self.parents[place as usize];
        }
        false
    }
}

/// Reads `address`, `address/length`, `address/mask`; names only if `resolve` says so. IPv4 may
/// leave out its middle numbers, as in `127.1`.
///
/// # Errors
/// HAProxy's sentence.
pub(in crate::pattern) fn parse(text: &str, resolve: bool) -> Result<Network, String> {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let network = match short_v4(address) {
        Some(ip) => v4(ip, mask),
        None => match address.parse::<Ipv6Addr>() {
            Ok(ip) => v6(ip, mask),
            Err(_) if resolve => named(address).and_then(|ip| match ip {
                IpAddr::V4(ip) => v4(ip, mask),
                IpAddr::V6(ip) => v6(ip, mask),
            }),
            Err(_) => None,
        },
    };
    network.ok_or_else(|| format!("'{text}' is not a valid IPv4 or IPv6 address"))
}

fn v4(ip: Ipv4Addr, mask: Option<&str>) -> Option<Network> {
    let mask = match mask {
        None => u32::MAX,
        Some(mask) => match mask.parse::<u32>() {
            Ok(length @ 0..=32) => u32::MAX.checked_shl(32 - length).unwrap_or(0),
            Ok(_) => return None,
            Err(_) => u32::from(mask.parse::<Ipv4Addr>().ok()?),
        },
    };
    Some(Network::V4 { bits: u32::from(ip) & mask, mask })
}

fn v6(ip: Ipv6Addr, mask: Option<&str>) -> Option<Network> {
    let length = mask.map_or(Some(128), |mask| mask.parse::<u32>().ok())?;
    if length > 128 {
        return None;
    }
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
    Some(Network::V6 { bits: u128::from(ip) & mask, mask })
}

/// One to four numbers; the last fills what is left.
fn short_v4(text: &str) -> Option<Ipv4Addr> {
    if let Ok(ip) = text.parse() {
        return Some(ip);
    }
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let mut numbers: Vec<u32> = text.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let last = numbers.pop()?;
    let bits = 8 * (4 - u32::try_from(numbers.len()).ok().filter(|count| *count < 4)?);
    if u64::from(last) >> bits != 0 || numbers.iter().any(|number| *number > 255) {
        return None;
    }
    let head = numbers.iter().zip([24, 16, 8]).map(|(number, shift)| number << shift).sum::<u32>();
    Some(Ipv4Addr::from(head | last))
}

fn named(name: &str) -> Option<IpAddr> {
    let addresses: Vec<_> = (name, 0).to_socket_addrs().ok()?.map(|address| address.ip()).collect();
    addresses.iter().find(|ip| ip.is_ipv4()).or(addresses.first()).copied()
}

/// The IPv4 address within a mapped, compatible or 6to4 one.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = u128::from(ip);
    match (bits >> 32, bits >> 112) {
        (0 | 0xffff, _) => Some(Ipv4Addr::from(bits as u32)),
        (_, 0x2002) => Some(Ipv4Addr::from((bits >> 80) as u32)),
        _ => None,
    }
}

const NONE: u32 = u32::MAX;
