//! The live side of a server: health, administrative state, weight, connection slots.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};

use super::counters::{Counters, PerWorker};
use super::queue::Queue;

/// What balancing, checks and the runtime API share about one server.
#[derive(Debug)]
pub struct Server {
    pub counters: PerWorker<Counters>,
    health: AtomicU8,
    /// Bits of [`Admin`].
    admin: AtomicU8,
    /// The weight asked for, 0 to 256 (`uweight`).
    weight: AtomicU32,
    /// Successive results: from 0 (down for long) to `rise + fall - 1` (up for long), as the
    /// `check_health` column gives it.
    pub check_position: AtomicI32,
    /// `disable health`: no checks until `enable health`.
    pub checks_paused: AtomicBool,
    /// The result of the last check.
    pub check: Mutex<CheckResult>,
    /// `chkfail`: failed checks while up.
    pub failed_checks: AtomicU64,
    /// `chkdown`: transitions from up to down.
    pub down_transitions: AtomicU64,
    /// Process clock in seconds of the last change of health.
    pub last_change: AtomicU64,
    /// Seconds down, up to the last change.
    pub downtime: AtomicU64,
    /// `maxconn` in force; 0 is no limit.
    pub maxconn: AtomicU32,
    /// Slots taken, counted only while `maxconn` is set.
    served: AtomicU32,
    /// How often its address was changed.
    pub moves: AtomicU64,
    /// Requests that wait for this very server.
    pub queue: Queue,
}

/// Health as checks see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Health {
    /// No check is configured: always usable.
    Unchecked,
    Up,
    /// Up, but some checks failed.
    GoingDown,
    /// Down, but some checks succeeded.
    GoingUp,
    Down,
}

/// Administrative states; several may hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Admin {
    /// `disable server`, `set server … state maint`, or `disabled` in the configuration.
    Maintenance = 1,
    /// `set server … state drain`: only persistent sessions.
    Drain = 2,
    /// `set server … health stopping`: only persistent sessions until the next sign of health.
    Stopping = 4,
    /// `disabled` in the configuration, whatever became of it: told by `show servers state`.
    Configured = 8,
}

/// How the last check ended: the values of the `check_status` column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckStatus {
    #[default]
    Unknown,
    Initialising,
    SocketError,
    L4Ok,
    L4Timeout,
    L4Connection,
    L6Ok,
    L6Timeout,
    L6Response,
    L7Ok,
    L7Timeout,
    L7Response,
    L7Status,
}

/// The result of a check.
#[derive(Clone, Debug, Default)]
pub struct CheckResult {
    pub status: CheckStatus,
    /// Layer 7 code, if the check has one.
    pub code: Option<u16>,
    pub duration_ms: Option<u64>,
    /// `last_chk`: the first line or bytes of the answer, or the system's error.
    pub detail: String,
    /// Process clock in ms; 0 is never.
    pub ended_ms: u64,
}

impl Server {
    #[must_use]
    pub fn new(workers: usize, weight: u32, maxconn: u32, health: Health) -> Self {
        Self {
            counters: PerWorker::new(workers),
            health: AtomicU8::new(health as u8),
            admin: AtomicU8::new(0),
            weight: AtomicU32::new(weight),
            check_position: AtomicI32::new(0),
            checks_paused: AtomicBool::new(false),
            check: Mutex::default(),
            failed_checks: AtomicU64::new(0),
            down_transitions: AtomicU64::new(0),
            last_change: AtomicU64::new(crate::time::monotonic_ms() / 1000),
            downtime: AtomicU64::new(0),
            maxconn: AtomicU32::new(maxconn),
            served: AtomicU32::new(0),
            moves: AtomicU64::new(0),
            queue: Queue::default(),
        }
    }

    #[must_use]
    pub fn health(&self) -> Health {
        Health::from_bits(self.health.load(Relaxed))
    }

    /// Sets the health and keeps `last_change` and `downtime`. Returns what it was.
    pub fn set_health(&self, health: Health, now_s: u64) -> Health {
        let before = Health::from_bits(self.health.swap(health as u8, Relaxed));
        if before.is_up() != health.is_up() {
            self.record_change(health.is_up(), now_s);
        }
        before
    }

