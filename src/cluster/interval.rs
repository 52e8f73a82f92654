//! The advertisement interval and the two timers derived from it (RFC 9568 section 6.1). Apart
//! because the wire, the settings and the state machine all speak of it.

use std::time::Duration;

/// An advertisement interval in centiseconds, 1 to 4095: the 12 bits that VRRPv3 carries.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval(u16);

impl Interval {
    /// 30 ms: a crashed node is replaced within 120 ms, at 33 small packets a second.
    pub const DEFAULT: Self = Self(3);

    /// `None` unless `centiseconds` is 1 to 4095.
    pub const fn from_centiseconds(centiseconds: u16) -> Option<Self> {
        match centiseconds {
            1..=MAX_CENTISECONDS => Some(Self(centiseconds)),
            _ => None,
        }
    }

    /// `None` unless `duration` is a whole number of centiseconds from 10 ms to 40.95 s.
    pub fn from_duration(duration: Duration) -> Option<Self> {
        let micros = duration.as_micros();
        let exact = duration.subsec_nanos().is_multiple_of(1000) && micros.is_multiple_of(10_000);
        if !exact {
            return None;
        }
        Self::from_centiseconds(u16::try_from(micros / 10_000).ok()?)
    }

    pub const fn centiseconds(self) -> u16 {
        self.0
    }

    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0 as u64 * 10)
    }

    /// Skew_Time: `((256 - priority) * interval) / 256`. It lets the best backup go first.
    pub fn skew(self, priority: u8) -> Duration {
        self.duration() * (256 - u32::from(priority)) / 256
    }

    /// Active_Down_Interval: `3 * interval + skew`, the silence after which the active is gone.
    pub fn active_down(self, priority: u8) -> Duration {
        self.duration() * 3 + self.skew(priority)
    }
}

const MAX_CENTISECONDS: u16 = 0x0fff;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skew_and_active_down_follow_the_rfc() {
        // Section 6.1 with priority 100 and one second: 156/256 s and 3 s more.
        let second = Interval::from_centiseconds(100).unwrap();
        assert_eq!(second.skew(100), Duration::from_micros(609_375));
        assert_eq!(second.active_down(100), Duration::from_micros(3_609_375));
        assert_eq!(second.skew(255), Duration::from_nanos(3_906_250));
    }

    #[test]
    fn the_wire_has_twelve_bits_of_centiseconds() {
        assert_eq!(Interval::from_centiseconds(0), None);
        assert_eq!(Interval::from_centiseconds(4096), None);
        assert_eq!(
            Interval::from_duration(Duration::from_millis(40_950)).map(Interval::centiseconds),
            Some(4095)
        );
        assert_eq!(Interval::from_duration(Duration::from_millis(25)), None);
        assert_eq!(Interval::from_duration(Duration::from_secs(41)), None);
    }
}
