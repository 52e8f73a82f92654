//! The keywords of proxy sections (manual, section 4.2), one file per subject.

mod acl;
mod address;
mod balance;
pub mod bind;
mod capture;
mod check;
mod cookie;
mod error_page;
mod hint;
mod limits;
mod log;
mod mode;
mod monitor;
mod option;
mod removed;
mod rules;
pub mod server;
mod settings;
mod source;
mod statement;
mod stats;
mod stick;
mod tcp_rules;
mod timeout;
mod unsupported;
mod use_backend;

pub use address::resolve;
pub(crate) use error_page::error_file;
pub use removed::REMOVED;
pub use settings::{
    CheckSettings, LogFormat, LogSettings, LogTarget, Options, ServerLine, ServerOptions, Settings,
    StatsSettings, StickLine, SwitchLine,
};
pub use statement::{Prefix, Section, Sections, Statement};
pub(crate) use statement::{Within, leading_integer};

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::registry::Entry;

/// One keyword.
#[derive(Debug)]
pub struct Keyword {
    /// One word, or two as in `timeout client`.
    pub name: &'static str,
    pub sections: Sections,
    /// `no` and `default` may stand before it.
    pub no_prefix: bool,
    /// The shape of the arguments, as the manual writes it.
    pub arguments: &'static str,
    /// One sentence.
    pub documentation: &'static str,
    /// A complete line.
    pub example: &'static str,
    pub parse: fn(&mut Statement<'_>, &mut Settings) -> Result<(), Diagnostic>,
}

/// All keywords, by subject.
pub fn keywords() -> impl Iterator<Item = &'static Keyword> {
    SUBJECTS.iter().flat_map(|(_, keywords)| keywords.iter())
}

impl Entry for Keyword {
    fn name(&self) -> &'static str {
        self.name
    }
    fn documentation(&self) -> &'static str {
        self.documentation
    }
}

/// The subjects with their titles, in the order of `docs/keywords.md`.
pub const SUBJECTS: &[(&str, &[Keyword])] = &[
    ("Mode and identity", mode::KEYWORDS),
    ("Listening", bind::KEYWORDS),
    ("Servers", server::KEYWORDS),
    ("Connecting", source::KEYWORDS),
    ("Balancing", balance::KEYWORDS),
    ("Persistence", cookie::KEYWORDS),
    ("Stick tables", stick::KEYWORDS),
    ("Health checks", check::KEYWORDS),
    ("Choosing a backend", use_backend::KEYWORDS),
    ("ACLs", acl::KEYWORDS),
    ("Rules", rules::KEYWORDS),
    ("Rules of connections", tcp_rules::KEYWORDS),
    ("Timeouts", timeout::KEYWORDS),
    ("Limits", limits::KEYWORDS),
    ("HTTP", option::HTTP),
    ("The client's address", option::FORWARD_FOR),
    ("Connections", option::CONNECTIONS),
    ("Logs", log::KEYWORDS),
    ("What is logged", option::LOGGING),
    ("Captures", capture::KEYWORDS),
    ("Error pages", error_page::KEYWORDS),
    ("Statistics page", stats::KEYWORDS),
    ("Monitoring", monitor::KEYWORDS),
    ("Accepted without effect", hint::KEYWORDS),
    ("Other options", option::OTHERS),
    ("Not supported yet", unsupported::KEYWORDS),
    ("Options that are not supported yet", unsupported::OPTIONS),
];
