//! Events over a sliding period, in two words: the period that runs and the one before it.

/// Words of 64 bits that a rate takes.
pub(super) const RATE_WORDS: usize = 2;

/// Counts `events` at `now_ms`.
pub(super) fn count(words: &mut [u64; RATE_WORDS], period_ms: u64, now_ms: u64, events: u32) {
    let (current, previous) = turn(words, period_ms, now_ms);
    words[1] = pack(current.saturating_add(events), previous);
}

/// Events over the last period, as if those of the period before had come evenly.
pub(super) fn read(words: [u64; RATE_WORDS], period_ms: u64, now_ms: u64) -> u32 {
    let mut words = words;
    let (current, previous) = turn(&mut words, period_ms, now_ms);
    let period = period_ms.max(1);
    let remaining = period.saturating_sub(now_ms.saturating_sub(words[0]));
    let past = u128::from(previous) * u128::from(remaining) / u128::from(period);
    current.saturating_add(u32::try_from(past).unwrap_or(u32::MAX))
}

/// Makes the rate `value` events per period from now on.
pub(super) fn set(words: &mut [u64; RATE_WORDS], now_ms: u64, value: u32) {
    words[0] = now_ms;
    words[1] = pack(0, value);
}

/// Begins new periods until the one that `now_ms` lies in.
fn turn(words: &mut [u64; RATE_WORDS], period_ms: u64, now_ms: u64) -> (u32, u32) {
    let period = period_ms.max(1);
    let (mut current, mut previous) = unpack(words[1]);
    let elapsed = now_ms.saturating_sub(words[0]);
    if elapsed >= period {
        previous = if elapsed < period.saturating_mul(2) { current } else { 0 };
        current = 0;
        words[0] = if elapsed < period.saturating_mul(2) { words[0] + period } else { now_ms };
        words[1] = pack(current, previous);
    }
    (current, previous)
}

fn pack(current: u32, previous: u32) -> u64 {
    u64::from(current) << 32 | u64::from(previous)
}

fn unpack(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_the_period_before_fade() {
        let mut words = [0; RATE_WORDS];
        count(&mut words, 10_000, 50_000, 4);
        assert_eq!(read(words, 10_000, 50_000), 4);
        assert_eq!(read(words, 10_000, 59_999), 4);
        // Half of the next period: half of the events.
        assert_eq!(read(words, 10_000, 65_000), 2);
        count(&mut words, 10_000, 65_000, 1);
        assert_eq!(read(words, 10_000, 65_000), 3);
        assert_eq!(read(words, 10_000, 75_000), 0);
    }

    #[test]
    fn a_rate_may_be_set() {
        let mut words = [0; RATE_WORDS];
        set(&mut words, 1_000, 50);
        assert_eq!(read(words, 10_000, 1_000), 50);
        assert_eq!(read(words, 10_000, 6_000), 25);
    }

    #[test]
    fn nothing_overflows() {
        let mut words = [0; RATE_WORDS];
        count(&mut words, 0, u64::MAX, u32::MAX);
        count(&mut words, u64::MAX, u64::MAX, u32::MAX);
        assert!(read(words, 1, u64::MAX) > 0);
    }
}
