//! The server with the fewest connections for its weight.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::proxy::Backend;

/// Where the search begins, so that servers with equal load take turns.
#[derive(Debug, Default)]
pub(super) struct LeastConn(AtomicUsize);

impl LeastConn {
    pub(super) fn choose(&self, backend: &Backend, skip: &dyn Fn(usize) -> bool) -> Option<usize> {
        let first = self.0.load(Relaxed);
        let count = backend.servers.len().max(1);
        let distance = |at: usize| (at + count - first % count) % count;
        let chosen = backend
            .eligible()
            .filter(|(at, _)| !skip(*at))
            .map(|(at, server)| {
                let load = server.live.sessions() + server.live.queue.len() as u64;
                // Scaled, so that a division keeps the order of fractions.
                let scaled = (load + 1) * SCALE / u64::from(server.live.weight());
                (scaled, distance(at), at)
            })
            .min()
            .map(|(_, _, at)| at)?;
        self.0.store(chosen + 1, Relaxed);
        Some(chosen)
    }
}

const SCALE: u64 = 1 << 20;
