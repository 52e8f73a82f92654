//! A server in use by one stream: counted, and holding a slot of its `maxconn`.

use crate::proxy::{Backend, Server};

/// Dropping it ends the session on the server and hands its slot to whoever waits.
#[derive(Debug)]
pub(super) struct Lease<'p> {
    pub(super) backend: &'p Backend,
    pub(super) at: usize,
    worker: usize,
    /// It holds one of `maxconn` slots.
    slot: bool,
}

impl<'p> Lease<'p> {
    /// Takes a slot; `None` when all are taken.
    pub(super) fn take(
        backend: &'p Backend,
        at: usize,
        worker: usize,
        now_ms: u64,
    ) -> Option<Self> {
        let live = &backend.servers[at].live;
        let slot = !live.is_unlimited();
        (!slot || live.take_slot()).then(|| Self::begin(backend, at, worker, now_ms, slot))
    }

    /// Takes over a slot that a queue handed out.
    pub(super) fn adopt(backend: &'p Backend, at: usize, worker: usize, now_ms: u64) -> Self {
        Self::begin(backend, at, worker, now_ms, true)
    }

    fn begin(backend: &'p Backend, at: usize, worker: usize, now_ms: u64, slot: bool) -> Self {
        backend.servers[at].live.counters.at(worker).session_begins(now_ms);
        Self { backend, at, worker, slot }
    }

    pub(super) fn server(&self) -> &'p Server {
        &self.backend.servers[self.at]
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let server = &self.backend.servers[self.at].live;
        server.counters.at(self.worker).session_ends();
        if self.slot {
            release(self.backend, self.at);
        }
    }
}

/// Hands a slot to the first who waits for this server, then for any; otherwise frees it.
pub(super) fn release(backend: &Backend, at: usize) {
    let server = &backend.servers[at].live;
    let handed = server.is_usable() && (server.queue.serve(at) || backend.live.queue.serve(at));
    if !handed {
        server.release_slot();
    }
}
