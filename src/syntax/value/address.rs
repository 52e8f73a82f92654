//! Addresses (manual section 2.9).

use std::net::{Ipv4Addr, Ipv6Addr};

/// An address as `bind`, `server`, `log` and `nameserver` take it.
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
    /// Any address; which ports make sense is left to the statement.
    pub fn parse(text: &str) -> Result<Self, String> {
        Err(text.to_owned())
    }

    /// The comma-separated addresses of a `bind` line; a port or range is mandatory on internet
    /// addresses.
    pub fn parse_bind(text: &str) -> Result<Vec<Self>, String> {
        Err(text.to_owned())
    }

    /// The address of a `server` line: one port, an offset, or none.
    pub fn parse_server(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}
