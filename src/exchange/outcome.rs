//! When the steps of a stream happened and how it ended: what a log line tells.

use std::net::SocketAddr;

/// Moments of a stream, in microseconds of the worker's clock; 0 is "did not happen".
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// The connection was accepted, or the previous request on it ended.
    pub began: u64,
    /// First byte of the request.
    pub first_byte: u64,
    /// The request's head was complete (`TR` ends).
    pub request: u64,
    /// Left the queues (`Tw` ends).
    pub queued: u64,
    /// Connected to the server (`Tc` ends).
    pub connected: u64,
    /// The response's head was complete (`Tr` ends).
    pub response: u64,
    /// Everything was sent.
    pub ended: u64,
    /// Time spent in handshakes before the first byte (`Th`).
    pub handshake: u64,
}

impl Times {
    /// Milliseconds from one moment to another, or -1 when either did not happen.
    #[must_use]
    pub fn between(from: u64, to: u64) -> i64 {
        if from == 0 || to == 0 { -1 } else { (to.saturating_sub(from) / 1000) as i64 }
    }
}

/// First character of the termination state (manual, section 8.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    #[default]
    None = b'-',
    /// The client closed or aborted.
    Client = b'C',
    /// The server closed, aborted or refused.
    Server = b'S',
    /// The proxy blocked it: a rule, or an unsafe response.
    Proxy = b'P',
    /// The proxy answered by itself (redirects, statistics).
    Local = b'L',
    /// A resource was exhausted.
    Resource = b'R',
    /// An internal error.
    Internal = b'I',
    /// The session was killed because its server went down.
    Down = b'D',
    /// Killed by the operator.
    Killed = b'K',
    /// The client's timeout.
    ClientTimeout = b'c',
    /// The server's timeout.
    ServerTimeout = b's',
}

/// Second character of the termination state (manual, section 8.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    #[default]
    None = b'-',
    /// Waiting for a complete request.
    Request = b'R',
    /// Waiting in a queue.
    Queue = b'Q',
    /// Connecting to the server.
    Connect = b'C',
    /// Waiting for the response's head.
    Headers = b'H',
    /// Transferring data.
    Data = b'D',
    /// Sending the last data to the client.
    Last = b'L',
    /// Held in a tarpit.
    Tarpit = b'T',
}

/// How a stream ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub cause: Cause,
    pub phase: Phase,
    /// Third character: what the client's persistence cookie was (manual, section 8.5).
    pub client_cookie: Option<u8>,
    /// Fourth character: what was done to the cookie in the response.
    pub server_cookie: Option<u8>,
    /// Status sent to the client; 0 is none.
    pub status: u16,
    /// Bytes sent to the client, heads included.
    pub bytes_out: u64,
    /// Bytes received from the client.
    pub bytes_in: u64,
    pub retries: u32,
    pub redispatched: bool,
    /// Requests ahead in the server's and in the backend's queue.
    pub server_queue: u32,
    pub backend_queue: u32,
    /// Connections of the process, the frontend, the backend and the server when it ended.
    pub process_connections: u32,
    pub frontend_connections: u32,
    pub backend_connections: u32,
    pub server_connections: u32,
    /// The connection to the server: its local end and the server's address.
    pub source: Option<SocketAddr>,
    pub server_address: Option<SocketAddr>,
    /// Lines that the frontend logged before this one (`%lc`).
    pub log_number: u64,
    /// The request's start line as it was received, without its line end, for `%r` and its parts;
    /// what rules do to the request does not show. At most [`LOGGED_LINE`] bytes.
    pub request_line: Vec<u8>,
    /// `set-log-level`: a level from 0 to 7, or 8 for no line at all.
    pub log_level: Option<u8>,
}

/// Bytes of a request's start line that are kept for logs: `tune.http.logurilen`'s default less
/// one, as HAProxy keeps them.
pub const LOGGED_LINE: usize = 1023;

impl Outcome {
    /// Back to the beginning for the next request, keeping memory.
    pub fn reset(&mut self) {
        let mut request_line = std::mem::take(&mut self.request_line);
        request_line.clear();
        *self = Self { request_line, ..Self::default() };
    }

    /// Keeps the start line of the request for the log.
    pub fn keep_request_line(&mut self, line: &[u8]) {
        self.request_line.clear();
        self.request_line.extend_from_slice(&line[..line.len().min(LOGGED_LINE)]);
    }

    /// Records how it ended, unless an earlier cause is known: the first one counts.
    pub fn ends(&mut self, cause: Cause, phase: Phase) {
        if self.cause == Cause::None {
            self.cause = cause;
            self.phase = phase;
        }
    }
}
