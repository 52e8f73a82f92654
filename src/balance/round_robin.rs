//! Weighted round robin by virtual time: each choice moves a server forward by the inverse of its
//! weight, and the one furthest behind is next. Weights may change at any moment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::proxy::Backend;

/// The servers by their position in virtual time.
#[derive(Debug, Default)]
pub(super) struct RoundRobin {
    generation: u64,
    queue: BinaryHeap<Reverse<(u64, usize)>>,
    /// Virtual time: the position of the last choice.
    now: u64,
}

impl RoundRobin {
    pub(super) fn choose(
        &mut self,
        generation: u64,
        backend: &Backend,
        skip: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        if self.generation != generation {
            self.generation = generation;
            self.rebuild(backend.eligible().map(|(at, server)| (at, server.live.weight())));
        }
        self.next(skip, |at| backend.servers[at].live.weight())
    }

    /// Takes over the set of servers. Those known keep their position; others begin now.
    fn rebuild(&mut self, servers: impl Iterator<Item = (usize, u32)>) {
        let known: Vec<(usize, u64)> =
            self.queue.drain().map(|Reverse((position, at))| (at, position)).collect();
        for (at, weight) in servers {
            let position = known
                .iter()
                .find(|(other, _)| *other == at)
                // Half a step: a heavy server comes first, equal ones in their order.
                .map_or(self.now + step(weight) / 2, |(_, position)| *position);
            self.queue.push(Reverse((position, at)));
        }
    }

    fn next(
        &mut self,
        skip: &dyn Fn(usize) -> bool,
        weight: impl Fn(usize) -> u32,
    ) -> Option<usize> {
        let mut skipped = Vec::new();
        let mut chosen = None;
        while let Some(Reverse((position, at))) = self.queue.pop() {
            if skip(at) {
                skipped.push(Reverse((position, at)));
                continue;
            }
            self.now = self.now.max(position);
            self.queue.push(Reverse((position + step(weight(at)), at)));
            chosen = Some(at);
            break;
        }
        self.queue.extend(skipped);
        chosen
    }
}

/// How far a choice moves a server of this weight. 2^32 choices of weight 1 fit into 64 bits.
fn step(weight: u32) -> u64 {
    (1 << 32) / u64::from(weight.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(weights: &[u32], n: usize) -> Vec<usize> {
        let mut state = RoundRobin::default();
        state.rebuild(weights.iter().copied().enumerate());
        (0..n).filter_map(|_| state.next(&|_| false, |at| weights[at])).collect()
    }

    #[test]
    fn equal_servers_take_turns_in_their_order() {
        assert_eq!(order(&[1, 1, 1], 7), [0, 1, 2, 0, 1, 2, 0]);
    }

    #[test]
    fn weights_are_exact_over_a_round_and_spread_within_it() {
        let order = order(&[3, 1], 8);
        for round in order.chunks(4) {
            assert_eq!(round.iter().filter(|at| **at == 0).count(), 3, "{order:?}");
        }
        assert!(!order.windows(4).any(|four| four.iter().all(|at| *at == 0)), "{order:?}");
    }

    #[test]
    fn a_server_that_joins_gets_its_share_and_no_burst() {
        let mut state = RoundRobin::default();
        state.rebuild([(0, 1), (1, 1)].into_iter());
        for _ in 0..1000 {
            state.next(&|_| false, |_| 1);
        }
        state.rebuild([(0, 1), (1, 1), (2, 1)].into_iter());
        let first: Vec<_> = (0..6).filter_map(|_| state.next(&|_| false, |_| 1)).collect();
        assert_eq!(first.iter().filter(|at| **at == 2).count(), 2, "{first:?}");
    }

    #[test]
    fn skipped_servers_keep_their_turn() {
        let mut state = RoundRobin::default();
        state.rebuild([(0, 1), (1, 1)].into_iter());
        assert_eq!(state.next(&|at| at == 0, |_| 1), Some(1));
        assert_eq!(state.next(&|_| false, |_| 1), Some(0));
        assert_eq!(state.next(&|_| true, |_| 1), None);
    }
}
