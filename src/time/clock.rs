//! The worker's clock: microseconds since the process began, refreshed once per loop turn.
//!
//! Reading a cached value costs a load; asking the kernel costs tens of nanoseconds, which the
//! path of a request would pay a dozen times.

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A cached clock. All values of one process share one origin, so they compare across workers.
#[derive(Debug)]
pub struct Clock {
    now_us: Cell<u64>,
    wall_offset_us: Cell<u64>,
}

impl Clock {
    #[must_use]
    pub fn new() -> Self {
        let clock = Self { now_us: Cell::new(0), wall_offset_us: Cell::new(0) };
        clock.synchronise();
        clock
    }

    /// Microseconds since the process began, as of the last refresh.
    #[inline]
    #[must_use]
    pub fn us(&self) -> u64 {
        self.now_us.get()
    }

    /// Milliseconds since the process began, as of the last refresh.
    #[inline]
    #[must_use]
    pub fn ms(&self) -> u64 {
        self.now_us.get() / 1000
    }

    /// Microseconds since the Unix epoch for an instant of this clock.
    #[inline]
    #[must_use]
    pub fn wall_us_at(&self, us: u64) -> u64 {
        self.wall_offset_us.get() + us
    }

    /// Reads the kernel's monotonic clock and returns it in microseconds.
    #[inline]
    pub fn refresh(&self) -> u64 {
        let now = monotonic_us();
        self.now_us.set(now);
        now
    }

    /// Reads both clocks, so that a step of the wall clock reaches the logs. Called every second.
    pub fn synchronise(&self) {
        let now = self.refresh();
        self.wall_offset_us.set(wall_us().saturating_sub(now));
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Microseconds since the process began, from the kernel.
#[must_use]
pub fn monotonic_us() -> u64 {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    // One second ahead, so that zero can stand for "never".
    let elapsed = ORIGIN.get_or_init(Instant::now).elapsed();
    elapsed.as_micros() as u64 + 1_000_000
}

/// Milliseconds since the process began, from the kernel.
#[must_use]
pub fn monotonic_ms() -> u64 {
    monotonic_us() / 1000
}

/// Microseconds since the Unix epoch, from the kernel.
#[must_use]
pub fn wall_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as u64)
}
