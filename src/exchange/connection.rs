//! The client's connection.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Inet(SocketAddr),
    /// A unix socket; the number is the listener's, as HAProxy logs `unix:1`.
    Unix(u32),
}

impl Endpoint {
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Inet(address) => Some(address.ip()),
            Self::Unix(_) => None,
        }
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        match self {
            Self::Inet(address) => address.port(),
            Self::Unix(_) => 0,
        }
    }
}

impl fmt::Display for Endpoint {
    /// As in logs: address, colon, port; IPv6 without brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ip(), self) {
            (Some(ip), _) => write!(f, "{ip}:{}", self.port()),
            (None, Self::Unix(id)) => write!(f, "unix:{id}"),
            (None, Self::Inet(_)) => Ok(()),
        }
    }
}

/// What is known of the client's connection.
#[derive(Clone, Debug)]
pub struct Connection {
    pub client: Endpoint,
    pub local: Endpoint,
    /// Microseconds of the worker's clock.
    pub accepted_us: u64,
    /// Position of the `bind` line in its frontend.
    pub listener: u16,
}
