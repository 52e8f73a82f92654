//! The server by a hash of the client's address: the same client, the same server.

use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

use crate::exchange::Connection;
use crate::proxy::Backend;

/// A table in which each server stands as often as its weight, spread evenly (`hash-type
/// map-based`: as flat as the weights, but it changes for most clients when a server leaves).
#[derive(Debug, Default)]
pub(super) struct Map(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    generation: u64,
    slots: Vec<usize>,
}

impl Map {
    pub(super) fn choose(
        &self,
        backend: &Backend,
        connection: &Connection,
        skip: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        let generation = backend.live.generation.load(Relaxed);
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.generation != generation {
            state.generation = generation;
            let weights: Vec<_> =
                backend.eligible().map(|(at, server)| (at, server.live.weight())).collect();
            state.slots = spread(&weights);
        }
        let hash = connection.client.ip().map_or(0, address_hash) as usize;
        let slots = &state.slots;
        // Redispatch moves on through the table from the client's slot.
        (0..slots.len()).map(|n| slots[(hash + n) % slots.len()]).find(|at| !skip(*at))
    }
}

/// Smooth weighted round robin, one whole round.
fn spread(weights: &[(usize, u32)]) -> Vec<usize> {
    let total: i64 = weights.iter().map(|(_, weight)| i64::from(*weight)).sum();
    let mut scores = vec![0i64; weights.len()];
    (0..total)
        .map(|_| {
            let mut best = 0;
            for (n, (_, weight)) in weights.iter().enumerate() {
                scores[n] += i64::from(*weight);
                if scores[n] > scores[best] {
                    best = n;
                }
            }
            scores[best] -= total;
            weights[best].0
        })
        .collect()
}

/// The address's 32-bit words, folded.
fn address_hash(ip: IpAddr) -> u32 {
    match ip {
        IpAddr::V4(ip) => u32::from(ip),
        IpAddr::V6(ip) => ip
            .octets()
            .chunks_exact(4)
            .fold(0, |hash, word| hash ^ u32::from_be_bytes([word[0], word[1], word[2], word[3]])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_holds_each_server_as_often_as_its_weight() {
        assert_eq!(spread(&[(4, 1), (7, 1)]), [4, 7]);
        assert_eq!(spread(&[(0, 2), (1, 1)]), [0, 1, 0]);
        assert!(spread(&[]).is_empty());
    }
}
