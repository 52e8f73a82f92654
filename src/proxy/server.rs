//! Servers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use crate::live;
use crate::syntax::span::Span;

/// A `server` line.
#[derive(Debug)]
pub struct Server {
    pub name: String,
    /// Position in its backend, from 1 (`sid`).
    pub id: u32,
    pub span: Span,
    pub address: ServerAddress,
    /// The weight in the configuration, 0 to 256.
    pub weight: u32,
    pub backup: bool,
    /// `maxconn`; 0 is no limit.
    pub maxconn: u32,
    /// `maxqueue`; 0 is no limit.
    pub maxqueue: u32,
    pub cookie: Option<String>,
    pub check: Option<CheckSettings>,
    /// `send-proxy` (1) or `send-proxy-v2` (2); 0 is neither.
    pub send_proxy: u8,
    /// `pool-max-conn`; `None` is no limit.
    pub pool_max_conn: Option<usize>,
    /// `pool-purge-delay`, milliseconds.
    pub pool_purge_delay: u64,
    /// `source`.
    pub source: Option<SocketAddr>,
    pub live: Arc<live::Server>,
}

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerAddress {
    Inet(SocketAddr),
    /// The port is the client's destination port plus this offset (no port, or `+n`, `-n`).
    InetOffset(std::net::IpAddr, i32),
    Unix(PathBuf),
    Abstract(String),
}

/// `check` and its companions; times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct CheckSettings {
    pub inter: u64,
    /// While going down or up; `inter` if not set.
    pub fastinter: Option<u64>,
    /// While down; `inter` if not set.
    pub downinter: Option<u64>,
    pub rise: i32,
    pub fall: i32,
    /// `addr` and `port` of the check.
    pub address: Option<std::net::IpAddr>,
    pub port: Option<u16>,
    pub send_proxy: bool,
}

impl Server {
    /// All of `maxconn` in use.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let limit = self.live.maxconn.load(std::sync::atomic::Ordering::Relaxed);
        limit != 0 && self.live.sessions() >= u64::from(limit)
    }
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self {
            inter: 2_000,
            fastinter: None,
            downinter: None,
            rise: 2,
            fall: 3,
            address: None,
            port: None,
            send_proxy: false,
        }
    }
}

impl ServerAddress {
    /// The address and port, where they are known without a client.
    #[must_use]
    pub fn inet(&self) -> Option<SocketAddr> {
        match self {
            Self::Inet(address) => Some(*address),
            Self::InetOffset(ip, _) => Some(SocketAddr::new(*ip, 0)),
            Self::Unix(_) | Self::Abstract(_) => None,
        }
    }
}

impl std::fmt::Display for ServerAddress {
    /// As the `addr` column of the statistics gives it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inet(address) => address.fmt(f),
            Self::InetOffset(ip, offset) => write!(f, "{ip}:{offset:+}"),
            Self::Unix(path) => write!(f, "unix@{}", path.display()),
            Self::Abstract(name) => write!(f, "abns@{name}"),
        }
    }
}
