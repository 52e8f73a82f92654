//! When checks happen: first ones spread over the shortest interval, later ones by the server's
//! state, with `spread-checks` of disorder. Times are milliseconds of one clock.

use crate::live::Health;
use crate::proxy::CheckSettings;

/// The delay of the first check of the server with this number among `count` checked ones.
pub(super) fn first_delay(shortest: u64, number: usize, count: usize) -> u64 {
    (shortest as u128 * number as u128 / count.max(1) as u128) as u64
}

/// `inter`, `fastinter` or `downinter`, by the state (manual, section 5.2 `inter`).
pub(super) fn interval(settings: &CheckSettings, health: Health) -> u64 {
    let chosen = match health {
        Health::Up | Health::Unchecked => None,
        Health::GoingDown | Health::GoingUp => settings.fastinter,
        Health::Down => settings.downinter,
    };
    chosen.unwrap_or(settings.inter).max(1)
}

/// When the check after one that began at `began` is due. `random` is from 0 to 1 and moves it by
/// up to `spread` percent of the interval in either direction. A check that took longer than its
/// interval is followed by the next one at once, but missed ones are not made up for.
pub(super) fn next(began: u64, now: u64, interval: u64, spread: u32, random: f64) -> u64 {
    let spread = interval as f64 * f64::from(spread.min(50)) / 100.0;
    let moved = (interval as f64 + spread * (2.0 * random - 1.0)).max(1.0) as u64;
    (began + moved).max(now + 1)
}

/// Deadlines of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patience {
    /// For the connection, from the start on.
    pub(super) connect: u64,
    /// For the answer, from the connection on; `None`: what is left of `connect`.
    pub(super) answer: Option<u64>,
}

/// How long a check waits (manual, section 4.2 `timeout check`).
pub(super) fn patience(inter: u64, connect: Option<u64>, check: Option<u64>) -> Patience {
    match check {
        None => Patience { connect: inter, answer: None },
        Some(_) => Patience { connect: connect.map_or(inter, |t| t.min(inter)), answer: check },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_checks_are_spread_over_the_shortest_interval() {
        let delays: Vec<_> = (0..4).map(|number| first_delay(2000, number, 4)).collect();
        assert_eq!(delays, [0, 500, 1000, 1500]);
        assert_eq!(first_delay(2000, 0, 0), 0);
    }

    #[test]
    fn the_interval_follows_the_state() {
        let plain = CheckSettings { inter: 2000, ..CheckSettings::default() };
        let fine = CheckSettings { fastinter: Some(100), downinter: Some(9000), ..plain };
        for (health, without, with) in [
            (Health::Up, 2000, 2000),
            (Health::GoingDown, 2000, 100),
            (Health::GoingUp, 2000, 100),
            (Health::Down, 2000, 9000),
        ] {
            assert_eq!((interval(&plain, health), interval(&fine, health)), (without, with));
        }
    }

    #[test]
    fn the_spread_goes_both_ways() {
        assert_eq!(next(10_000, 10_001, 1000, 0, 0.9), 11_000);
        assert_eq!(next(10_000, 10_001, 1000, 5, 0.0), 10_950);
        assert_eq!(next(10_000, 10_001, 1000, 5, 1.0), 11_050);
        assert_eq!(next(10_000, 12_500, 1000, 0, 0.5), 12_501, "a late check");
    }

    #[test]
    fn without_timeout_check_the_interval_is_all_there_is() {
        assert_eq!(patience(2000, Some(500), None), Patience { connect: 2000, answer: None });
        assert_eq!(
            patience(2000, Some(500), Some(300)),
            Patience { connect: 500, answer: Some(300) }
        );
        assert_eq!(patience(2000, Some(5000), Some(300)).connect, 2000);
        assert_eq!(patience(2000, None, Some(300)).connect, 2000);
    }
}
