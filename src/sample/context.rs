//! Where an expression is written: what may be there when it is evaluated, and what is to be
//! found by name once the whole configuration is known.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock};

use crate::live;
use crate::pattern;
use crate::proxy::{ErrorPages, Userlist};
use crate::syntax::span::Span;
use crate::table::Table;

/// The surroundings of an expression, while it is parsed.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub stage: Stage,
    /// The line, for what can only be checked when everything is read.
    pub span: Option<Span>,
    /// Name of the section that the expression stands in.
    pub proxy: &'a str,
    /// What kind of section that is.
    pub half: Half,
    pub loading: &'a Loading,
}

/// Which side of a proxy a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Frontend,
    Backend,
    /// A `listen` or `defaults` section, or none at all.
    Both,
}

/// The moment at which something is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// While the configuration is read, without a stream: `set-var` in `global`.
    Configuration,
    /// An ACL's declaration: whoever uses it decides.
    Acl,
    TcpRequestConnection,
    TcpRequestSession,
    TcpRequestContent,
    TcpResponseContent,
    HttpRequest,
    HttpResponse,
    HttpAfterResponse,
    /// Conditions of `use_backend`, `use-server`, `force-persist` and the like.
    Switching,
    /// `balance hash` and `sni` of a server.
    Connecting,
    /// `stick on`, `stick match`, `stick store-request`.
    StickRequest,
    /// `stick store-response`.
    StickResponse,
    /// The log line at the end.
    Log,
    /// `http-check` and `tcp-check` rules.
    Check,
    /// The runtime API.
    Cli,
}

/// What is collected while a configuration is loaded.
#[derive(Debug, Default)]
pub struct Loading {
    references: RefCell<Vec<Reference>>,
    /// Lists of patterns, which go over into the plan.
    pub lists: Arc<pattern::Store>,
    captures: RefCell<Captures>,
    /// `tune.stick-counters`, where it was given.
    stick_counters: Cell<Option<usize>>,
    experimental: Cell<bool>,
}

/// The capture slots of the section that is being read, in order: the field that fills a slot, or
/// nothing for those that rules fill, and the bytes that it keeps.
#[derive(Clone, Debug, Default)]
pub struct Captures {
    pub request: Vec<(String, usize)>,
    pub response: Vec<(String, usize)>,
}

/// Something of the plan that an argument names. It is filled in once the plan exists.
#[derive(Clone, Debug)]
pub struct Reference {
    pub span: Option<Span>,
    /// The section that the reference stands in.
    pub proxy: String,
    /// The fetch or converter, and which argument of it, from 1 on.
    pub keyword: &'static str,
    pub position: usize,
    pub target: Target,
}

/// What is named.
#[derive(Clone, Debug)]
pub enum Target {
    Frontend {
        name: String,
        slot: Late<live::Proxy>,
    },
    Backend {
        name: String,
        slot: Late<live::Proxy>,
    },
    Server {
        backend: Option<String>,
        name: String,
        slot: Late<live::Server>,
    },
    Table {
        name: String,
        slot: Late<Table>,
    },
    Userlist {
        name: String,
        slot: Late<Userlist>,
    },
    /// An `http-errors` section.
    ErrorPages {
        name: String,
        slot: Late<ErrorPages>,
    },
}

/// A place that is filled when the configuration has been read.
pub type Late<T> = Arc<OnceLock<Arc<T>>>;

impl<'a> Context<'a> {
    /// Nothing around: for expressions that stand in no section.
    #[must_use]
    pub fn new(stage: Stage, loading: &'a Loading) -> Self {
        Self { stage, span: None, proxy: "", half: Half::Both, loading }
    }

    /// The same place at another moment.
    #[must_use]
    pub fn at(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// Remembers a name that is to be found later.
    pub fn refer(&self, keyword: &'static str, position: usize, target: Target) {
        let proxy = self.proxy.to_owned();
        let reference = Reference { span: self.span, proxy, keyword, position, target };
        self.loading.references.borrow_mut().push(reference);
    }
}

impl Loading {
    /// To read something a second time: files that were read are known, and nothing that is
    /// declared here counts.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        Self {
            lists: Arc::new(self.lists.rehearsal()),
            captures: self.captures.clone(),
            references: RefCell::default(),
            experimental: self.experimental.clone(),
            stick_counters: self.stick_counters.clone(),
        }
    }

    pub fn set_stick_counters(&self, count: usize) {
        self.stick_counters.set(Some(count));
    }

    /// Slots of the stick counters.
    #[must_use]
    pub fn stick_counters(&self) -> usize {
        self.stick_counters.get().unwrap_or(3)
    }

    /// `expose-experimental-directives` was read.
    pub fn allow_experimental(&self) {
        self.experimental.set(true);
    }

    /// What is experimental in HAProxy may be used.
    #[must_use]
    pub fn experimental(&self) -> bool {
        self.experimental.get()
    }

    /// Declares a capture slot in the section that is being read; gives its number.
    pub fn declare_capture(&self, response: bool, field: &str, length: usize) -> usize {
        let mut captures = self.captures.borrow_mut();
        let slots = if response { &mut captures.response } else { &mut captures.request };
        slots.push((field.to_owned(), length));
        slots.len() - 1
    }

    /// The bytes that a slot declared so far keeps.
    #[must_use]
    pub fn capture_length(&self, response: bool, slot: usize) -> Option<usize> {
        let captures = self.captures.borrow();
        let slots = if response { &captures.response } else { &captures.request };
        slots.get(slot).map(|(_, length)| *length)
    }

    /// The slots of the section that was read, for the next one to begin without.
    #[must_use]
    pub fn take_captures(&self) -> Captures {
        self.captures.take()
    }

    /// All names that were given so far, for whoever can find them.
    #[must_use]
    pub fn take_references(&self) -> Vec<Reference> {
        self.references.take()
    }
}

impl Stage {
    /// The keyword of rules that run at this moment.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::TcpRequestConnection => "tcp-request connection",
            Self::TcpRequestSession => "tcp-request session",
            Self::TcpRequestContent => "tcp-request content",
            Self::TcpResponseContent => "tcp-response content",
            Self::HttpRequest => "http-request",
            Self::HttpResponse => "http-response",
            Self::HttpAfterResponse => "http-after-response",
            Self::Configuration
            | Self::Acl
            | Self::Switching
            | Self::Connecting
            | Self::StickRequest
            | Self::StickResponse
            | Self::Log
            | Self::Check
            | Self::Cli => "",
        }
    }
}
