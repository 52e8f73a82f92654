//! What a proxy section has said so far: the tense between written and meant. A section begins
//! with the settings of the `defaults` that apply to it, so that everything here can be cloned
//! and everything that may stay unsaid is an `Option`.

use std::net::IpAddr;
use std::sync::Arc;

use crate::health::{self, HttpCheck};
use crate::log::{LineFormat, Target};
use crate::pattern::Acl;
use crate::proxy::{
    Algorithm, Bind, ErrorPages, ForwardFor, HashInput, HashType, Mode, Persistence, Purpose,
    Reuse, ServerAddress, Timeouts,
};
use crate::rule::{Condition, Rule};
use crate::sample::{Expression, Format};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::word::Word;
use crate::table::Declaration;

/// The settings of one section.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub mode: Mode,
    pub id: Option<u32>,
    pub description: Option<String>,
    pub disabled: bool,
    pub binds: Vec<Bind>,
    pub servers: Vec<ServerLine>,
    /// What `default-server` lines said.
    pub default_server: ServerOptions,
    pub timeouts: Timeouts,
    pub maxconn: Option<u32>,
    pub fullconn: Option<u32>,
    pub backlog: Option<i32>,
    pub retries: Option<u32>,
    pub algorithm: Option<Algorithm>,
    pub hash_type: Option<HashType>,
    /// What `balance` hashes, if it needs to be told.
    pub hash_input: Option<HashInput>,
    pub reuse: Option<Reuse>,
    pub persistence: Option<Persistence>,
    pub default_backend: Option<Word>,
    pub switches: Vec<SwitchLine>,
    pub acls: Vec<Arc<Acl>>,
    pub tcp_request_connection: Vec<Arc<Rule>>,
    pub tcp_request_session: Vec<Arc<Rule>>,
    pub tcp_request_content: Vec<Arc<Rule>>,
    pub tcp_response_content: Vec<Arc<Rule>>,
    /// `tcp-request inspect-delay` and `tcp-response inspect-delay`, in milliseconds.
    pub inspect_delay: Option<u64>,
    pub response_inspect_delay: Option<u64>,
    pub http_request: Vec<Arc<Rule>>,
    pub http_response: Vec<Arc<Rule>>,
    pub http_after_response: Vec<Arc<Rule>>,
    /// `redirect` lines, which come after all of `http-request`.
    pub redirects: Vec<Arc<Rule>>,
    pub options: Options,
    pub check: CheckSettings,
    pub log: LogSettings,
    pub error_pages: ErrorPages,
    /// `errorfiles`: sections, and which of their statuses; none is all of them.
    pub error_sections: Vec<(Word, Vec<u16>)>,
    pub stats: Option<StatsSettings>,
    pub monitor_uri: Option<String>,
    pub request_captures: Vec<(String, usize)>,
    pub response_captures: Vec<(String, usize)>,
    pub source: Option<std::net::SocketAddr>,
    /// `stick-table`, and where.
    pub table: Option<(Declaration, Span)>,
    pub sticks: Vec<StickLine>,
}

/// A `stick` line.
#[derive(Clone, Debug)]
pub struct StickLine {
    pub purpose: Purpose,
    pub key: Expression,
    /// The section's own table where none is named.
    pub table: Option<Word>,
    pub condition: Option<Condition>,
    pub span: Span,
}

/// `option …` lines without a value of their own, and the forwarded-for field.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub http_close: bool,
    pub server_close: bool,
    pub redispatch: Option<i32>,
    pub forward_for: Option<ForwardFor>,
    pub all_backups: bool,
    pub splice_request: bool,
    pub splice_response: bool,
    pub client_keep_alive: bool,
    pub server_keep_alive: bool,
    /// `None` is what suits the mode.
    pub abort_on_close: Option<bool>,
    pub ignore_probes: bool,
}

