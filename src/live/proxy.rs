//! The live side of a frontend or a backend.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use super::counters::{Counters, PerWorker};
use super::queue::Queue;
use super::server::Server;

/// Counters, limits that may be changed while running, and the queue of a frontend or backend.
#[derive(Debug)]
pub struct Proxy {
    pub counters: PerWorker<Counters>,
    /// `maxconn` in force; 0 is no limit of its own.
    pub maxconn: AtomicU32,
    /// Set by `disable frontend`, or by `disabled` in the configuration.
    pub disabled: AtomicBool,
    /// Requests that wait for any server of this backend.
    pub queue: Queue,
    /// Counts changes of health, weight and administrative state of the servers, so that a
    /// balancing algorithm knows when what it prepared no longer holds.
    pub generation: AtomicU64,
    /// Process clock in seconds of the last change between "has a server" and "has none".
    pub last_change: AtomicU64,
    /// Seconds spent without any server, up to the last change.
    pub downtime: AtomicU64,
    /// Times the backend lost its last server.
    pub down_transitions: AtomicU64,
    /// False while no server can be used.
    pub up: AtomicBool,
    /// Of a backend: its servers in order. Set once, when the plan is made.
    pub servers: OnceLock<Box<[Arc<Server>]>>,
}

impl Proxy {
    #[must_use]
    pub fn new(workers: usize, maxconn: u32) -> Self {
        Self {
            counters: PerWorker::new(workers),
            maxconn: AtomicU32::new(maxconn),
            disabled: AtomicBool::new(false),
            queue: Queue::default(),
            generation: AtomicU64::new(1),
            last_change: AtomicU64::new(crate::time::monotonic_ms() / 1000),
            downtime: AtomicU64::new(0),
            down_transitions: AtomicU64::new(0),
            up: AtomicBool::new(true),
            servers: OnceLock::new(),
        }
    }

    /// A server's usability or weight changed.
    pub fn servers_changed(&self) {
        self.generation.fetch_add(1, Relaxed);
    }

    /// Records that the backend has, or no longer has, a usable server. True on a change.
    pub fn set_up(&self, up: bool, now_s: u64) -> bool {
        if self.up.swap(up, Relaxed) == up {
            return false;
        }
        let since = now_s.saturating_sub(self.last_change.swap(now_s, Relaxed));
        if up {
            self.downtime.fetch_add(since, Relaxed);
        } else {
            self.down_transitions.fetch_add(1, Relaxed);
        }
        true
    }
}
