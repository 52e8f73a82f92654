//! The processes of a master and the state of reloads: shared with the connections of the master
//! CLI, which have threads of their own.

use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::unistd::Pid;

use super::worker::{Stage, Worker};

#[derive(Debug, Default)]
pub(super) struct Table {
    state: Mutex<State>,
    settled: Condvar,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) started: Instant,
    pub(super) workers: Vec<Worker>,
    pub(super) reloads: u32,
    /// Reloads in a row that failed.
    pub(super) failed: u32,
    /// The reload under way, or the next, terminates what is there.
    pub(super) hard: bool,
    /// Reloads that are over, and how the last went.
    over: u64,
    success: bool,
    /// What was said since the last reload began.
    log: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            workers: Vec::new(),
            reloads: 0,
            failed: 0,
            hard: false,
            over: 0,
            success: true,
            log: String::new(),
        }
    }
}

impl Table {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says a line on standard error, and keeps it for `show startup-logs`.
    pub(super) fn say(&self, level: &str, text: &str) {
        let line = format!("{:<10} ({}) : {text}\n", format!("[{level}]"), std::process::id());
        eprint!("{line}");
        let mut state = self.lock();
        if state.log.len() < LONGEST_LOG {
            state.log += &line;
        }
    }

    /// The worker of a poller's token, and its connection.
    pub(super) fn channel(&self, token: u64) -> Option<(Pid, Arc<OwnedFd>)> {
        let state = self.lock();
        let worker = state
            .workers
            .iter()
            .find(|worker| u64::try_from(worker.pid.as_raw()).is_ok_and(|pid| pid == token))?;
        Some((worker.pid, Arc::clone(&worker.channel)))
    }

    pub(super) fn signal_all(&self, signal: Signal) {
        self.lock().workers.iter().for_each(|worker| worker.signal(signal));
    }

    pub(super) fn is_loading(&self) -> bool {
        self.lock().workers.iter().any(|worker| worker.stage == Stage::Loading)
    }

    /// A reload begins.
    pub(super) fn begin(&self) {
        let mut state = self.lock();
        state.reloads += 1;
        state.workers.iter_mut().for_each(|worker| worker.reloads += 1);
        state.log.clear();
    }

    /// A reload is over.
    pub(super) fn settle(&self, success: bool) {
        let mut state = self.lock();
        state.over += 1;
        state.success = success;
        drop(state);
        self.settled.notify_all();
    }

    /// How many reloads are over.
    pub(super) fn over(&self) -> u64 {
        self.lock().over
    }

    /// Waits for the end of a reload after `over` of them; whether it succeeded, and what was said.
    pub(super) fn wait(&self, over: u64) -> (bool, String) {
        let state = self.lock();
        let waited = self
            .settled
            .wait_timeout_while(state, LONGEST_RELOAD, |state| state.over == over)
            .unwrap_or_else(PoisonError::into_inner);
        let (state, timeout) = waited;
        (state.success && !timeout.timed_out(), state.log.clone())
    }

    pub(super) fn log(&self) -> String {
        self.lock().log.clone()
    }

    /// Takes out the workers that have ended.
    pub(super) fn reap(&self) -> Vec<(Worker, (u8, String))> {
        let mut state = self.lock();
        let mut ended = Vec::new();
        let mut at = 0;
        while at < state.workers.len() {
            match state.workers[at].reap() {
                Some(status) => ended.push((state.workers.remove(at), status)),
                None => at += 1,
            }
        }
        ended
    }
}

/// Bytes; a reload says a few lines.
const LONGEST_LOG: usize = 64 * 1024;
/// A configuration takes seconds to load at most.
const LONGEST_RELOAD: Duration = Duration::from_secs(60);
