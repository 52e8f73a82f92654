//! The servers behind the proxy, and the connections to them.
//!
//! Apart from `session` because a server connection outlives the session that opened it.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use tracing::{info, warn};

use crate::config::{HealthSettings, ServerSettings};
use crate::live::Flag;
use crate::peer::Peer;
use crate::protocol::capability::Flags;
use crate::protocol::greeting::Greeting;
use health::Health;

pub(crate) mod acquire;
pub(crate) mod check;
mod dial;
mod health;
pub(crate) mod pool;
pub(crate) mod probe;
pub(crate) mod prove;
pub(crate) mod reset;

/// A server, as all workers see it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) target: SocketAddr,
    up: Flag,
    health: Mutex<Health>,
}

impl Server {
    pub(crate) fn new(server: &ServerSettings, health: &HealthSettings) -> Self {
        Self {
            name: server.name.clone(),
            target: server.target,
            up: Flag::new(true),
            health: Mutex::new(Health::new(health.rise, health.fall)),
        }
    }

    /// Whether new sessions may use it.
    pub(crate) fn is_up(&self) -> bool {
        self.up.get()
    }

    /// A check, or a session's attempt to connect, has had this outcome.
    pub(crate) fn observe(&self, outcome: Result<(), &str>) {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(up) = health.record(outcome.is_ok()) else { return };
        self.up.set(up);
        match outcome {
            Ok(()) => info!(server = self.name, "server is up"),
            Err(reason) => warn!(server = self.name, reason, "server is down"),
        }
    }
}

/// An open connection to a server.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) peer: Peer,
    pub(crate) greeting: Greeting,
    /// What the login that opened it agreed to for good; see `capability::lasting`.
    pub(crate) agreed: Flags,
}
