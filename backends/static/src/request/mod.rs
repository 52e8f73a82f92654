//! A request head as the server understands it: `httparse` finds the tokens, everything RFC 9112
//! and RFC 9110 ask of them beyond that is decided here, without I/O.

pub mod coding;
pub mod conditional;
mod framing;
mod host;
pub mod path;
pub mod range;
mod target;

use std::borrow::Cow;
use std::mem::MaybeUninit;

use crate::config::Limits;

pub use framing::BodyLength;
pub use target::Target;

/// Room for header lines on the stack; `limits.headers` cannot ask for more.
pub const MOST_HEADERS: usize = 128;

/// The parts of a request that an answer or the access log depends on. Borrows from the buffer
/// it was read into; only a header that came in several lines is copied, to join them.
#[derive(Debug)]
pub struct Request<'a> {
    /// The request line as it came, without its end; for the access log.
    pub line: &'a [u8],
    pub method: Method,
    pub target: Target<'a>,
    pub keep_alive: Keep,
    pub body: BodyLength,
    pub fields: Fields<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Options,
    Other,
}

/// What the client wants of the connection afterwards (RFC 9112 section 9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// HTTP/1.1 persists without a word.
    Implied,
    /// HTTP/1.0 asked for it and expects to read it in the answer.
    Asked,
    Close,
}

/// Field values, each as one line; bytes that are not UTF-8 arrive as U+FFFD, which matches nothing.
#[derive(Debug, Default)]
pub struct Fields<'a> {
    pub accept_encoding: Option<Cow<'a, str>>,
    pub if_match: Option<Cow<'a, str>>,
    pub if_none_match: Option<Cow<'a, str>>,
    pub if_modified_since: Option<Cow<'a, str>>,
    pub if_unmodified_since: Option<Cow<'a, str>>,
    pub if_range: Option<Cow<'a, str>>,
    pub range: Option<Cow<'a, str>>,
    pub referer: Option<Cow<'a, str>>,
    pub user_agent: Option<Cow<'a, str>>,
    pub x_forwarded_for: Option<Cow<'a, str>>,
    connection: Option<Cow<'a, str>>,
    content_length: Option<Cow<'a, str>>,
    expect: Option<Cow<'a, str>>,
    host: Option<Cow<'a, str>>,
    transfer_encoding: Option<Cow<'a, str>>,
}

/// A request that gets an error and no second chance: after it the connection is closed, because
/// where the next request begins can no longer be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub reason: &'static str,
}

impl<'a> Request<'a> {
    /// The request at the start of `bytes` and the length of its head, or `None` while its end has
    /// not arrived. `bytes` never holds more than `limits.head` bytes.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Option<(Self, usize)>, Refusal> {
        let mut room = [const { MaybeUninit::uninit() }; MOST_HEADERS];
        let room = &mut room[..limits.headers.min(MOST_HEADERS)];
        let mut tokens = httparse::Request::new(&mut []);
        match tokens.parse_with_uninit_headers(bytes, room) {
            Ok(httparse::Status::Complete(length)) => {
                let line = request_line(&bytes[..length]);
                Self::understand(line, &tokens, limits).map(|request| Some((request, length)))
            }
            Ok(httparse::Status::Partial) => still_acceptable(bytes, limits).map(|()| None),
            Err(httparse::Error::TooManyHeaders) => Err(TOO_MANY_HEADERS),
            Err(httparse::Error::Version) => Err(refusal(505, "HTTP version is not 1.0 or 1.1")),
            Err(_) => Err(refusal(400, "malformed request")),
        }
    }

    /// Whether the target is exactly this path, with or without a query.
    pub fn asks_for(&self, wanted: &str) -> bool {
        matches!(self.target, Target::Path { path, .. } if path == wanted)
    }

    fn understand(
        line: &'a [u8],
        tokens: &httparse::Request<'_, 'a>,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let method = Method::of(tokens.method.unwrap_or_default());
        let uri = tokens.path.unwrap_or_default();
        if uri.len() > limits.uri.0 {
            return Err(URI_TOO_LONG);
        }
        let fields = Fields::collect(tokens.headers)?;
        let minor = tokens.version.unwrap_or(0);
        host::check(fields.host.as_deref(), minor)?;
        let body = framing::body(
            fields.transfer_encoding.as_deref(),
            fields.content_length.as_deref(),
            fields.expect.as_deref(),
            minor,
        )?;
        let target = Target::parse(uri, method)?;
        let keep_alive = Keep::of(fields.connection.as_deref(), minor);
        Ok(Self { line, method, target, keep_alive, body, fields })
    }
}

