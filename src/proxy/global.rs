//! The `global` section.

use std::path::PathBuf;
use std::sync::Arc;

use super::frontend::Listen;
use crate::log::Target;

/// Settings of the process (manual, chapter 3).
#[derive(Clone, Debug)]
pub struct Global {
    /// 0: as many as the file descriptor limit allows.
    pub maxconn: usize,
    /// 0: one for each core.
    pub threads: usize,
    pub daemon: bool,
    /// `master-worker`.
    pub master_worker: bool,
    /// `master-worker no-exit-on-failure`.
    pub no_exit_on_failure: bool,
    /// `mworker-max-reloads`.
    pub most_reloads: Option<u32>,
    pub pid_file: Option<PathBuf>,
    pub chroot: Option<PathBuf>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub ulimit_n: Option<u64>,
    pub node: Option<String>,
    pub description: Option<String>,
    pub log: Vec<Arc<Target>>,
    pub log_tag: String,
    /// `log-send-hostname`.
    pub log_hostname: Option<String>,
    pub stats_sockets: Vec<StatsSocket>,
    /// `stats timeout`, milliseconds.
    pub stats_timeout: u64,
    /// `hard-stop-after`, milliseconds.
    pub hard_stop_after: Option<u64>,
    /// `spread-checks`, percent.
    pub spread_checks: u32,
    /// `zero-warning`.
    pub zero_warning: bool,
    pub quiet: bool,
}

/// `stats socket`: a listener of the runtime API.
#[derive(Clone, Debug)]
pub struct StatsSocket {
    pub listen: Listen,
    pub level: Level,
    pub mode: Option<u32>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
}

/// What a user of the runtime API may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    User,
    #[default]
    Operator,
    Admin,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            maxconn: 0,
            threads: 0,
            daemon: false,
            master_worker: false,
            no_exit_on_failure: false,
            most_reloads: None,
            pid_file: None,
            chroot: None,
            uid: None,
            gid: None,
            ulimit_n: None,
            node: None,
            description: None,
            log: Vec::new(),
            log_tag: "haproxy".to_owned(),
            log_hostname: None,
            stats_sockets: Vec::new(),
            stats_timeout: 10_000,
            hard_stop_after: None,
            spread_checks: 0,
            zero_warning: false,
            quiet: false,
        }
    }
}
