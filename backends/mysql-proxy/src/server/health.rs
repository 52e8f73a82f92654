//! Up or down, by good and failed checks in a row.
//!
//! Apart because it is pure: outcomes in, changes out.

/// A server's health; it begins up, so that the first session need not wait for a check.
#[derive(Debug)]
pub(super) struct Health {
    rise: u32,
    fall: u32,
    up: bool,
    /// Outcomes in a row that contradict `up`.
    against: u32,
}

impl Health {
    pub(super) fn new(rise: u32, fall: u32) -> Self {
        Self { rise, fall, up: true, against: 0 }
    }

    /// Takes an outcome; returns the new state if it has changed.
    pub(super) fn record(&mut self, good: bool) -> Option<bool> {
        if good == self.up {
            self.against = 0;
            return None;
        }
        self.against += 1;
        let needed = if self.up { self.fall } else { self.rise };
        if self.against < needed {
            return None;
        }
        self.up = good;
        self.against = 0;
        Some(good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_outcomes_in_a_row_change_the_state() {
        let mut health = Health::new(2, 3);
        let outcomes = [false, false, true, false, false, false, true, false, true, true];
        let changes: Vec<_> = outcomes.iter().map(|&good| health.record(good)).collect();
        let mut expected = [None; 10];
        expected[5] = Some(false);
        expected[9] = Some(true);
        assert_eq!(changes, expected);
    }
}
