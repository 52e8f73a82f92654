//! One request and its response, or one relayed TCP connection: everything that rules, logs and
//! balancing may ask.

use std::cell::Cell;
use std::num::NonZeroU32;

use super::connection::Connection;
use super::message::Message;
use super::outcome::{Outcome, Times};
use super::vars::Vars;
use crate::live;
use crate::table;

/// The facts of one stream.
#[derive(Debug)]
pub struct Stream<'p> {
    pub connection: &'p Connection,
    pub request: Message,
    pub response: Message,
    pub vars: Vars,
    pub times: Times,
    pub outcome: Outcome,
    pub names: Names<'p>,
    /// The first request of its connection.
    pub first: bool,
    pub sides: Sides<'p>,
    /// Entries of stick tables that are tracked, those of the connection included.
    pub tracked: table::Counters,
    /// What rules set in the place of the configured timeouts.
    pub timeouts: Timeouts,
    /// Bytes of the client that are looked at before anything is sent to a server.
    pub inspection: Inspection,
    /// Captured request headers, by slot (`capture request header`).
    pub request_captures: Vec<Option<Box<[u8]>>>,
    /// Captured response headers, by slot.
    pub response_captures: Vec<Option<Box<[u8]>>>,
    /// Number of this stream in the process, for `%rt` and identifiers.
    pub id: u64,
    /// Worker clock in milliseconds; wall clock in microseconds at `times.began`.
    pub wall_began_us: u64,
}

/// Timeouts that rules set, in milliseconds (manual, section 4.4, `set-timeout`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Timeouts {
    set: [Option<NonZeroU32>; 3],
}

/// Which timeout is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Client,
    Server,
    Tunnel,
}

impl Timeouts {
    pub fn set(&mut self, side: Side, ms: u64) {
        let ms = u32::try_from(ms).unwrap_or(u32::MAX);
        self.set[side as usize] = NonZeroU32::new(ms);
    }

    /// What was set, otherwise `configured`.
    #[inline]
    #[must_use]
    pub fn or(&self, side: Side, configured: Option<u64>) -> Option<u64> {
        self.set[side as usize].map(|ms| u64::from(ms.get())).or(configured)
    }
}

/// Whether all is there that fetches of the payload may ask for.
#[derive(Debug, Default)]
pub struct Inspection {
    /// More bytes may come: what cannot be told yet is worth waiting for.
    pub open: bool,
    /// A fetch could not tell.
    pub lacking: Cell<bool>,
}

impl Inspection {
    /// Says that more bytes are needed. True if they may come.
    pub fn lacks(&self) -> bool {
        self.lacking.set(true);
        self.open
    }
}

/// The live state of those who take part.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sides<'p> {
    pub frontend: Option<&'p live::Proxy>,
    pub backend: Option<&'p live::Proxy>,
    pub server: Option<&'p live::Server>,
}

/// The names of those who took part.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'p> {
    pub frontend: &'p str,
    pub backend: Option<&'p str>,
    /// Their numbers (`id`).
    pub frontend_id: u32,
    pub backend_id: Option<u32>,
    /// `<STATS>` and the like when the proxy answered by itself.
    pub server: Option<&'p str>,
    /// The frontend is in `mode http`.
    pub http: bool,
}
