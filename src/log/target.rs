//! Where log lines go: what a `log` line means.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

/// A `log` line (manual, sections 3.1 and 4.2).
#[derive(Clone, Debug)]
pub struct Target {
    pub destination: Destination,
    /// Longest line, in bytes.
    pub length: usize,
    pub header: Header,
    pub facility: Facility,
    /// Messages less important than this are not sent.
    pub level: Level,
    /// Messages are sent with at least this unimportance: more important ones are lowered to it.
    pub min_level: Level,
}

impl Target {
    /// Reads the words of a `log` line after the keyword.
    ///
    /// # Errors
    /// The first word that HAProxy would not take, or that is not supported yet.
    pub fn parse(words: &[Word]) -> Result<Self, Diagnostic> {
        Err(Diagnostic::alert(words.first().map(|word| word.span), "unfinished"))
    }
}

/// The transport of a target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    Udp(SocketAddr),
    Unix(PathBuf),
    /// `stdout`, `stderr`, `fd@N`.
    Fd(i32),
}

/// What stands before the message (`format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// No `format` given: `local`, or `rfc3164` under `log-send-hostname`.
    #[default]
    Unspecified,
    Local,
    Rfc3164,
    Rfc5424,
    Priority,
    Short,
    Timed,
    Iso,
    Raw,
}

/// A syslog facility, 0 (`kern`) to 23 (`local7`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facility(pub u8);

/// A syslog level, 0 (`emerg`) to 7 (`debug`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    Emerg,
    Alert,
    Crit,
    Err,
    Warning,
    Notice,
    Info,
    Debug,
}
