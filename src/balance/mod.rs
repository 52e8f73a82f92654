//! Choosing a server (manual, `balance`), one file per algorithm.

mod hash;
mod input;
mod least_conn;
mod random;
mod round_robin;
mod table;

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};

use crate::exchange::Stream;
use crate::proxy::{Algorithm, Backend};

use least_conn::LeastConn;
use random::Random;
use round_robin::RoundRobin;
use table::Tables;

/// The state of a backend's algorithm.
#[derive(Debug, Default)]
pub struct Balance {
    round_robin: Mutex<RoundRobin>,
    least_conn: LeastConn,
    tables: Tables,
    random: Random,
}

/// The next server, by its index, leaving out those for which `skip` holds.
#[must_use]
pub fn choose(
    backend: &Backend,
    stream: &Stream<'_>,
    skip: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    if let [only] = &backend.servers[..] {
        return (only.live.is_eligible() && !skip(0)).then_some(0);
    }
    let balance = &backend.balance;
    match backend.algorithm {
        Algorithm::RoundRobin | Algorithm::StaticRoundRobin => in_turn(backend, skip),
        Algorithm::LeastConn => balance.least_conn.choose(backend, skip),
        Algorithm::Source => {
            let kind = backend.hash_type;
            let hash = stream.connection.client.ip().map_or(0, |ip| hash::hash_address(kind, ip));
            balance.tables.choose(backend, kind.method, hash, skip)
        }
        Algorithm::Uri | Algorithm::UrlParam | Algorithm::Header | Algorithm::Hash => {
            let input = backend.hash_input.as_ref();
            match input.and_then(|input| input::key(input, stream)) {
                Some(key) => {
                    let kind = backend.hash_type;
                    let hash = hash::hash(kind, &key);
                    balance.tables.choose(backend, kind.method, hash, skip)
                }
                None => in_turn(backend, skip),
            }
        }
        Algorithm::Random(draws) => balance.random.choose(&balance.tables, backend, draws, skip),
        Algorithm::First => backend
            .eligible()
            .find(|(at, server)| !skip(*at) && !server.is_full())
            .map(|(at, _)| at),
    }
}

fn in_turn(backend: &Backend, skip: &dyn Fn(usize) -> bool) -> Option<usize> {
    let generation = backend.live.generation.load(Relaxed);
    let state = &backend.balance.round_robin;
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    state.choose(generation, backend, skip)
}
