//! The header that tells a server who its client is (PROXY protocol, sections 2.1 and 2.2).

use std::net::SocketAddr;

use crate::exchange::{Connection, Endpoint};

/// The header of this version (1 or 2) for a connection that was accepted from a client.
#[must_use]
pub fn proxy_header(version: u8, connection: &Connection) -> Vec<u8> {
    let ends = match (&connection.client, &connection.local) {
        (Endpoint::Inet(client), Endpoint::Inet(local)) => Some((*client, *local)),
        _ => None,
    };
    if version == 2 { binary(ends) } else { text(ends) }
}

fn text(ends: Option<(SocketAddr, SocketAddr)>) -> Vec<u8> {
    let Some((from, to)) = ends else { return b"PROXY UNKNOWN\r\n".to_vec() };
    let family = if from.is_ipv4() { "TCP4" } else { "TCP6" };
    let (ip, other) = (from.ip(), to.ip());
    format!("PROXY {family} {ip} {other} {} {}\r\n", from.port(), to.port()).into_bytes()
}

fn binary(ends: Option<(SocketAddr, SocketAddr)>) -> Vec<u8> {
    let mut header = SIGNATURE.to_vec();
    let (family, addresses) = match ends {
        Some((SocketAddr::V4(from), SocketAddr::V4(to))) => {
            (STREAM_V4, [from.ip().octets(), to.ip().octets()].concat())
        }
        Some((SocketAddr::V6(from), SocketAddr::V6(to))) => {
            (STREAM_V6, [from.ip().octets(), to.ip().octets()].concat())
        }
        _ => {
            header.extend([VERSION_2_PROXY, UNSPECIFIED, 0, 0]);
            return header;
        }
    };
    header.extend([VERSION_2_PROXY, family, 0, addresses.len() as u8 + 4]);
    header.extend(addresses);
    for port in ends.iter().flat_map(|(from, to)| [from.port(), to.port()]) {
        header.extend(port.to_be_bytes());
    }
    header
}

const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
const VERSION_2_PROXY: u8 = 0x21;
const UNSPECIFIED: u8 = 0x00;
const STREAM_V4: u8 = 0x11;
const STREAM_V6: u8 = 0x21;

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(from: &str, to: &str) -> Option<(SocketAddr, SocketAddr)> {
        Some((from.parse().unwrap(), to.parse().unwrap()))
    }

    #[test]
    fn version_1_is_a_line() {
        let line = text(ends("192.0.2.1:5", "198.51.100.2:80"));
        assert_eq!(line, b"PROXY TCP4 192.0.2.1 198.51.100.2 5 80\r\n");
        let line = text(ends("[2001:db8::1]:5", "[2001:db8::2]:80"));
        assert_eq!(line, b"PROXY TCP6 2001:db8::1 2001:db8::2 5 80\r\n");
        assert_eq!(text(None), b"PROXY UNKNOWN\r\n");
    }

    #[test]
    fn version_2_is_binary() {
        let header = binary(ends("192.0.2.1:5", "198.51.100.2:80"));
        assert_eq!(header[12..16], [0x21, 0x11, 0, 12]);
        assert_eq!(header[16..], [192, 0, 2, 1, 198, 51, 100, 2, 0, 5, 0, 80]);
        let header = binary(ends("[::1]:5", "[::2]:80"));
        assert_eq!((header[12..16].to_vec(), header.len()), (vec![0x21, 0x21, 0, 36], 52));
        assert_eq!(binary(None)[12..], [0x21, 0, 0, 0]);
    }
}
