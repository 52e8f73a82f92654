//! The offset of local time from UTC, as `TZ` and the system's zone files give it.

use std::sync::OnceLock;

use tz::TimeZone;

/// Seconds that local time is ahead of UTC at `unix` seconds since the epoch.
///
/// The zone is read once, by the first call: a process that will change its root directory calls
/// this before.
#[must_use]
pub fn local_offset(unix: i64) -> i32 {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    let zone = ZONE.get_or_init(|| TimeZone::local().unwrap_or_else(|_| TimeZone::utc()));
    zone.find_local_time_type(unix).map_or(0, |kind| kind.ut_offset())
}
