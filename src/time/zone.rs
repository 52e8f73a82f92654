//! The offset of local time from UTC, as `TZ` and the system's zone files give it.

use std::sync::OnceLock;

use tz::{TimeZone, TimeZoneRef};

/// Seconds that local time is ahead of UTC at `unix` seconds since the epoch.
///
/// The zone is read once, by the first call: a process that will change its root directory calls
/// this before.
#[must_use]
pub fn local_offset(unix: i64) -> i32 {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    offset(ZONE.get_or_init(zone_of_process).as_ref(), unix)
}

fn offset(zone: TimeZoneRef<'_>, unix: i64) -> i32 {
    zone.find_local_time_type(unix).map_or(0, |kind| kind.ut_offset())
}

/// Tests expect lines of one zone, whatever the machine's is.
fn zone_of_process() -> TimeZone {
    if cfg!(test) {
        return TimeZone::utc();
    }
    TimeZone::local().unwrap_or_else(|_| TimeZone::utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_is_an_hour_ahead() {
        let zone = TimeZone::from_posix_tz("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        // 15 January and 15 July 2026, noon UTC.
        assert_eq!(offset(zone.as_ref(), 1_768_478_400), 3600);
        assert_eq!(offset(zone.as_ref(), 1_784_116_800), 7200);
    }
}
