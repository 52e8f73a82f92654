//! Idle server connections of one worker, shared by all its sessions (manual, `http-reuse`).

use std::cell::RefCell;
use std::sync::atomic::Ordering::Relaxed;

use crate::proxy::{Plan, Server};
use crate::tcp::{Io, peek_closed};

/// Idle connections by backend and server, the most recently used last.
#[derive(Debug, Default)]
pub struct Pool {
    backends: RefCell<Vec<Vec<Vec<Idle>>>>,
}

#[derive(Debug)]
struct Idle {
    io: Io,
    since_ms: u64,
    /// How often the server had moved when the connection was made.
    moves: u64,
}

/// A connection that may serve another request.
#[derive(Debug)]
pub struct Kept {
    pub io: Io,
    /// [`live::Server::moves`](crate::live::Server::moves) from before it was made.
    pub moves: u64,
}

impl Pool {
    /// A pool for all servers of a plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let backends = plan
            .backends
            .iter()
            .map(|backend| backend.servers.iter().map(|_| Vec::new()).collect())
            .collect();
        Self { backends: RefCell::new(backends) }
    }

    /// The connection that was used last and is still open.
    #[must_use]
    pub fn take(
        &self,
        backend: usize,
        server: usize,
        worker: usize,
        facts: &Server,
    ) -> Option<Kept> {
        let mut backends = self.backends.borrow_mut();
        let idle = backends.get_mut(backend)?.get_mut(server)?;
        let now = facts.live.moves.load(Relaxed);
        while let Some(Idle { io, moves, .. }) = idle.pop() {
            facts.live.counters.at(worker).idle_connections.subtract(1);
            if moves == now && !peek_closed(&io) {
                return Some(Kept { io, moves });
            }
        }
        None
    }

    /// Keeps a connection for the next request, unless `pool-max-conn` forbids it.
    pub fn put(
        &self,
        backend: usize,
        server: usize,
        worker: usize,
        facts: &Server,
        kept: Kept,
        now_ms: u64,
    ) {
        let Kept { io, moves } = kept;
        let mut backends = self.backends.borrow_mut();
        let Some(idle) = backends.get_mut(backend).and_then(|servers| servers.get_mut(server))
        else {
            return;
        };
        if facts.pool_max_conn.is_some_and(|max| idle.len() >= max) || !facts.live.is_usable() {
            return;
        }
        facts.live.counters.at(worker).idle_connections.add(1);
        idle.push(Idle { io, since_ms: now_ms, moves });
    }

    /// Drops connections that were closed by their server or idle for `pool-purge-delay`.
    /// Called every second.
    pub fn purge(&self, plan: &Plan, worker: usize, now_ms: u64) {
        let mut backends = self.backends.borrow_mut();
        for (servers, backend) in backends.iter_mut().zip(&plan.backends) {
            for (idle, server) in servers.iter_mut().zip(&backend.servers) {
                let before = idle.len();
                let usable = server.live.is_usable();
                idle.retain(|idle| {
                    usable
                        && now_ms.saturating_sub(idle.since_ms) < server.pool_purge_delay
                        && !peek_closed(&idle.io)
                });
                let dropped = (before - idle.len()) as u64;
                server.live.counters.at(worker).idle_connections.subtract(dropped);
            }
        }
    }

    /// Drops everything: the process stops.
    pub fn clear(&self) {
        for servers in self.backends.borrow_mut().iter_mut() {
            servers.iter_mut().for_each(Vec::clear);
        }
    }
}
