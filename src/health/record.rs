//! What a result changes: the server, its backend, the queues, and what is told of it.

use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

use super::kind::Verdict;
use super::report::Report;
use super::state::Thresholds;
use crate::live::CheckResult;
use crate::log::{Level, Sender};
use crate::proxy::{Backend, Server};
use crate::time::{monotonic_ms, wall_us};

/// Where a result of one server goes.
pub(super) struct Record<'p> {
    pub(super) backend: &'p Backend,
    /// Position in the backend.
    pub(super) server: usize,
    pub(super) thresholds: Thresholds,
    pub(super) log: &'p Sender,
}

impl Record<'_> {
    /// Takes a result in.
    pub(super) fn take(&self, verdict: Verdict, duration_ms: u64) {
        let live = &self.server().live;
        let now_ms = monotonic_ms();
        let result = CheckResult {
            status: verdict.status,
            code: verdict.code,
            duration_ms: Some(duration_ms),
            detail: verdict.detail,
            ended_ms: now_ms,
        };
        let last = {
            let mut check = live.check.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *check, result.clone())
        };
        let position = live.check_position.load(Relaxed);
        let next = self.thresholds.step(position, result.status.passed());
        live.check_position.store(next, Relaxed);
        let before = live.set_health(self.thresholds.health(next), now_ms / 1000);
        if before.is_up() && !result.status.passed() {
            live.failed_checks.fetch_add(1, Relaxed);
        }
        let report = Report { backend: self.backend, server: self.server(), result: &result };
        if self.backend.logging.health_checks && (last.status, position) != (result.status, next) {
            self.tell(Level::Notice, &report.check(self.thresholds, next));
        }
        match (before.is_up(), live.health().is_up()) {
            (true, false) => self.went_down(&report, now_ms),
            (false, true) => self.came_up(&report, now_ms),
            _ => {}
        }
    }

    fn went_down(&self, report: &Report<'_>, now_ms: u64) {
        let changed = self.backend.refresh_state(now_ms / 1000);
        self.tell(Level::Alert, &report.down(self.move_waiting()));
        if changed {
            let name = &self.backend.name;
            self.log.announce(Level::Emerg, &format!("backend '{name}' has no server available!"));
            let line = format!("backend {name} has no server available!");
            let logging = &self.backend.logging;
            let (tag, targets) = (logging.tag.as_deref(), &logging.targets);
            self.log.send_as(tag, targets, Level::Emerg, wall_us(), line.as_bytes());
        }
    }

    fn came_up(&self, report: &Report<'_>, now_ms: u64) {
        self.backend.refresh_state(now_ms / 1000);
        self.tell(Level::Notice, &report.up(self.serve_waiting()));
    }

    fn tell(&self, level: Level, message: &str) {
        let logging = &self.backend.logging;
        self.log.event_as(logging.tag.as_deref(), &logging.targets, level, message);
    }

    /// Gives the free slots of a server that came up to requests that wait. Returns how many
    /// there were.
    fn serve_waiting(&self) -> usize {
        let (server, waiting) = (self.server(), &self.backend.live.queue);
        let mut served = 0;
        while !waiting.is_empty() && server.live.is_eligible() && server.live.take_slot() {
            if !waiting.serve(self.server) {
                server.live.release_slot();
                break;
            }
            served += 1;
        }
        served
    }

    /// Gives free slots of other servers to requests that wait for one that went down. Returns
    /// how many there were.
    fn move_waiting(&self) -> usize {
        let waiting = &self.server().live.queue;
        let mut moved = 0;
        for (other, server) in self.backend.eligible() {
            while !waiting.is_empty() && server.live.take_slot() {
                if !waiting.serve(other) {
                    server.live.release_slot();
                    break;
                }
                moved += 1;
            }
        }
        moved
    }

    fn server(&self) -> &Server {
        &self.backend.servers[self.server]
    }
}
