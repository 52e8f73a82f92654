//! What is told of checks, in HAProxy's words.

use super::state::Thresholds;
use crate::live::CheckResult;
use crate::proxy::{Backend, Server};

/// A change of a server's health that is to be told of.
pub(super) struct Report<'p> {
    pub(super) backend: &'p Backend,
    pub(super) server: &'p Server,
    pub(super) result: &'p CheckResult,
}

impl Report<'_> {
    /// `option log-health-checks`: one check.
    pub(super) fn check(&self, thresholds: Thresholds, position: i32) -> String {
        format!(
            "Health check for {}server {}/{} {}, {}, status: {}.",
            if self.server.backup { "backup " } else { "" },
            self.backend.name,
            self.server.name,
            if self.result.status.passed() { "succeeded" } else { "failed" },
            self.outcome(),
            thresholds.describe(position)
        )
    }

    /// The server went down.
    pub(super) fn down(&self, requeued: usize) -> String {
        format!(
            "{}. {} servers left.{} {} sessions active, {requeued} requeued, {} remaining in queue.",
            self.subject("DOWN"),
            self.servers(),
            self.on_backup(),
            self.server.live.sessions(),
            self.server.live.queue.len()
        )
    }

    /// The server came up.
    pub(super) fn up(&self, requeued: usize) -> String {
        format!(
            "{}. {} servers online.{} {requeued} sessions requeued, {} total in queue.",
            self.subject("UP"),
            self.servers(),
            self.on_backup(),
            self.server.live.queue.len()
        )
    }

    /// The reason is left out where `option log-health-checks` just gave it.
    fn subject(&self, state: &str) -> String {
        let subject = format!(
            "{}Server {}/{} is {state}",
            if self.server.backup { "Backup " } else { "" },
            self.backend.name,
            self.server.name
        );
        if self.backend.logging.health_checks {
            return subject;
        }
        format!("{subject}, {}", self.outcome())
    }

    fn outcome(&self) -> String {
        let mut text = format!("reason: {}", self.result.status.description());
        if let Some(code) = self.result.code {
            text.push_str(&format!(", code: {code}"));
        }
        if !self.result.detail.is_empty() {
            text.push_str(&format!(", info: \"{}\"", self.result.detail));
        }
        if let Some(duration) = self.result.duration_ms {
            text.push_str(&format!(", check duration: {duration}ms"));
        }
        text
    }

    fn servers(&self) -> String {
        format!("{} active and {} backup", self.usable(false), self.usable(true))
    }

    fn on_backup(&self) -> &'static str {
        let on_backup = self.usable(false) == 0 && self.usable(true) > 0;
        if on_backup { " Running on backup." } else { "" }
    }

    fn usable(&self, backup: bool) -> usize {
        let servers = self.backend.servers.iter();
        servers.filter(|server| server.backup == backup && server.live.is_eligible()).count()
    }
}
