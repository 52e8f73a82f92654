//! The least loaded of a few servers drawn at random (manual, `balance random`).

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::hash::avalanche;
use super::table::Tables;
use crate::proxy::{Backend, HashMethod};

/// How many draws there were: mixed, that is as good as chance.
#[derive(Debug, Default)]
pub(super) struct Random(AtomicU32);

impl Random {
    pub(super) fn choose(
        &self,
        tables: &Tables,
        backend: &Backend,
        draws: u32,
        skip: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        (0..draws)
            .filter_map(|_| {
                let place = avalanche(self.0.fetch_add(1, Relaxed));
                tables.choose(backend, HashMethod::Consistent, place, skip)
            })
            .min_by_key(|at| {
                let live = &backend.servers[*at].live;
                let load = live.sessions() + live.queue.len() as u64;
                // Scaled, so that a division keeps the order of fractions.
                (load + 1) * SCALE / u64::from(live.weight().max(1))
            })
    }
}

const SCALE: u64 = 1 << 20;
