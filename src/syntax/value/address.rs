//! Addresses as `bind`, `server`, `log` and `nameserver` take them (manual section 2.9). Host
//! names stay names: nothing is resolved here.

mod inet;

use std::net::{Ipv4Addr, Ipv6Addr};

/// An address and, if its prefix says so, how it is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Forced by a prefix (`udp@`, `quic4@`, `stream+…`); `None` leaves it to the statement.
    pub transport: Option<Transport>,
    pub target: Target,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Stream,
    Datagram,
    Quic,
    Mptcp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Inet {
        family: Family,
        host: Host,
        port: Port,
    },
    Unix(String),
    /// `abns@` and, zero-terminated, `abnsz@`.
    Abstract {
        name: String,
        zero_terminated: bool,
    },
    /// `fd@`: a socket inherited from the parent.
    Fd(u32),
    /// `sockpair@`: the descriptor over which sockets are passed.
    SocketPair(u32),
}

/// The family a prefix forces on an internet address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Any,
    V4,
    V6,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// `*` or nothing: every address of the family (IPv4 when the family is `Any`).
    Unspecified,
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    /// A host name, not resolved here.
    Name(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// No port written.
    None,
    Number(u16),
    /// `first-last`, both included.
    Range(u16, u16),
    /// `+n` or `-n`: relative to the port the client connected to (`server` only).
    Offset(i32),
}

impl Address {
    /// Any address; which transports and ports make sense is left to the statement.
    ///
    /// # Errors
    ///
    /// A sentence without the keyword's name: "invalid port '65536' in ':65536'".
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::parse_for(Use::Any, text)
    }

    fn parse_for(whose: Use, text: &str) -> Result<Self, String> {
        if text.is_empty() || is_variable(text) {
            return Err(format!(
                "'{text}' resolves to an empty address (environment variable missing?)"
            ));
        }
        let (transport, kind, rest) = prefix(text);
        let target = match kind {
            Kind::Inet(family) => inet::parse(rest, family, whose == Use::Bind)
                .map(|(host, port)| Target::Inet { family, host, port })
                .map_err(|mistake| mistake.about(text, whose))?,
            Kind::Unix => Target::Unix(bounded(rest, MAX_PATH, text)?),
            Kind::Abstract { zero_terminated } => {
                Target::Abstract { name: bounded(rest, MAX_ABSTRACT, text)?, zero_terminated }
            }
            Kind::Fd => Target::Fd(descriptor(rest, text)?),
            Kind::SocketPair => Target::SocketPair(descriptor(rest, text)?),
            Kind::Reverse => return Err(format!("address family not supported in '{text}'")),
        };
        Ok(Self { transport, target })
    }

    /// The comma-separated addresses of a `bind` line; a port or range is mandatory on internet
    /// addresses.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and for addresses one cannot listen on.
    pub fn parse_bind(text: &str) -> Result<Vec<Self>, String> {
        let list = text.strip_suffix(',').unwrap_or(text);
        list.split(',').map(|text| Self::parse_for(Use::Bind, text)?.listenable(text)).collect()
    }

    /// The address of a `server` line: one port, an offset, or none.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and for addresses one cannot connect to.
    pub fn parse_server(text: &str) -> Result<Self, String> {
        let address = Self::parse_for(Use::Server, text)?;
        match &address.target {
            Target::Inet { port: Port::Range(..), .. } => {
                Err(format!("port range not permitted here in '{text}'"))
            }
            Target::Fd(_) => Err(format!("a file descriptor is not acceptable here in '{text}'")),
            _ if address.transport == Some(Transport::Datagram) => {
                Err(format!("a server cannot be reached over datagrams, in '{text}'"))
            }
            _ => Ok(address),
        }
    }

    fn listenable(self, text: &str) -> Result<Self, String> {
        if self.transport == Some(Transport::Datagram) {
            return Err(format!("dgram-type address not acceptable in '{text}'"));
        }
        let Target::Inet { port, .. } = &self.target else { return Ok(self) };
        match port {
            Port::None => Err(format!("missing port specification in '{text}'")),
            Port::Number(0) | Port::Range(0, _) => Err("invalid port '0'".to_owned()),
            Port::Offset(_) => Err(format!("port offset not permitted here in '{text}'")),
            Port::Number(_) | Port::Range(..) => Ok(self),
        }
    }
}

