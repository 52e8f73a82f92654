//! Facts and counters of the whole process, as `show info` gives them.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

use super::counters::{Counter, PerWorker};
use crate::time::Rate;

/// One worker's share of the process's counters.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Share {
    pub connections_current: Counter,
    pub connections_total: Counter,
    pub requests_total: Counter,
    pub bytes_out: Counter,
    pub spliced_bytes_out: Counter,
    pub streams_current: Counter,
    pub dropped_logs: Counter,
    pub connection_rate: Rate,
    pub session_rate: Rate,
    /// Microseconds of processor time used, sampled every second.
    pub busy_us: Counter,
}

/// The process.
#[derive(Debug)]
pub struct Process {
    pub shares: PerWorker<Share>,
    /// `maxconn` of the global section: connections accepted at once, over all workers.
    pub maxconn: AtomicUsize,
    /// True from the first soft stop signal on.
    pub stopping: AtomicBool,
    /// Unix seconds of the start.
    pub started: AtomicU64,
    /// Process clock in ms of the start.
    pub started_ms: u64,
    pub warnings: AtomicU64,
}

impl Process {
    #[must_use]
    pub fn new(workers: usize, maxconn: usize) -> Self {
        Self {
            shares: PerWorker::new(workers),
            maxconn: AtomicUsize::new(maxconn),
            stopping: AtomicBool::new(false),
            started: AtomicU64::new(crate::time::wall_us() / 1_000_000),
            started_ms: crate::time::monotonic_ms(),
            warnings: AtomicU64::new(0),
        }
    }

    #[must_use]
    pub fn stopping(&self) -> bool {
        self.stopping.load(Relaxed)
    }

    /// Client connections now, over all workers.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shares.sum(|share| share.connections_current.get())
    }
}
