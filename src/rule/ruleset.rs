//! Rules in order.

use std::sync::Arc;

use super::action::Action;
use super::condition::Condition;
use super::reply::Reply;
use crate::exchange::Stream;

/// An action and when it is done.
#[derive(Debug)]
pub struct Rule {
    pub action: Box<dyn Action>,
    pub condition: Option<Condition>,
}

/// All rules of one kind (`http-request`, …) of one proxy; those of its `defaults` are shared.
#[derive(Debug, Default)]
pub struct Ruleset(pub Vec<Arc<Rule>>);

/// What an action says about what comes next.
#[derive(Debug)]
pub enum Flow {
    Next,
    Stop(Verdict),
}

/// How a ruleset ends.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing stopped it, or `allow` did.
    Pass,
    /// Refused with this answer.
    Deny(Reply),
    /// Answered by the proxy itself: `redirect`, `return`.
    Answer(Reply),
}

impl Ruleset {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Runs the rules until one stops.
    pub fn run(&self, stream: &mut Stream<'_>) -> Verdict {
        for rule in &self.0 {
            if rule.condition.as_ref().is_some_and(|condition| !condition.holds(stream)) {
                continue;
            }
            match rule.action.run(stream) {
                Flow::Next => {}
                Flow::Stop(verdict) => return verdict,
            }
        }
        Verdict::Pass
    }
}