/// Who wants the address, which decides how HAProxy minds it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Bind,
    Server,
    Any,
}

/// What the text behind the prefix is.
#[derive(Clone, Copy)]
enum Kind {
    Inet(Family),
    Unix,
    Abstract {
        zero_terminated: bool,
    },
    Fd,
    SocketPair,
    /// `rhttp@`, experimental in HAProxy.
    Reverse,
}

fn prefix(text: &str) -> (Option<Transport>, Kind, &str) {
    let known = text.split_once('@').and_then(|(prefix, rest)| {
        let alias = PREFIXES.iter().find(|(name, ..)| *name == prefix);
        if let Some(&(_, transport, kind)) = alias {
            return Some((transport, kind, rest));
        }
        let (forced, family) = prefix.split_once('+')?;
        let &(_, transport) = FORCED.iter().find(|(name, _)| *name == forced)?;
        let &(_, _, kind) =
            PREFIXES.iter().find(|(name, own, _)| *name == family && own.is_none())?;
        Some((Some(transport), kind, rest))
    });
    match known {
        Some(known) => known,
        None if text.starts_with('/') => (None, Kind::Unix, text),
        None => (None, Kind::Inet(Family::Any), text),
    }
}

/// A reference that the reader of the configuration would have replaced if it stood for anything.
fn is_variable(text: &str) -> bool {
    let name = text.strip_prefix('$').map(|name| name.trim_matches(['{', '}']));
    name.is_some_and(|name| name.bytes().all(|each| each.is_ascii_alphanumeric() || each == b'_'))
}

fn bounded(path: &str, most: usize, text: &str) -> Result<String, String> {
    if path.len() > most {
        return Err(format!("socket path '{text}' too long (max {most})"));
    }
    Ok(path.to_owned())
}

fn descriptor(number: &str, text: &str) -> Result<u32, String> {
    let digits = number.bytes().all(|each| each.is_ascii_digit());
    let parsed = number.parse::<u32>().ok().filter(|&each| digits && i32::try_from(each).is_ok());
    parsed.ok_or_else(|| format!("file descriptor '{number}' is not a valid integer in '{text}'"))
}

/// Manual sections 2.9.1 and 2.9.3.
const PREFIXES: &[(&str, Option<Transport>, Kind)] = &[
    ("abns", None, Kind::Abstract { zero_terminated: false }),
    ("abnsz", None, Kind::Abstract { zero_terminated: true }),
    ("fd", None, Kind::Fd),
    ("ip", None, Kind::Inet(Family::Any)),
    ("ipv4", None, Kind::Inet(Family::V4)),
    ("ipv6", None, Kind::Inet(Family::V6)),
    ("rhttp", None, Kind::Reverse),
    ("sockpair", None, Kind::SocketPair),
    ("unix", None, Kind::Unix),
    ("mptcp", Some(Transport::Mptcp), Kind::Inet(Family::Any)),
    ("mptcp4", Some(Transport::Mptcp), Kind::Inet(Family::V4)),
    ("mptcp6", Some(Transport::Mptcp), Kind::Inet(Family::V6)),
    ("quic4", Some(Transport::Quic), Kind::Inet(Family::V4)),
    ("quic6", Some(Transport::Quic), Kind::Inet(Family::V6)),
    ("tcp", Some(Transport::Stream), Kind::Inet(Family::Any)),
    ("tcp4", Some(Transport::Stream), Kind::Inet(Family::V4)),
    ("tcp6", Some(Transport::Stream), Kind::Inet(Family::V6)),
    ("udp", Some(Transport::Datagram), Kind::Inet(Family::Any)),
    ("udp4", Some(Transport::Datagram), Kind::Inet(Family::V4)),
    ("udp6", Some(Transport::Datagram), Kind::Inet(Family::V6)),
    ("uxdg", Some(Transport::Datagram), Kind::Unix),
    ("uxst", Some(Transport::Stream), Kind::Unix),
];

/// Manual section 2.9.2.
const FORCED: &[(&str, Transport)] =
    &[("stream", Transport::Stream), ("dgram", Transport::Datagram), ("quic", Transport::Quic)];

/// Bytes: `sockaddr_un` holds 108, HAProxy keeps some of them for a temporary name.
const MAX_PATH: usize = 97;
const MAX_ABSTRACT: usize = 107;

#[cfg(test)]
mod tests;
