//! Where log lines go: what a `log` line means.

mod parse;

use std::net::SocketAddr;
use std::path::PathBuf;

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

/// The transport of a target.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    Udp(SocketAddr),
    Unix(PathBuf),
    /// A unix socket in the abstract namespace.
    Abstract(String),
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

impl Level {
    /// The level of this number (RFC 5424).
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::NAMES.get(usize::from(number)).map(|(_, level)| *level)
    }

    const NAMES: [(&'static str, Self); 8] = [
        ("emerg", Self::Emerg),
        ("alert", Self::Alert),
        ("crit", Self::Crit),
        ("err", Self::Err),
        ("warning", Self::Warning),
        ("notice", Self::Notice),
        ("info", Self::Info),
        ("debug", Self::Debug),
    ];

    /// The level with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, level)| *level)
    }
}

impl Facility {
    const NAMES: [&'static str; 24] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "auth2",
        "ftp", "ntp", "audit", "alert", "cron2", "local0", "local1", "local2", "local3", "local4",
        "local5", "local6", "local7",
    ];

    /// The facility with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|known| *known == name).map(|at| Self(at as u8))
    }
}

impl Header {
    /// The header that `format` asks for.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "local" => Self::Local,
            "rfc3164" => Self::Rfc3164,
            "rfc5424" => Self::Rfc5424,
            "priority" => Self::Priority,
            "short" => Self::Short,
            "timed" => Self::Timed,
            "iso" => Self::Iso,
            "raw" => Self::Raw,
            _ => return None,
        })
    }
}
