//! Lists of addresses and networks.

use std::net::IpAddr;

/// Networks of both families: single addresses are hashed, the others searched by prefix length.
#[derive(Debug, Default)]
pub struct Networks {
    /// For each prefix length in use, the networks of that length. IPv4 is kept apart by its
    /// mapped form, whose prefix is 96 bits longer.
    by_length: Vec<(u8, std::collections::HashSet<u128>)>,
}

impl Networks {
    /// Parses `address`, `address/length` and `address/mask`.
    ///
    /// # Errors
    /// One sentence and the position of the pattern.
    pub fn parse(patterns: &[(usize, String)]) -> Result<Self, (usize, String)> {
        let mut networks = Self::default();
        for (at, text) in patterns {
            let (bits, length) = network(text)
                .ok_or_else(|| (*at, format!("'{text}' is not a valid IPv4 or IPv6 address")))?;
            networks.insert(bits, length);
        }
        // Long prefixes first: single addresses are the most frequent patterns.
        networks.by_length.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        Ok(networks)
    }

    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        let bits = mapped(ip);
        self.by_length.iter().any(|(length, set)| set.contains(&masked(bits, *length)))
    }

    fn insert(&mut self, bits: u128, length: u8) {
        let bits = masked(bits, length);
        match self.by_length.iter_mut().find(|(known, _)| *known == length) {
            Some((_, set)) => {
                set.insert(bits);
            }
            None => self.by_length.push((length, std::iter::once(bits).collect())),
        }
    }
}

fn network(text: &str) -> Option<(u128, u8)> {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let ip: IpAddr = address.parse().ok()?;
    let width = if ip.is_ipv4() { 32 } else { 128 };
    let length = match mask {
        None => width,
        Some(mask) => mask.parse::<u8>().ok().or_else(|| mask_length(mask))?,
    };
    (length <= width).then(|| (mapped(ip), length + (128 - width)))
}

/// The length of a dotted mask whose ones come first.
fn mask_length(mask: &str) -> Option<u8> {
    let bits = u32::from(mask.parse::<std::net::Ipv4Addr>().ok()?);
    let length = bits.leading_ones();
    (bits.checked_shl(length).unwrap_or(0) == 0).then_some(length as u8)
}

fn mapped(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(ip.to_ipv6_mapped()),
        IpAddr::V6(ip) => u128::from(ip),
    }
}

fn masked(bits: u128, length: u8) -> u128 {
    if length == 0 { 0 } else { bits & (u128::MAX << (128 - u32::from(length))) }
}