impl Method {
    /// Methods are case-sensitive (RFC 9110 section 9.1).
    fn of(token: &str) -> Self {
        match token {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "OPTIONS" => Self::Options,
            _ => Self::Other,
        }
    }
}

impl Keep {
    fn of(connection: Option<&str>, minor: u8) -> Self {
        let says = |option: &str| {
            let mut options = connection.unwrap_or_default().split(',');
            options.any(|word| word.trim().eq_ignore_ascii_case(option))
        };
        match minor {
            _ if says("close") => Self::Close,
            0 if says("keep-alive") => Self::Asked,
            0 => Self::Close,
            _ => Self::Implied,
        }
    }
}

impl<'a> Fields<'a> {
    fn collect(headers: &[httparse::Header<'a>]) -> Result<Self, Refusal> {
        let mut fields = Self::default();
        for header in headers {
            if header.name.eq_ignore_ascii_case("host") && fields.host.is_some() {
                return Err(refusal(400, "more than one Host"));
            }
            if let Some(slot) = fields.slot(header.name) {
                add_line(slot, header.value);
            }
        }
        Ok(fields)
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<Cow<'a, str>>> {
        // The longest name asked for below; anything longer is nobody's.
        let mut lower = [0u8; 19];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"accept-encoding" => &mut self.accept_encoding,
            b"connection" => &mut self.connection,
            b"content-length" => &mut self.content_length,
            b"expect" => &mut self.expect,
            b"host" => &mut self.host,
            b"if-match" => &mut self.if_match,
            b"if-modified-since" => &mut self.if_modified_since,
            b"if-none-match" => &mut self.if_none_match,
            b"if-range" => &mut self.if_range,
            b"if-unmodified-since" => &mut self.if_unmodified_since,
            b"range" => &mut self.range,
            b"referer" => &mut self.referer,
            b"transfer-encoding" => &mut self.transfer_encoding,
            b"user-agent" => &mut self.user_agent,
            b"x-forwarded-for" => &mut self.x_forwarded_for,
            _ => return None,
        })
    }
}

/// Several lines of one field mean the same as one line with commas (RFC 9110 section 5.3).
fn add_line<'a>(slot: &mut Option<Cow<'a, str>>, value: &'a [u8]) {
    let value = String::from_utf8_lossy(value);
    match slot {
        None => *slot = Some(value),
        Some(earlier) => {
            let joined = earlier.to_mut();
            joined.push_str(", ");
            joined.push_str(&value);
        }
    }
}

/// The first line that is not empty; `httparse` skips empty ones before a request.
pub fn request_line(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(bytes.len());
    let rest = &bytes[start..];
    let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
    &rest[..end]
}

/// Whether an unfinished head can still become a request within the limits.
fn still_acceptable(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let line = request_line(bytes);
    let uri_so_far = line.splitn(3, |b| *b == b' ').nth(1).map_or(0, <[u8]>::len);
    if uri_so_far > limits.uri.0 {
        Err(URI_TOO_LONG)
    } else if bytes.len() >= limits.head.0 {
        Err(TOO_MANY_HEADERS)
    } else {
        Ok(())
    }
}

const fn refusal(status: u16, reason: &'static str) -> Refusal {
    Refusal { status, reason }
}

const URI_TOO_LONG: Refusal = refusal(414, "request target above limits.uri");
const TOO_MANY_HEADERS: Refusal = refusal(431, "request head above limits.head or limits.headers");

#[cfg(test)]
mod tests;
