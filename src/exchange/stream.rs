//! One request and its response, or one relayed TCP connection: everything that rules, logs and
//! balancing may ask.

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
    pub sides: Sides<'p>,
    /// Entries of stick tables that are tracked, those of the connection included.
    pub tracked: table::Counters,
    /// Captured request headers, by slot (`capture request header`).
    pub request_captures: Vec<Option<Box<[u8]>>>,
    /// Captured response headers, by slot.
    pub response_captures: Vec<Option<Box<[u8]>>>,
    /// Number of this stream in the process, for `%rt` and identifiers.
    pub id: u64,
    /// Worker clock in milliseconds; wall clock in microseconds at `times.began`.
    pub wall_began_us: u64,
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
    /// `<STATS>` and the like when the proxy answered by itself.
    pub server: Option<&'p str>,
    /// The frontend is in `mode http`.
    pub http: bool,
}
