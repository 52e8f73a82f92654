//! The clock that keeps counting while the machine is suspended.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// Time since boot, suspended time included (`CLOCK_BOOTTIME`). The clock exists since Linux 2.6.39;
/// without it this is zero.
pub(crate) fn since_boot() -> Duration {
    clock_gettime(ClockId::CLOCK_BOOTTIME).map(Duration::from).unwrap_or_default()
}
