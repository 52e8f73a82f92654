//! Rise and fall: how successive results make a server go up and down, without I/O.
//!
//! ```text
//!   0        1 … rise-1        rise … rise+fall-2        rise+fall-1
//!  Down       GoingUp             GoingDown                  Up
//! ```
//! A success while up leads to the far right, a failure while down to the far left; in between
//! each result is one step, and the step over the middle goes all the way.

use crate::live::Health;

/// `rise` and `fall` of a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thresholds {
    rise: i32,
    fall: i32,
}

impl Thresholds {
    pub(super) fn new(rise: i32, fall: i32) -> Self {
        Self { rise: rise.max(1), fall: fall.max(1) }
    }

    /// Where a server begins that is taken for up: its first failure makes it go down.
    pub(super) fn barely_up(self) -> i32 {
        self.rise
    }

    pub(super) fn top(self) -> i32 {
        self.rise + self.fall - 1
    }

    /// The position after one more result.
    pub(super) fn step(self, position: i32, passed: bool) -> i32 {
        match (passed, position) {
            (true, position) if position + 1 >= self.rise => self.top(),
            (true, position) => position + 1,
            (false, position) if position > self.rise => position - 1,
            (false, _) => 0,
        }
    }

    pub(super) fn health(self, position: i32) -> Health {
        if position >= self.top() {
            Health::Up
        } else if position >= self.rise {
            Health::GoingDown
        } else if position > 0 {
            Health::GoingUp
        } else {
            Health::Down
        }
    }

    /// `2/3 UP`, `1/2 DOWN`: as log lines give it.
    pub(super) fn describe(self, position: i32) -> String {
        if position >= self.rise {
            format!("{}/{} UP", position - self.rise + 1, self.fall)
        } else {
            format!("{position}/{} DOWN", self.rise)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(thresholds: Thresholds, results: &str) -> Vec<String> {
        let mut position = thresholds.barely_up();
        results
            .chars()
            .map(|result| {
                position = thresholds.step(position, result == '+');
                thresholds.describe(position)
            })
            .collect()
    }

    /// The `status` of HAProxy 3.4.0's lines for a server that answers so.
    #[test]
    fn a_server_that_goes_and_comes_back() {
        assert_eq!(
            walk(Thresholds::new(2, 2), "+--++"),
            ["2/2 UP", "1/2 UP", "0/2 DOWN", "1/2 DOWN", "2/2 UP"]
        );
    }

    #[test]
    fn the_first_failure_of_all_counts_as_many() {
        assert_eq!(walk(Thresholds::new(2, 3), "-"), ["0/2 DOWN"]);
    }

    #[test]
    fn one_result_of_the_other_kind_begins_the_count_again() {
        assert_eq!(
            walk(Thresholds::new(3, 3), "+--+---++-+++"),
            [
                "3/3 UP", "2/3 UP", "1/3 UP", "3/3 UP", "2/3 UP", "1/3 UP", "0/3 DOWN", "1/3 DOWN",
                "2/3 DOWN", "0/3 DOWN", "1/3 DOWN", "2/3 DOWN", "3/3 UP"
            ]
        );
    }

    #[test]
    fn positions_are_healths() {
        let thresholds = Thresholds::new(2, 3);
        let healths: Vec<_> = (0..=4).map(|position| thresholds.health(position)).collect();
        use Health::{Down, GoingDown, GoingUp, Up};
        assert_eq!(healths, [Down, GoingUp, GoingDown, GoingDown, Up]);
    }

    #[test]
    fn senseless_thresholds_count_as_one() {
        assert_eq!(walk(Thresholds::new(0, 0), "-+"), ["0/1 DOWN", "1/1 UP"]);
    }
}
