//! The HTTP check: the request that is sent, and how the answer is judged as its bytes come.

mod body;

use self::body::{Body, Progress};
use super::Verdict;
use crate::live::CheckStatus;

/// The request that is sent and what is expected.
#[derive(Clone, Debug)]
pub struct HttpCheck {
    pub method: String,
    pub uri: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub version: String,
    pub fields: Vec<(String, String)>,
    pub body: String,
    pub expect: Expect,
    /// An `http-check send` or `http-check expect` was read.
    pub send_given: bool,
    pub expect_given: bool,
}

/// `http-check expect`.
#[derive(Clone, Debug, Default)]
pub enum Expect {
    /// Any status from 200 to 399.
    #[default]
    Success,
    /// `status` with codes and ranges; true when it must not match.
    Status(Vec<(u16, u16)>, bool),
    /// `string`: the body contains this; true when it must not.
    Body(String, bool),
}

impl Default for HttpCheck {
    /// `option httpchk` alone.
    fn default() -> Self {
        Self {
            method: "OPTIONS".to_owned(),
            uri: "/".to_owned(),
            version: "HTTP/1.0".to_owned(),
            fields: Vec::new(),
            body: String::new(),
            expect: Expect::default(),
            send_given: false,
            expect_given: false,
        }
    }
}

impl HttpCheck {
    /// What `http-check` lines said, with an `option httpchk` line that comes after them: what
    /// they left open is the option's.
    #[must_use]
    pub fn with_option(self, option: Self) -> Self {
        let default = Self::default();
        let or = |said: String, default: String, option: String| {
            if said == default { option } else { said }
        };
        Self {
            method: or(self.method, default.method, option.method),
            uri: or(self.uri, default.uri, option.uri),
            version: or(self.version, default.version, option.version),
            fields: if self.send_given { self.fields } else { option.fields },
            ..self
        }
    }

    /// The request as HAProxy writes it: names in lower case, its own fields last.
    pub(in crate::health) fn request(&self) -> Vec<u8> {
        let mut text = format!("{} {} {}\r\n", self.method, self.uri, self.version);
        let mut connection = (self.version != "HTTP/1.0").then(|| "close".to_owned());
        for (name, value) in &self.fields {
            match name.to_ascii_lowercase().as_str() {
                "connection" => connection = Some(value.to_ascii_lowercase()),
                "content-length" | "transfer-encoding" => {}
                name => text.push_str(&format!("{name}: {value}\r\n")),
            }
        }
        if !self.body.is_empty() {
            text.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        if let Some(connection) = connection {
            text.push_str(&format!("connection: {connection}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(&self.body);
        text.into_bytes()
    }
}

/// One answer on its way.
#[derive(Debug)]
pub(in crate::health) struct Answer<'c> {
    expect: &'c Expect,
    received: Vec<u8>,
    /// Status and where the body begins, once the head is complete.
    head: Option<(u16, usize)>,
    body: Body,
}

impl<'c> Answer<'c> {
    pub(in crate::health) fn new(check: &'c HttpCheck) -> Self {
        Self { expect: &check.expect, received: Vec::new(), head: None, body: Body::UntilClose }
    }

    /// Bytes came; a verdict as soon as there can be one.
    pub(in crate::health) fn receive(&mut self, bytes: &[u8]) -> Option<Verdict> {
        let space = LIMIT - self.received.len();
        self.received.extend_from_slice(&bytes[..bytes.len().min(space)]);
        if self.head.is_none() {
            match self.read_head() {
                Ok(Some(verdict)) => return Some(verdict),
                Ok(None) if self.head.is_none() && self.is_full() => return Some(unreadable()),
                Ok(None) if self.head.is_none() => return None,
                Ok(None) => {}
                Err(_) => return Some(unreadable()),
            }
        }
        self.judge_body(self.is_full())
    }

    /// The server closed its end.
    pub(in crate::health) fn close(&mut self) -> Verdict {
        self.judge_body(true).unwrap_or_else(unreadable)
    }

    fn is_full(&self) -> bool {
        self.received.len() == LIMIT
    }

    /// Reads the head if it is complete, and judges it if the body does not matter.
    fn read_head(&mut self) -> Result<Option<Verdict>, httparse::Error> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(end) = response.parse(&self.received)? else {
            return Ok(None);
        };
        let status = response.code.unwrap_or_default();
        let verdict = judge_status(self.expect, status, response.reason.unwrap_or_default());
        self.body = Body::announced_by(status, response.headers);
        self.head = Some((status, end));
        Ok(verdict)
    }

    fn judge_body(&self, ended: bool) -> Option<Verdict> {
        let (Expect::Body(wanted, negated), (status, start)) = (self.expect, self.head?) else {
            return None;
        };
        let (content, progress) = self.body.content(&self.received[start..]);
        let found = memchr::memmem::find(&content, wanted.as_bytes()).is_some();
        match (found, negated) {
            (true, false) => Some(passed(status)),
            (true, true) => Some(invalid("HTTP check matched unwanted content")),
            (false, _) if !ended && progress == Progress::More => None,
            (false, true) => Some(passed(status)),
            (false, false) => Some(invalid("HTTP content check did not match")),
        }
    }
}

fn judge_status(expect: &Expect, status: u16, reason: &str) -> Option<Verdict> {
    let within = |ranges: &[(u16, u16)]| {
        ranges.iter().any(|(first, last)| (*first..=*last).contains(&status))
    };
    let good = match expect {
        Expect::Success => (200..400).contains(&status),
        Expect::Status(ranges, negated) => within(ranges) != *negated,
        Expect::Body(..) => return None,
    };
    if good {
        return Some(passed(status));
    }
    let detail = if reason.is_empty() {
        "TCPCHK did not match content(status codes) at step 2"
    } else {
        reason
    };
    Some(Verdict::new(CheckStatus::L7Status, Some(status), detail))
}

fn passed(status: u16) -> Verdict {
    Verdict::new(CheckStatus::L7Ok, Some(status), "")
}

fn invalid(detail: &str) -> Verdict {
    Verdict::new(CheckStatus::L7Response, None, detail)
}

/// What HAProxy reports for an answer that is none, or ends within its head.
fn unreadable() -> Verdict {
    Verdict::new(CheckStatus::SocketError, None, "")
}

/// Bytes of an answer that are looked at: `tune.bufsize`'s default.
const LIMIT: usize = 16_384;

/// `tune.http.maxhdr`'s default.
const MAX_FIELDS: usize = 101;

#[cfg(test)]
mod tests;
