//! Who the client is when proxies stand between.

use std::net::IpAddr;

use ipnetwork::IpNetwork;

/// The address nearest to us that is not one of the `trusted` proxies. `forwarded` is believed only
/// as far as trusted proxies wrote it: from its right end, up to the first stranger.
pub fn client_address(peer: IpAddr, forwarded: Option<&str>, trusted: &[IpNetwork]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer;
    for written in forwarded.unwrap_or_default().rsplit(',') {
        if !is_trusted(client) {
            break;
        }
        match parse(written.trim()) {
            Some(address) => client = address,
            None => break,
        }
    }
    client
}

/// An address, with or without the brackets and port that some proxies add.
fn parse(text: &str) -> Option<IpAddr> {
    let plain = text.parse().ok();
    let bracketed = || text.strip_prefix('[')?.split_once(']')?.0.parse().ok();
    let with_port = || text.parse().ok().map(|socket: std::net::SocketAddr| socket.ip());
    plain.or_else(with_port).or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        for (peer, forwarded, expected) in [
            ("10.0.0.1", Some("192.0.2.7"), "192.0.2.7"),
            ("10.0.0.1", Some("1.1.1.1, 192.0.2.7, 10.9.9.9"), "192.0.2.7"),
            ("10.0.0.1", Some("10.1.1.1"), "10.1.1.1"),
            ("10.0.0.1", Some("192.0.2.7, junk"), "10.0.0.1"),
            ("10.0.0.1", Some("192.0.2.7:4711"), "192.0.2.7"),
            ("::1", Some("[2001:db8::1]:80"), "2001:db8::1"),
            ("::1", Some("[2001:db8::1]"), "2001:db8::1"),
            ("10.0.0.1", None, "10.0.0.1"),
            ("192.0.2.1", Some("6.6.6.6"), "192.0.2.1"),
        ] {
            let client = client_address(peer.parse().unwrap(), forwarded, &trusted);
            assert_eq!(client.to_string(), expected, "{peer} {forwarded:?}");
        }
    }
}
