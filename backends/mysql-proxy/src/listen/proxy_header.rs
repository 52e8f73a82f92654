//! The PROXY protocol's header, in which a load balancer in front says who its client is.
//!
//! Apart because it is pure and not MySQL. Source: HAProxy's `doc/proxy-protocol.txt`, sections 2.1
//! (version 1, text) and 2.2 (version 2, binary).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A header that has arrived whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ProxyHeader {
    /// Bytes that it takes.
    pub(super) length: usize,
    /// The client; `None` if the load balancer speaks for itself (a health check) or does not know.
    pub(super) client: Option<SocketAddr>,
}

/// The bytes are no PROXY header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoHeader;

impl ProxyHeader {
    /// Reads the header that `input` begins with; `Ok(None)` if more is needed.
    pub(super) fn parse(input: &[u8]) -> Result<Option<Self>, NoHeader> {
        if starts_alike(input, V2_SIGNATURE) {
            parse_v2(input)
        } else if starts_alike(input, b"PROXY ") {
            parse_v1(input)
        } else {
            Err(NoHeader)
        }
    }
}

/// Whether `input` begins with `start`, as far as it has come.
fn starts_alike(input: &[u8], start: &[u8]) -> bool {
    input.iter().zip(start).all(|(a, b)| a == b)
}

fn parse_v1(input: &[u8]) -> Result<Option<ProxyHeader>, NoHeader> {
    let line = &input[..input.len().min(V1_LIMIT)];
    let Some(end) = line.windows(2).position(|pair| pair == b"\r\n") else {
        return if line.len() < V1_LIMIT { Ok(None) } else { Err(NoHeader) };
    };
    let text = std::str::from_utf8(&line[..end]).map_err(|_| NoHeader)?;
    let mut words = text.split(' ').skip(1);
    let client = match words.next() {
        Some("UNKNOWN") => None,
        Some("TCP4") => Some(v1_client::<Ipv4Addr>(words)?),
        Some("TCP6") => Some(v1_client::<Ipv6Addr>(words)?),
        _ => return Err(NoHeader),
    };
    Ok(Some(ProxyHeader { length: end + 2, client }))
}

/// The source out of "source destination source-port destination-port".
fn v1_client<'a, A>(words: impl Iterator<Item = &'a str>) -> Result<SocketAddr, NoHeader>
where
    A: std::str::FromStr + Into<IpAddr>,
{
    let words: Vec<_> = words.take(5).collect();
    let &[source, destination, source_port, destination_port] = words.as_slice() else {
        return Err(NoHeader);
    };
    let address = |text: &str| text.parse::<A>().map_err(|_| NoHeader);
    let port = |text: &str| text.parse::<u16>().map_err(|_| NoHeader);
    address(destination)?;
    port(destination_port)?;
    Ok(SocketAddr::new(address(source)?.into(), port(source_port)?))
}

fn parse_v2(input: &[u8]) -> Result<Option<ProxyHeader>, NoHeader> {
    let Some(fixed) = input.get(..V2_FIXED) else { return Ok(None) };
    let (command, family) = (fixed[12], fixed[13]);
    let rest = usize::from(u16::from_be_bytes([fixed[14], fixed[15]]));
    if rest > V2_LIMIT {
        return Err(NoHeader);
    }
    let length = V2_FIXED + rest;
    let Some(body) = input.get(V2_FIXED..length) else { return Ok(None) };
    let client = match (command, family) {
        (0x20, _) => None,
        (0x21, 0x11) => Some(v2_client::<4>(body)?),
        (0x21, 0x21) => Some(v2_client::<16>(body)?),
        // Datagrams, Unix sockets, unspecified: a valid header that names no TCP client.
        (0x21, _) => None,
        _ => return Err(NoHeader),
    };
    Ok(Some(ProxyHeader { length, client }))
}

/// The source out of two addresses of `N` bytes and two ports.
fn v2_client<const N: usize>(body: &[u8]) -> Result<SocketAddr, NoHeader>
where
    IpAddr: From<[u8; N]>,
{
    let address = body.first_chunk::<N>().ok_or(NoHeader)?;
    let ports = body.get(2 * N..).and_then(<[u8]>::first_chunk::<4>).ok_or(NoHeader)?;
    let port = u16::from_be_bytes([ports[0], ports[1]]);
    Ok(SocketAddr::new(IpAddr::from(*address), port))
}

const V2_SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
const V2_FIXED: usize = 16;
/// Addresses and extensions beyond this are refused.
const V2_LIMIT: usize = 2048;
/// The longest line of version 1, its end included.
const V1_LIMIT: usize = 107;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(input: &[u8], client: Option<&str>) {
        let client = client.map(|text| text.parse().unwrap());
        let header = ProxyHeader { length: input.len(), client };
        let with_more = [input, b"\x01\0"].concat();
        assert_eq!(ProxyHeader::parse(&with_more), Ok(Some(header)));
        for end in 0..input.len() {
            assert_eq!(ProxyHeader::parse(&input[..end]), Ok(None), "{end} bytes");
        }
    }

    #[test]
    fn version_1_names_the_client() {
        // The worked examples of section 2.1.
        whole(b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", Some("192.168.0.1:56324"));
        whole(b"PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n", Some("[2001:db8::1]:1"));
        whole(b"PROXY UNKNOWN ffff:f...f:ffff 65535 65535\r\n", None);
    }

    #[test]
    fn version_2_names_the_client() {
        let v4 = [V2_SIGNATURE, b"\x21\x11\0\x0c\x0a\0\0\x01\x0a\0\0\x02\x30\x39\x0c\xea"].concat();
        whole(&v4, Some("10.0.0.1:12345"));
        let extended =
            [V2_SIGNATURE, b"\x21\x11\0\x10\x0a\0\0\x01\x0a\0\0\x02\x30\x39\x0c\xea\x04\0\x01x"];
        whole(&extended.concat(), Some("10.0.0.1:12345"));
        whole(&[V2_SIGNATURE, b"\x20\0\0\0"].concat(), None);
    }

    #[test]
    fn anything_else_is_no_header() {
        for input in [
            &b"\x20\0\0\x01\x05"[..],
            b"PROXY TCP4 10.0.0.1 10.0.0.2 1\r\n",
            b"PROXY TCP4 10.0.0.1 10.0.0.2 1 99999\r\n",
            b"PROXY TCP4 ::1 10.0.0.2 1 2\r\n",
            b"PROXY UDP4 10.0.0.1 10.0.0.2 1 2\r\n",
            &[b'P', b'R', b'O', b'X', b'Y', b' '].repeat(20),
            &[V2_SIGNATURE, b"\x31\x11\0\0"].concat(),
            &[V2_SIGNATURE, b"\x21\x11\0\x04abcd"].concat(),
            &[V2_SIGNATURE, b"\x21\x11\xff\xff"].concat(),
        ] {
            assert_eq!(ProxyHeader::parse(input), Err(NoHeader), "{input:02x?}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(
            version in 0..3usize,
            tail in prop::collection::vec(any::<u8>(), 0..120),
        ) {
            let start = [&b""[..], b"PROXY TCP4 ", V2_SIGNATURE][version];
            let _ = ProxyHeader::parse(&[start, &tail].concat());
        }
    }
}
