//! The formats of traffic lines: HAProxy's presets and the default one.

use crate::exchange::Stream;
use crate::sample::Format;

/// The format of traffic lines.
#[derive(Clone, Debug, Default)]
pub enum LineFormat {
    /// No option given: `Connect from …`.
    #[default]
    Connect,
    /// `option tcplog`, `option httplog`, `log-format`.
    Compiled(Format),
}

impl LineFormat {
    /// `option tcplog` (manual, section 8.2.2).
    #[must_use]
    pub fn tcp() -> Self {
        Self::Connect
    }

    /// `option tcplog clf`.
    #[must_use]
    pub fn tcp_clf() -> Self {
        Self::Connect
    }

    /// `option httplog` (manual, section 8.2.3).
    #[must_use]
    pub fn http() -> Self {
        Self::Connect
    }

    /// `option httplog clf`.
    #[must_use]
    pub fn clf() -> Self {
        Self::Connect
    }

    /// Appends the line for `stream`, without header and line end.
    pub fn write(&self, stream: &Stream<'_>, out: &mut Vec<u8>) {
        if let Self::Compiled(format) = self {
            format.write(stream, out);
        }
    }
}
