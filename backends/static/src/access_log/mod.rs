//! The access log. Workers format lines into buffers of their own and hand them over whole to one
//! thread that writes; a target that is too slow loses lines, which are counted, but never time.

mod client;
mod format;
mod target;

use std::net::IpAddr;
use std::time::Duration;

use crate::config::AccessFormat;

pub use client::client_address;
pub use target::{LogHandle, LogThread};

/// The lines of one worker that wait to be handed over.
#[derive(Debug)]
pub struct AccessLog {
    format: AccessFormat,
    handle: Option<LogHandle>,
    buffer: Vec<u8>,
    lines: u64,
}

/// One answered request.
#[derive(Debug)]
pub struct Entry<'a> {
    pub client: IpAddr,
    /// When, as an HTTP date.
    pub date: &'a str,
    /// The request line as received.
    pub line: &'a [u8],
    pub status: u16,
    /// Bytes of the body that were sent.
    pub bytes: u64,
    /// From the request's first byte to the answer's last.
    pub duration: Duration,
    pub referer: Option<&'a str>,
    pub user_agent: Option<&'a str>,
}

impl AccessLog {
    /// Without a `handle` nothing is logged.
    pub fn new(format: AccessFormat, handle: Option<LogHandle>) -> Self {
        Self { format, handle, buffer: Vec::new(), lines: 0 }
    }

    pub fn enabled(&self) -> bool {
        self.handle.is_some()
    }

    pub fn record(&mut self, entry: &Entry<'_>) {
        match self.format {
            AccessFormat::Combined => format::combined(&mut self.buffer, entry),
            AccessFormat::Json => format::json(&mut self.buffer, entry),
        }
        self.lines += 1;
        if self.buffer.len() >= FULL {
            self.flush();
        }
    }

    /// Hands over what has gathered.
    pub fn flush(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        if let (Some(handle), true) = (&self.handle, lines > 0) {
            handle.write(std::mem::take(&mut self.buffer), lines);
        }
    }
}

const FULL: usize = 32 << 10;