    /// Enters or leaves maintenance and keeps `last_change` and `downtime`. True on a change.
    pub fn set_maintenance(&self, on: bool, now_s: u64) -> bool {
        let changed = self.set_admin(Admin::Maintenance, on);
        if changed && self.health().is_up() {
            self.record_change(!on, now_s);
        }
        changed
    }

    fn record_change(&self, up: bool, now_s: u64) {
        let since = now_s.saturating_sub(self.last_change.swap(now_s, Relaxed));
        if up {
            self.downtime.fetch_add(since, Relaxed);
        } else {
            self.down_transitions.fetch_add(1, Relaxed);
        }
    }

    #[must_use]
    pub fn has(&self, state: Admin) -> bool {
        self.admin.load(Relaxed) & state as u8 != 0
    }

    /// Sets or clears an administrative state. True when that changed something.
    pub fn set_admin(&self, state: Admin, on: bool) -> bool {
        let bit = state as u8;
        let before = if on {
            self.admin.fetch_or(bit, Relaxed)
        } else {
            self.admin.fetch_and(!bit, Relaxed)
        };
        (before & bit != 0) != on
    }

    #[must_use]
    pub fn weight(&self) -> u32 {
        self.weight.load(Relaxed)
    }

    pub fn set_weight(&self, weight: u32) {
        self.weight.store(weight, Relaxed);
    }

    /// May serve requests that are bound to it (cookies, persistence).
    #[inline]
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.health().is_up() && !self.has(Admin::Maintenance)
    }

    /// May be chosen by the balancing algorithm.
    #[inline]
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        let held = Admin::Drain as u8 | Admin::Stopping as u8;
        self.is_usable() && self.admin.load(Relaxed) & held == 0 && self.weight() > 0
    }

    /// No `maxconn` is set: nothing needs to be counted, and workers need not share a number.
    #[inline]
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.maxconn.load(Relaxed) == 0
    }

    /// Takes a connection slot; false when all `maxconn` are taken.
    #[must_use]
    pub fn take_slot(&self) -> bool {
        let limit = self.maxconn.load(Relaxed);
        self.served
            .try_update(Relaxed, Relaxed, |served| {
                (limit == 0 || served < limit).then_some(served.saturating_add(1))
            })
            .is_ok()
    }

    /// Gives a slot back.
    pub fn release_slot(&self) {
        let _ = self.served.try_update(Relaxed, Relaxed, |served| served.checked_sub(1));
    }

    /// Sessions now, over all workers.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.counters.sessions_current()
    }
}

impl Health {
    fn from_bits(bits: u8) -> Self {
        match bits {
            0 => Self::Unchecked,
            1 => Self::Up,
            2 => Self::GoingDown,
            3 => Self::GoingUp,
            _ => Self::Down,
        }
    }

    #[must_use]
    pub fn is_up(self) -> bool {
        matches!(self, Self::Unchecked | Self::Up | Self::GoingDown)
    }
}

impl CheckStatus {
    /// The code of the `check_status` column (management guide, section 9.1).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "UNK",
            Self::Initialising => "INI",
            Self::SocketError => "SOCKERR",
            Self::L4Ok => "L4OK",
            Self::L4Timeout => "L4TOUT",
            Self::L4Connection => "L4CON",
            Self::L6Ok => "L6OK",
            Self::L6Timeout => "L6TOUT",
            Self::L6Response => "L6RSP",
            Self::L7Ok => "L7OK",
            Self::L7Timeout => "L7TOUT",
            Self::L7Response => "L7RSP",
            Self::L7Status => "L7STS",
        }
    }

    /// The words of the `check_desc` column and of log lines.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Unknown => "Unknown",
            Self::Initialising => "Initializing",
            Self::SocketError => "Socket error",
            Self::L4Ok => "Layer4 check passed",
            Self::L4Timeout => "Layer4 timeout",
            Self::L4Connection => "Layer4 connection problem",
            Self::L6Ok => "Layer6 check passed",
            Self::L6Timeout => "Layer6 timeout",
            Self::L6Response => "Layer6 invalid response",
            Self::L7Ok => "Layer7 check passed",
            Self::L7Timeout => "Layer7 timeout",
            Self::L7Response => "Layer7 invalid response",
            Self::L7Status => "Layer7 wrong status",
        }
    }

    #[must_use]
    pub fn passed(self) -> bool {
        matches!(self, Self::L4Ok | Self::L6Ok | Self::L7Ok)
    }
}
