//! Server connections without a client.
//!
//! Apart because it is what a worker keeps between sessions. Every connection here has been reset:
//! it holds no lock, no transaction and no prepared statement of the client before.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Connection, Server};

/// A worker's idle connections, the most recently used last.
#[derive(Debug)]
pub(crate) struct Pool {
    idle: RefCell<Vec<Idle>>,
    limit: usize,
    timeout: Duration,
}

#[derive(Debug)]
struct Idle {
    server: Arc<Server>,
    connection: Connection,
    since: Instant,
}

impl Pool {
    pub(crate) fn new(limit: usize, timeout: Duration) -> Self {
        Self { idle: RefCell::new(Vec::new()), limit, timeout }
    }

    /// The connection to `server` that was used last and is still open.
    pub(crate) fn take(&self, server: &Arc<Server>) -> Option<Connection> {
        let mut idle = self.idle.borrow_mut();
        while let Some(at) = idle.iter().rposition(|entry| Arc::ptr_eq(&entry.server, server)) {
            let entry = idle.remove(at);
            if entry.connection.peer.is_quiet() {
                return Some(entry.connection);
            }
        }
        None
    }

    /// Keeps a connection that has been reset; hands it back if there is no room.
    pub(crate) fn put(&self, server: &Arc<Server>, connection: Connection) -> Option<Connection> {
        if !self.has_room() {
            return Some(connection);
        }
        let entry = Idle { server: server.clone(), connection, since: Instant::now() };
        self.idle.borrow_mut().push(entry);
        None
    }

    pub(crate) fn has_room(&self) -> bool {
        self.idle.borrow().len() < self.limit
    }

    /// Takes out the connections that have been idle for too long or whose server is down.
    pub(crate) fn expire(&self, now: Instant) -> Vec<Connection> {
        let expired = |entry: &mut Idle| {
            now.duration_since(entry.since) >= self.timeout || !entry.server.is_up()
        };
        let mut idle = self.idle.borrow_mut();
        idle.extract_if(.., expired).map(|entry| entry.connection).collect()
    }

    /// Takes out all of them.
    pub(crate) fn empty(&self) -> Vec<Connection> {
        self.idle.take().into_iter().map(|entry| entry.connection).collect()
    }
}
