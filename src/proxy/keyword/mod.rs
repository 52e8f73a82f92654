//! The keywords of proxy sections (manual, section 4.2), one file per subject.

mod address;
pub mod bind;
mod limits;
mod mode;
pub mod server;
mod settings;
mod statement;
mod timeout;
mod use_backend;

pub use address::resolve;
pub use settings::{
    Effect, HttpOnly, LogSettings, LogTarget, Options, ServerLine, ServerOptions, Settings,
    StatsSettings, SwitchLine,
};
pub use statement::{Prefix, Section, Sections, Statement};

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
    ("Choosing a backend", use_backend::KEYWORDS),
    ("Timeouts", timeout::KEYWORDS),
    ("Limits", limits::KEYWORDS),
];
