//! What all requests share: the configuration, the database, the passwords, and whether this node
//! is ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::config::Config;
use crate::database::Database;
use crate::password::Passwords;

pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) database: Database,
    pub(crate) passwords: Passwords,
    pub(crate) phase: Phase,
}

pub(crate) type Shared = Arc<App>;

/// Where the process is in its life.
///
/// ```text
/// starting ──tables ready──▶ ready ──signal──▶ draining
///     └───────────────signal──────────────────────┘
/// ```
#[derive(Default)]
pub(crate) struct Phase {
    prepared: AtomicBool,
    draining: AtomicBool,
}

impl Phase {
    pub(crate) fn is_prepared(&self) -> bool {
        self.prepared.load(Ordering::Relaxed)
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn set_prepared(&self) {
        self.prepared.store(true, Ordering::Relaxed);
    }

    pub(crate) fn set_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }
}

/// Seconds since 1970-01-01 UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
