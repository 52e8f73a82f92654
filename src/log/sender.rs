//! A worker's way to its log targets.

use std::sync::Arc;

use super::target::{Level, Target};

/// What every line of the process carries.
#[derive(Clone, Debug)]
pub struct SenderSettings {
    /// `log-tag`.
    pub tag: String,
    /// `log-send-hostname`.
    pub hostname: Option<String>,
    pub pid: u32,
    /// Events are shown on standard error too: the process is neither quiet nor a daemon.
    pub announce: bool,
}

/// Sends lines without ever waiting; what cannot be sent at once is dropped and counted.
#[derive(Debug)]
pub struct Sender {
    settings: SenderSettings,
}

impl Sender {
    #[must_use]
    pub fn new(settings: SenderSettings) -> Self {
        Self { settings }
    }

    /// Sends one line to every target that takes its level. `wall_us`: microseconds since the
    /// Unix epoch, for the header.
    pub fn send(&self, _targets: &[Arc<Target>], _level: Level, _wall_us: u64, _message: &[u8]) {
        let _ = &self.settings;
    }

    /// Tells of a change in the process: a line to the targets and, while announcing, one on
    /// standard error.
    pub fn event(&self, _targets: &[Arc<Target>], _level: Level, _message: &str) {}

    /// Lines lost so far.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        0
    }
}
