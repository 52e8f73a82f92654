//! A point on the injected clock. Apart from `std::time::Instant` because the state machine runs in
//! simulated time, and because its clock must keep counting while the machine is suspended.

use std::{
    fmt,
    ops::{Add, AddAssign},
    time::Duration,
};

/// Time since the machine booted, suspended time included (`CLOCK_BOOTTIME`).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time(Duration);

impl Time {
    /// The point `since_boot` after the machine booted.
    pub(crate) const fn new(since_boot: Duration) -> Self {
        Self(since_boot)
    }

    /// Time that passed from `earlier` to `self`; zero when `earlier` is the later one.
    pub(crate) const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

impl AddAssign<Duration> for Time {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0.as_secs(), self.0.subsec_millis())
    }
}
