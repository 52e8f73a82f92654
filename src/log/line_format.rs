//! The formats of traffic lines: HAProxy's presets and the default one.

use std::io::Write;
use std::sync::LazyLock;

use crate::exchange::{Endpoint, Stream};
use crate::sample::{Context, Format, Loading, Stage};

/// The format of traffic lines.
#[derive(Clone, Debug, Default)]
pub enum LineFormat {
    /// No option given: `Connect from …` (manual, section 8.2.1), logged at the accept.
    #[default]
    Connect,
    /// `option tcplog`, `option httplog`, `log-format`.
    Compiled(Format),
}

impl LineFormat {
    /// `log-format`.
    ///
    /// # Errors
    /// One sentence about the first item that is unknown, not supported or unfinished.
    pub fn parse(text: &str, context: &Context<'_>) -> Result<Self, String> {
        Format::parse_line(text, context).map(Self::Compiled)
    }

    /// `option tcplog` (manual, section 8.2.2).
    #[must_use]
    pub fn tcp() -> Self {
        Self::Compiled(TCP_COMPILED.clone())
    }

    /// `option tcplog clf`.
    #[must_use]
    pub fn tcp_clf() -> Self {
        Self::Compiled(TCP_CLF_COMPILED.clone())
    }

    /// `option httplog` (manual, section 8.2.3).
    #[must_use]
    pub fn http() -> Self {
        Self::Compiled(HTTP_COMPILED.clone())
    }

    /// `option httplog clf`.
    #[must_use]
    pub fn clf() -> Self {
        Self::Compiled(CLF_COMPILED.clone())
    }

    /// Appends the line for `stream`, without header and line end.
    pub fn write(&self, stream: &Stream<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Connect => connect(stream, out),
            Self::Compiled(format) => format.write_line(stream, out),
        }
    }
}

fn connect(stream: &Stream<'_>, out: &mut Vec<u8>) {
    let mode = if stream.names.http { "HTTP" } else { "TCP" };
    // Writing to a vector cannot fail.
    let _ = out.write_all(b"Connect from ");
    endpoint(&stream.connection.client, out);
    let _ = out.write_all(b" to ");
    endpoint(&stream.connection.local, out);
    let _ = write!(out, " ({}/{mode})", stream.names.frontend);
}

/// Addresses as the kernel gives them: an IPv4 client of an IPv6 listener is `::ffff:1.2.3.4`.
fn endpoint(endpoint: &Endpoint, out: &mut Vec<u8>) {
    let _ = match endpoint {
        Endpoint::Inet(address) => write!(out, "{}:{}", address.ip(), address.port()),
        Endpoint::Unix(listener) => write!(out, "unix:{listener}"),
    };
}

/// `HAPROXY_TCP_LOG_FMT` of the environment.
pub const TCP: &str = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq";

/// `HAPROXY_TCP_CLF_LOG_FMT` of the environment.
pub const TCP_CLF: &str = "%{+Q}o %{-Q}ci - - [%T] \"TCP \" 000 %B \"\" \"\" %cp %ms %ft %b %s \
    %Th %Tw %Tc %Tt %U %ts-- %ac %fc %bc %sc %rc %sq %bq \"\" \"\" ";

/// `HAPROXY_HTTP_LOG_FMT` of the environment.
pub const HTTP: &str = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc \
    %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";

/// `HAPROXY_HTTP_CLF_LOG_FMT` of the environment.
pub const CLF: &str = "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s \
    %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl";

static TCP_COMPILED: LazyLock<Format> = LazyLock::new(|| preset(TCP));
static TCP_CLF_COMPILED: LazyLock<Format> = LazyLock::new(|| preset(TCP_CLF));
static HTTP_COMPILED: LazyLock<Format> = LazyLock::new(|| preset(HTTP));
static CLF_COMPILED: LazyLock<Format> = LazyLock::new(|| preset(CLF));

/// The presets hold supported aliases only, which the tests see to.
fn preset(text: &str) -> Format {
    let loading = Loading::default();
    Format::parse_line(text, &Context::new(Stage::Log, &loading)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
