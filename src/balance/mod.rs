//! Choosing a server (manual, `balance`), one file per algorithm.

mod least_conn;
mod round_robin;
mod source;

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};

use crate::exchange::Connection;
use crate::proxy::{Algorithm, Backend};

use least_conn::LeastConn;
use round_robin::RoundRobin;
use source::Map;

/// The state of a backend's algorithm.
#[derive(Debug, Default)]
pub struct Balance {
    round_robin: Mutex<RoundRobin>,
    least_conn: LeastConn,
    map: Map,
}

/// The next server, by its index, leaving out those for which `skip` holds.
#[must_use]
pub fn choose(
    backend: &Backend,
    connection: &Connection,
    skip: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    if let [only] = &backend.servers[..] {
        return (only.live.is_eligible() && !skip(0)).then_some(0);
    }
    let balance = &backend.balance;
    match backend.algorithm {
        Algorithm::RoundRobin | Algorithm::StaticRoundRobin => {
            let generation = backend.live.generation.load(Relaxed);
            let mut state = balance.round_robin.lock().unwrap_or_else(PoisonError::into_inner);
            state.choose(generation, backend, skip)
        }
        Algorithm::LeastConn => balance.least_conn.choose(backend, skip),
        Algorithm::Source => balance.map.choose(backend, connection, skip),
        Algorithm::First => backend
            .eligible()
            .find(|(at, server)| !skip(*at) && !server.is_full())
            .map(|(at, _)| at),
    }
}
