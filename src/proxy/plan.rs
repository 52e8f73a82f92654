//! The plan: everything a configuration means.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use super::backend::Backend;
use super::frontend::Frontend;
use super::global::Global;
use super::userlist::Userlist;
use crate::log::{LineFormat, Target};
use crate::rule::action::Answer;
use crate::table::Table;

/// A loaded configuration. A connection keeps the plan it began with.
#[derive(Debug, Default)]
pub struct Plan {
    pub global: Global,
    pub frontends: Vec<Frontend>,
    pub backends: Vec<Backend>,
    /// Where each of them is, by its name: for names that are made for a stream.
    pub backend_names: HashMap<Box<[u8]>, usize>,
    /// Lists of patterns that ACLs and maps use.
    pub lists: Arc<crate::pattern::Store>,
    pub userlists: Vec<Arc<Userlist>>,
    /// Stick tables, in the order of their declarations.
    pub tables: Vec<Arc<Table>>,
    /// Names of the configuration files, by the number in a span.
    pub files: Vec<String>,
    /// Warnings that loading it gave.
    pub warnings: usize,
}

/// `mode` (manual, section 4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Tcp,
    Http,
}

/// `timeout …`, in milliseconds; `None` is no timeout.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timeouts {
    pub client: Option<u64>,
    pub client_fin: Option<u64>,
    pub http_request: Option<u64>,
    pub http_keep_alive: Option<u64>,
    pub tarpit: Option<u64>,
    pub server: Option<u64>,
    pub server_fin: Option<u64>,
    pub connect: Option<u64>,
    pub queue: Option<u64>,
    pub tunnel: Option<u64>,
    pub check: Option<u64>,
}

/// Where and how a proxy logs.
#[derive(Clone, Debug, Default)]
pub struct Logging {
    pub targets: Vec<Arc<Target>>,
    pub format: LineFormat,
    /// `log-tag` of the proxy; `None` is that of the process.
    pub tag: Option<String>,
    /// `option dontlognull`.
    pub dont_log_null: bool,
    /// `option dontlog-normal`.
    pub dont_log_normal: bool,
    /// `option log-separate-errors`.
    pub separate_errors: bool,
    /// `option log-health-checks`.
    pub health_checks: bool,
}

/// What is sent in the place of the proxy's own error pages, by status.
pub type ErrorPages = HashMap<u16, ErrorPage>;

/// One of them.
#[derive(Clone, Debug)]
pub enum ErrorPage {
    /// `errorfile`, `errorloc`: a complete HTTP/1 answer.
    Raw(Bytes),
    /// `http-error`: made anew for each stream.
    Made(Arc<Answer>),
}

impl Plan {
    #[must_use]
    pub fn backend(&self, name: &str) -> Option<&Backend> {
        self.backends.iter().find(|backend| backend.name == name)
    }
}

impl Mode {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Http => "http",
        }
    }
}
