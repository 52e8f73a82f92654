//! From a hash to a server: the two methods of `hash-type`. A table is built when servers, their
//! states or weights have changed, not per request.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use arc_swap::ArcSwap;

use super::hash::avalanche;
use crate::proxy::{Backend, HashMethod};

/// The table of a backend, as it was at the last change.
#[derive(Debug, Default)]
pub(super) struct Tables(ArcSwap<Table>);

/// Which hash leads where.
#[derive(Debug, Default)]
struct Table {
    generation: u64,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    /// Each server stands as often as its weight, spread evenly: as flat as the weights, but most
    /// keys move when a server leaves.
    Map(Vec<usize>),
    /// Points on a ring of 2^32 with their servers, in order: only the keys of a server that leaves
    /// move.
    Ring(Vec<(u32, usize)>),
}

/// A server as the tables know it.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    at: usize,
    id: u32,
    weight: u32,
}

impl Tables {
    /// The server that the hash leads to, or the next of the table for which `skip` does not hold.
    pub(super) fn choose(
        &self,
        backend: &Backend,
        method: HashMethod,
        hash: u32,
        skip: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        let generation = backend.live.generation.load(Relaxed);
        let mut table = self.0.load();
        if table.generation != generation {
            self.0.store(Arc::new(Table { generation, shape: Shape::of(backend, method) }));
            table = self.0.load();
        }
        table.shape.find(hash, skip)
    }
}

impl Shape {
    fn of(backend: &Backend, method: HashMethod) -> Self {
        let candidates: Vec<_> = backend
            .eligible()
            .map(|(at, server)| Candidate { at, id: server.id, weight: server.live.weight() })
            .collect();
        Self::build(&candidates, method)
    }

    fn build(candidates: &[Candidate], method: HashMethod) -> Self {
        match method {
            HashMethod::MapBased => Self::Map(spread(candidates)),
            HashMethod::Consistent => Self::Ring(ring(candidates)),
        }
    }

    fn find(&self, hash: u32, skip: &dyn Fn(usize) -> bool) -> Option<usize> {
        match self {
            Self::Map(slots) => {
                let first = hash as usize % slots.len().max(1);
                slots[first..].iter().chain(&slots[..first]).copied().find(|at| !skip(*at))
            }
            Self::Ring(points) => {
                let first = nearest(points, hash)?;
                let onwards = points[first..].iter().chain(&points[..first]);
                onwards.map(|(_, at)| *at).find(|at| !skip(*at))
            }
        }
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self::Map(Vec::new())
    }
}

/// One whole round in which every server comes as often as its weight. In each step all gain their
/// weight; the first that is owed a whole round pays it, or else the first that is owed anything.
fn spread(candidates: &[Candidate]) -> Vec<usize> {
    let round: i64 = candidates.iter().map(|candidate| i64::from(candidate.weight)).sum();
    let mut owed = vec![0i64; candidates.len()];
    (0..round)
        .filter_map(|_| {
            for (owed, candidate) in owed.iter_mut().zip(candidates) {
                *owed += i64::from(candidate.weight);
            }
            let next = owed.iter().position(|owed| *owed >= round);
            let next = next.or_else(|| owed.iter().position(|owed| *owed >= 0))?;
            owed[next] -= round;
            Some(candidates[next].at)
        })
        .collect()
}

/// The points of all servers. They depend on nothing but a server's number and weight.
fn ring(candidates: &[Candidate]) -> Vec<(u32, usize)> {
    let mut points: Vec<_> = candidates
        .iter()
        .flat_map(|candidate| {
            (0..candidate.weight * POINTS_PER_WEIGHT).map(|n| {
                let key = candidate.id.wrapping_mul(MOST_POINTS).wrapping_add(n);
                (avalanche(key), candidate.at)
            })
        })
        .collect();
    points.sort_unstable();
    points
}

/// The index of the point closest to `hash`, whichever way round.
fn nearest(points: &[(u32, usize)], hash: u32) -> Option<usize> {
    let count = points.len();
    if count == 0 {
        return None;
    }
    let after = points.partition_point(|(point, _)| *point < hash) % count;
    let before = (after + count - 1) % count;
    let down = hash.wrapping_sub(points[before].0);
    let up = points[after].0.wrapping_sub(hash);
    Some(if down < up { before } else { after })
}

/// HAProxy's, or a key would lead elsewhere than there.
const POINTS_PER_WEIGHT: u32 = 16;
/// As many as the greatest weight, 256, has.
const MOST_POINTS: u32 = 4096;

#[cfg(test)]
mod tests {
    use super::super::hash::{hash, hash_address};
    use super::*;
    use crate::proxy::{HashFunction, HashType};

    /// Read from HAProxy 3.4: what servers of these weights got, key by key.
    const CHOICES: &str = include_str!("choices.txt");
    const KEYS: &str = include_str!("keys.txt");

    fn shape(weights: &str, method: HashMethod) -> Shape {
        let weights = weights.split(',').map(|weight| weight.parse().unwrap());
        let candidates: Vec<_> = weights
            .zip(1..)
            .map(|(weight, id)| Candidate { at: id as usize - 1, id, weight })
            .collect();
        Shape::build(&candidates, method)
    }

    fn kind(method: &str, function: &str, modifier: &str) -> HashType {
        let mut kind = HashType::of(match method {
            "consistent" => HashMethod::Consistent,
            _ => HashMethod::MapBased,
        });
        if !function.is_empty() {
            kind.function = HashFunction::named(function).unwrap();
            kind.avalanche = modifier == "avalanche";
        }
        kind
    }

    #[test]
    fn every_key_leads_to_the_server_that_haproxy_chooses() {
        let mut compared = 0;
        for line in CHOICES.lines() {
            let fields: Vec<&str> = line.split('|').collect();
            let [input, method, function, modifier, weights, chosen] = fields[..] else {
                panic!("{line}")
            };
            let kind = kind(method, function, modifier);
            let shape = shape(weights, kind.method);
            let hashes: Vec<u32> = if input == "source" {
                let near = (1..=20).map(|n| [127, 0, 0, n]);
                let far = (1..=10).map(|n| [127, n * 7, n * 3, 9]);
                near.chain(far).map(|ip| hash_address(kind, ip.into())).collect()
            } else {
                KEYS.lines().map(|key| hash(kind, key.as_bytes())).collect()
            };
            let got = hashes.iter().map(|hash| shape.find(*hash, &|_| false).unwrap());
            let got: String = got.map(|at| at.to_string()).collect();
            assert_eq!(got, chosen, "{line}");
            compared += 1;
        }
        assert_eq!(compared, 72);
    }

    #[test]
    fn who_is_left_out_is_followed_by_the_next_and_nobody_is_found_among_none() {
        for method in [HashMethod::MapBased, HashMethod::Consistent] {
            let some = shape("1,1", method);
            assert_eq!(some.find(0, &|at| at == 0), Some(1));
            assert_eq!(some.find(0, &|_| true), None);
            assert_eq!(Shape::build(&[], method).find(7, &|_| false), None);
        }
    }

    #[test]
    fn a_server_that_leaves_the_ring_moves_no_other_keys() {
        let four: Vec<_> =
            (0..4).map(|at| Candidate { at, id: at as u32 + 1, weight: 3 }).collect();
        let all = Shape::build(&four, HashMethod::Consistent);
        let fewer = Shape::build(&four[..3], HashMethod::Consistent);
        for key in 0..1000 {
            let hash = avalanche(key);
            let before = all.find(hash, &|_| false);
            if before != Some(3) {
                assert_eq!(before, fewer.find(hash, &|_| false));
            }
        }
    }
}
