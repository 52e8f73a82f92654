//! Where log lines go: what a `log` line means.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::sample::Format;

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
    /// `stdout`, `stderr`, `fd@N`.
    Fd(i32),
}

/// What stands before the message (`format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    #[default]
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

/// The format of traffic lines.
#[derive(Clone, Debug, Default)]
pub enum LineFormat {
    /// No option given: `Connect from …`.
    #[default]
    Connect,
    /// `option tcplog`, `option httplog`, `log-format`.
    Compiled(Format),
}
