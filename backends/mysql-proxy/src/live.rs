//! What is alive while the proxy runs: counters, and what all workers share.
//!
//! Apart from the settings because it changes. Counters belong to one worker each and are summed
//! when they are read, so that workers share no cache line per command.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

use tokio::sync::watch;

use crate::config::Settings;
use crate::protocol::command::COMMANDS;
use crate::server::Server;

/// What all threads see.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    /// In the order in which they are tried.
    pub(crate) servers: Vec<Arc<Server>>,
    /// One per worker.
    pub(crate) counters: Vec<Counters>,
    pub(crate) sessions: AtomicUsize,
    pub(crate) draining: watch::Sender<bool>,
}

/// A worker's counters since its start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) accepted: Counter,
    pub(crate) refused: Counter,
    pub(crate) logins_failed: Counter,
    pub(crate) no_server: Counter,
    /// By position in [`COMMANDS`].
    pub(crate) commands: [Counter; COMMANDS.len()],
    pub(crate) from_clients: Counter,
    pub(crate) from_servers: Counter,
    pub(crate) error_packets: Counter,
    pub(crate) broken: Counter,
    pub(crate) servers_lost: Counter,
    pub(crate) pool_hits: Counter,
    pub(crate) pool_misses: Counter,
    pub(crate) pool_stale: Counter,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Shared {
    pub(crate) fn new(settings: Settings, workers: usize) -> Self {
        let servers = settings.servers.iter().map(|server| Server::new(server, &settings.health));
        Self {
            servers: servers.map(Arc::new).collect(),
            counters: (0..workers).map(|_| Counters::default()).collect(),
            sessions: AtomicUsize::new(0),
            draining: watch::Sender::new(false),
            settings,
        }
    }

    /// A place below `max_connections`, held until it is dropped.
    pub(crate) fn admit(self: &Arc<Self>) -> Option<Admission> {
        let limit = self.settings.max_connections;
        let room = |sessions: usize| (sessions < limit).then_some(sessions + 1);
        self.sessions.fetch_update(Relaxed, Relaxed, room).ok()?;
        Some(Admission(Arc::clone(self)))
    }

    pub(crate) fn is_draining(&self) -> bool {
        *self.draining.borrow()
    }

    /// Servers that may take a new session, best first.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = &Arc<Server>> {
        let tried = if self.settings.failover { self.servers.len() } else { 1 };
        self.servers.iter().take(tried).filter(|server| server.is_up())
    }
}

/// One of the `max_connections` places.
#[derive(Debug)]
pub(crate) struct Admission(Arc<Shared>);

impl Drop for Admission {
    fn drop(&mut self) {
        self.0.sessions.fetch_sub(1, Relaxed);
    }
}

/// A flag that one thread writes and all read.
#[derive(Debug)]
pub(crate) struct Flag(AtomicBool);

impl Flag {
    pub(crate) fn new(value: bool) -> Self {
        Self(AtomicBool::new(value))
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Relaxed)
    }

    pub(crate) fn set(&self, value: bool) {
        self.0.store(value, Relaxed);
    }
}
