//! Events per second, as HAProxy reports them: the current second's count plus what is left of
//! the previous second's, so that the figure slides instead of jumping.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// A rate that one worker writes and everybody reads.
#[derive(Debug, Default)]
pub struct Rate {
    second: AtomicU32,
    current: AtomicU32,
    previous: AtomicU32,
    max: AtomicU32,
}

impl Rate {
    /// Counts one event at `now_ms`.
    #[inline]
    pub fn hit(&self, now_ms: u64) {
        let second = (now_ms / 1000) as u32;
        let last = self.second.load(Relaxed);
        let mut current = self.current.load(Relaxed);
        if last != second {
            self.previous.store(if second == last + 1 { current } else { 0 }, Relaxed);
            self.second.store(second, Relaxed);
            current = 0;
        }
        self.current.store(current + 1, Relaxed);
        if current + 1 > self.max.load(Relaxed) {
            self.max.store(current + 1, Relaxed);
        }
    }

    /// Events over the last second.
    #[must_use]
    pub fn per_second(&self, now_ms: u64) -> u32 {
        let second = (now_ms / 1000) as u32;
        let last = self.second.load(Relaxed);
        let left = 1000 - (now_ms % 1000) as u32;
        match second.saturating_sub(last) {
            0 => {
                let previous = u64::from(self.previous.load(Relaxed)) * u64::from(left) / 1000;
                self.current.load(Relaxed) + previous as u32
            }
            1 => (u64::from(self.current.load(Relaxed)) * u64::from(left) / 1000) as u32,
            _ => 0,
        }
    }

    /// The most events counted in one second so far.
    #[must_use]
    pub fn max(&self) -> u32 {
        self.max.load(Relaxed)
    }

    pub fn reset_max(&self) {
        self.max.store(0, Relaxed);
    }
}

/// A rate that several workers write: for limits that hold over the whole process.
#[derive(Debug, Default)]
pub struct SharedRate {
    /// Second in the upper half, count in the lower.
    packed: AtomicU64,
}

impl SharedRate {
    /// Counts one event unless `limit` events were already counted in this second.
    pub fn admit(&self, now_ms: u64, limit: u32) -> bool {
        let second = now_ms / 1000;
        self.packed
            .try_update(Relaxed, Relaxed, |packed| {
                let count = if packed >> 32 == second { packed as u32 } else { 0 };
                (count < limit).then_some(second << 32 | u64::from(count + 1))
            })
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_reads_the_same_at_any_moment_of_a_second() {
        let rate = Rate::default();
        for ms in (5_000..8_000).step_by(10) {
            rate.hit(ms);
        }
        assert_eq!(rate.max(), 100);
        assert!((98..=102).contains(&rate.per_second(7_990)), "{}", rate.per_second(7_990));
        assert_eq!(rate.per_second(8_500), 50);
        assert_eq!(rate.per_second(20_000), 0);
    }

    #[test]
    fn a_shared_limit_admits_exactly_its_number_each_second() {
        let rate = SharedRate::default();
        let admitted = (0..10).filter(|_| rate.admit(1_500, 3)).count();
        assert_eq!(admitted, 3);
        assert!(rate.admit(2_000, 3));
    }
}
