//! Frontends: where connections come in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use super::plan::{ErrorPages, Logging, Mode, Timeouts};
use crate::live;
use crate::pattern::Acl;
use crate::rule::{Condition, Ruleset};
use crate::sample::Format;
use crate::syntax::span::Span;

/// A `frontend`, or the front half of a `listen`.
#[derive(Debug)]
pub struct Frontend {
    pub name: String,
    /// The proxy's number (`iid`), shared with the backend of the same `listen`.
    pub id: u32,
    pub mode: Mode,
    pub binds: Vec<Bind>,
    /// Declaration of the section, for messages.
    pub span: Span,
    pub timeouts: Timeouts,
    pub logging: Logging,
    pub tcp_request_connection: Ruleset,
    pub tcp_request_session: Ruleset,
    pub tcp_request_content: Ruleset,
    /// `tcp-request inspect-delay`, in milliseconds.
    pub inspect_delay: u64,
    pub http_request: Ruleset,
    pub http_response: Ruleset,
    pub http_after_response: Ruleset,
    pub switches: Vec<Switch>,
    /// Index of the default backend in the plan.
    pub default_backend: Option<usize>,
    /// `option forwardfor`.
    pub forward_for: Option<ForwardFor>,
    pub stats: Option<Arc<StatsPage>>,
    pub error_pages: ErrorPages,
    /// `option httpclose`.
    pub http_close: bool,
    /// `option dontlognull`'s companion: silent closing of unused connections.
    pub ignore_probes: bool,
    /// `option tcpka` / `option clitcpka`.
    pub tcp_keep_alive: bool,
    /// `backlog`; `None` is the connection limit.
    pub backlog: Option<i32>,
    /// Header names to capture, with the most bytes to keep.
    pub request_captures: Vec<(String, usize)>,
    pub response_captures: Vec<(String, usize)>,
    pub acls: Vec<Arc<Acl>>,
    /// `monitor-uri`: answered 200 by the frontend itself.
    pub monitor_uri: Option<String>,
    pub live: Arc<live::Proxy>,
}

/// One listening address of a `bind` line.
#[derive(Clone, Debug)]
pub struct Bind {
    pub listen: Listen,
    pub span: Span,
    /// `name` of the bind line.
    pub name: Option<String>,
    /// `mode`, `uid`, `gid` of a unix socket.
    pub mode: Option<u32>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub backlog: Option<i32>,
    pub interface: Option<String>,
    pub transparent: bool,
    /// The address may be one that this machine does not have yet: a virtual address.
    pub free: bool,
    pub v6only: bool,
    pub v4v6: bool,
}

impl Bind {
    /// A listener without options.
    #[must_use]
    pub fn on(listen: Listen) -> Self {
        Self {
            listen,
            span: Span::default(),
            name: None,
            mode: None,
            uid: None,
            gid: None,
            backlog: None,
            interface: None,
            transparent: false,
            free: false,
            v6only: false,
            v4v6: false,
        }
    }
}

/// What a listener binds to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    Inet(SocketAddr),
    Unix(PathBuf),
    /// An abstract unix socket.
    Abstract(String),
    /// A listening socket inherited as a file descriptor.
    Fd(i32),
}

/// `use_backend`.
#[derive(Debug)]
pub struct Switch {
    pub destination: Destination,
    pub condition: Option<Condition>,
}

/// Where a `use_backend` rule leads.
#[derive(Clone, Debug)]
pub enum Destination {
    /// Index in the plan.
    Backend(usize),
    /// The name is made for each stream.
    Named(Format),
}

/// `option forwardfor`.
#[derive(Clone, Debug)]
pub struct ForwardFor {
    pub header: String,
    /// Clients whose own field is kept and to which nothing is added.
    pub except: Option<(std::net::IpAddr, u8)>,
    pub if_none: bool,
}

/// `stats enable`, `stats uri` and their companions.
#[derive(Clone, Debug)]
pub struct StatsPage {
    pub uri: String,
    /// Seconds.
    pub refresh: Option<u64>,
    pub realm: String,
    /// `user:password` pairs.
    pub users: Vec<String>,
    pub hide_version: bool,
    pub show_legends: bool,
    pub show_node: Option<String>,
    pub show_description: Option<String>,
    /// `stats scope`: names of the proxies shown; empty shows all.
    pub scope: Vec<String>,
}