/// How servers are checked, as words: the lines may come in any order.
#[derive(Clone, Debug, Default)]
pub struct CheckSettings {
    /// `option httpchk` is in force.
    pub http: bool,
    /// The arguments of `option httpchk`.
    pub request: Vec<Word>,
    /// The arguments of the `http-check` lines.
    pub rules: Vec<Vec<Word>>,
    /// The rules are those of the defaults: a rule of the section replaces them all.
    pub inherited: bool,
}

/// Where and how to log.
#[derive(Clone, Debug, Default)]
pub struct LogSettings {
    pub targets: Vec<LogTarget>,
    /// The format and where it was asked for.
    pub format: Option<(LogFormat, Span)>,
    pub tag: Option<String>,
    pub dont_log_null: bool,
    pub dont_log_normal: bool,
    pub separate_errors: bool,
    pub health_checks: bool,
}

/// The format of traffic lines.
#[derive(Clone, Debug)]
pub enum LogFormat {
    Tcp,
    TcpClf,
    Http,
    HttpClf,
    /// `log-format`.
    Own(LineFormat),
}

/// A `log` line.
#[derive(Clone, Debug)]
pub enum LogTarget {
    /// `log global`: those of the global section.
    Global,
    Own(Arc<Target>),
}

/// `stats …` lines.
#[derive(Clone, Debug)]
pub struct StatsSettings {
    pub uri: String,
    pub refresh: Option<u64>,
    pub realm: String,
    pub users: Vec<String>,
    pub hide_version: bool,
    pub show_legends: bool,
    /// `show-node`; `Some(None)` is the node of the process.
    pub show_node: Option<Option<String>>,
    pub show_description: Option<Option<String>>,
    pub scope: Vec<String>,
}

/// `use_backend`.
#[derive(Clone, Debug)]
pub struct SwitchLine {
    pub backend: Word,
    /// The name, where it depends on the stream.
    pub format: Option<Format>,
    pub condition: Option<Condition>,
}

/// A `server` line.
#[derive(Clone, Debug)]
pub struct ServerLine {
    pub name: Word,
    pub address: ServerAddress,
    pub options: ServerOptions,
    pub span: Span,
}

/// The options of `server` and `default-server`.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    pub id: Option<u32>,
    pub check: bool,
    pub inter: Option<u64>,
    pub fastinter: Option<u64>,
    pub downinter: Option<u64>,
    pub rise: Option<i32>,
    pub fall: Option<i32>,
    pub check_address: Option<IpAddr>,
    pub check_port: Option<u16>,
    pub check_send_proxy: bool,
    pub weight: Option<u32>,
    pub backup: bool,
    pub disabled: bool,
    pub maxconn: Option<u32>,
    pub maxqueue: Option<u32>,
    pub cookie: Option<String>,
    pub send_proxy: u8,
    pub pool_max_conn: Option<usize>,
    pub pool_purge_delay: Option<u64>,
    pub source: Option<std::net::SocketAddr>,
}

impl Default for StatsSettings {
    fn default() -> Self {
        Self {
            uri: "/haproxy?stats".to_owned(),
            refresh: None,
            realm: "HAProxy Statistics".to_owned(),
            users: Vec::new(),
            hide_version: false,
            show_legends: false,
            show_node: None,
            show_description: None,
            scope: Vec::new(),
        }
    }
}

impl CheckSettings {
    /// All of it together.
    ///
    /// # Errors
    /// The mistake of a line.
    pub fn http_check(&self) -> Result<HttpCheck, Diagnostic> {
        let mut check = health::parse_option_httpchk(&self.request)?;
        for rule in &self.rules {
            health::parse_http_check(rule, &mut check)?;
        }
        Ok(check)
    }
}

impl Settings {
    /// The settings that a section with its own name takes from its `defaults`: names, ACLs and
    /// addresses stay behind.
    #[must_use]
    pub fn inherit(&self) -> Self {
        let check = CheckSettings { inherited: true, ..self.check.clone() };
        Self { id: None, acls: Vec::new(), check, ..self.clone() }
    }
}
