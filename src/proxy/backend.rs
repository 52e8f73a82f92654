//! Backends: groups of servers and how one is chosen.

use std::sync::Arc;

use super::frontend::{ForwardFor, StatsPage};
use super::plan::{ErrorPages, Logging, Mode, Timeouts};
use super::server::Server;
use super::stick::Stick;
use crate::balance::Balance;
use crate::health;
use crate::live;
use crate::rule::Ruleset;
use crate::sample::Expression;
use crate::syntax::span::Span;

/// A `backend`, or the back half of a `listen`.
#[derive(Debug)]
pub struct Backend {
    pub name: String,
    pub id: u32,
    pub mode: Mode,
    pub span: Span,
    pub servers: Vec<Server>,
    pub algorithm: Algorithm,
    pub hash_type: HashType,
    /// What is hashed, where the algorithm does not say it all itself.
    pub hash_input: Option<HashInput>,
    pub balance: Balance,
    pub timeouts: Timeouts,
    /// `retries`.
    pub retries: u32,
    /// `option redispatch` and its interval; `None` is off.
    pub redispatch: Option<i32>,
    pub reuse: Reuse,
    /// `option httpclose` / `option http-server-close`.
    pub http_close: bool,
    pub server_close: bool,
    pub persistence: Option<Persistence>,
    pub sticks: Vec<Stick>,
    pub check: health::Kind,
    pub tcp_request_content: Ruleset,
    pub tcp_response_content: Ruleset,
    /// `tcp-request inspect-delay` and `tcp-response inspect-delay`, in milliseconds.
    pub inspect_delay: u64,
    pub response_inspect_delay: u64,
    pub http_request: Ruleset,
    pub http_response: Ruleset,
    pub http_after_response: Ruleset,
    pub forward_for: Option<ForwardFor>,
    pub stats: Option<Arc<StatsPage>>,
    pub error_pages: ErrorPages,
    pub logging: Logging,
    /// `fullconn`.
    pub fullconn: u32,
    /// `option allbackups`.
    pub all_backups: bool,
    /// `option splice-request`, `option splice-response`, `option splice-auto`.
    pub splice_request: bool,
    pub splice_response: bool,
    pub tcp_keep_alive: bool,
    /// `option abortonclose`.
    pub abort_on_close: bool,
    pub live: Arc<live::Proxy>,
}

/// `balance`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    #[default]
    RoundRobin,
    StaticRoundRobin,
    LeastConn,
    First,
    Source,
    Uri,
    UrlParam,
    Header,
    Hash,
    /// The least loaded of so many servers drawn at random.
    Random(u32),
}

/// `hash-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashType {
    pub method: HashMethod,
    pub function: HashFunction,
    /// The hash is mixed once more.
    pub avalanche: bool,
}

/// How a hash becomes a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashMethod {
    #[default]
    MapBased,
    Consistent,
}

/// How a key becomes a hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashFunction {
    #[default]
    Sdbm,
    Djb2,
    Crc32,
    /// The key is a number.
    None,
}

/// What `balance` hashes of a request.
#[derive(Clone, Debug)]
pub enum HashInput {
    Uri(UriPart),
    Sample(Expression),
    /// `use_domain_only`: the label before the last dot of a host name.
    Domain(Expression),
}

/// The arguments of `balance uri`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UriPart {
    /// The number of bytes that count.
    pub len: Option<u32>,
    /// The number of directories that count.
    pub depth: Option<u32>,
    /// The query counts too.
    pub whole: bool,
    /// Neither scheme nor authority count.
    pub path_only: bool,
}

/// `http-reuse`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reuse {
    Never,
    #[default]
    Safe,
    Aggressive,
    Always,
}

/// `cookie NAME insert …`.
#[derive(Clone, Debug)]
pub struct Persistence {
    pub name: String,
    /// `indirect`: the cookie is hidden from the server.
    pub indirect: bool,
    /// `nocache`: answers that set it are marked uncacheable.
    pub nocache: bool,
    /// `postonly`: only set in answers to POST.
    pub postonly: bool,
    pub http_only: bool,
    pub secure: bool,
    pub domains: Vec<String>,
    pub attributes: Vec<String>,
    /// `preserve`: a cookie that the server sets itself is left alone.
    pub preserve: bool,
}

impl Algorithm {
    /// As the `algo` column of the statistics gives it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RoundRobin => "roundrobin",
            Self::StaticRoundRobin => "static-rr",
            Self::LeastConn => "leastconn",
            Self::First => "first",
            Self::Source => "source",
            Self::Uri => "uri",
            Self::UrlParam => "url_param",
            Self::Header => "hdr",
            Self::Hash => "hash",
            // HAProxy's statistics have no name for it.
            Self::Random(_) => "unknown",
        }
    }
}

impl HashType {
    /// The method with what it implies where no function is named.
    #[must_use]
    pub fn of(method: HashMethod) -> Self {
        let avalanche = method == HashMethod::Consistent;
        Self { method, function: HashFunction::Sdbm, avalanche }
    }
}

impl Default for HashType {
    fn default() -> Self {
        Self::of(HashMethod::MapBased)
    }
}

impl HashFunction {
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "sdbm" => Some(Self::Sdbm),
            "djb2" => Some(Self::Djb2),
            "crc32" => Some(Self::Crc32),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

impl Backend {
    /// Servers that the algorithm may choose now: the active ones, or, when there is none, the
    /// backup ones (the first of them unless `option allbackups`).
    pub fn eligible(&self) -> impl Iterator<Item = (usize, &Server)> {
        let active = self.servers.iter().any(|s| !s.backup && s.live.is_eligible());
        let only_first = !active && !self.all_backups;
        self.servers
            .iter()
            .enumerate()
            .filter(move |(_, server)| server.backup != active && server.live.is_eligible())
            .take(if only_first { 1 } else { usize::MAX })
    }

    /// Recomputes whether any server may be chosen: a backend whose servers are all down, drained
    /// or of weight 0 is down. True if that changed.
    pub fn refresh_state(&self, now_s: u64) -> bool {
        let up = self.servers.is_empty() || self.servers.iter().any(|s| s.live.is_eligible());
        self.live.servers_changed();
        self.live.set_up(up, now_s)
    }
}
