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
    /// The next rule runs after this.
    Wait(Wait),
}

/// How far rules came that look at a payload which is still growing.
#[derive(Debug)]
pub enum Inspection {
    Over(Verdict),
    Wait(Wait, usize),
    /// This rule cannot tell before there is more.
    Lacking(usize),
}

/// What the session does between two rules.
#[derive(Debug)]
pub enum Wait {
    /// Nothing, for so many milliseconds (`pause`).
    Pause(u64),
}

/// How far a ruleset came.
#[derive(Debug)]
pub enum Step {
    Over(Verdict),
    /// To be continued at this rule when the wait is over.
    Wait(Wait, usize),
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
    /// Refused with this answer, after a while (`tarpit`).
    Tarpit(Reply),
    /// The connection ends without an answer (`reject`).
    Reject,
    /// The connection is forgotten without telling the client (`silent-drop`).
    Drop,
}

impl Ruleset {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Runs the rules until one stops. Nothing is waited for.
    pub fn run(&self, stream: &mut Stream<'_>) -> Verdict {
        let mut from = 0;
        loop {
            match self.run_from(from, stream) {
                Step::Over(verdict) => return verdict,
                Step::Wait(_, next) => from = next,
            }
        }
    }

    /// As [`run_from`](Self::run_from), but stops at a rule that cannot tell yet.
    pub fn inspect_from(&self, from: usize, stream: &mut Stream<'_>) -> Inspection {
        for (at, rule) in self.0.iter().enumerate().skip(from) {
            stream.inspection.lacking.set(false);
            let holds = rule.condition.as_ref().is_none_or(|condition| condition.holds(stream));
            if stream.inspection.open && stream.inspection.lacking.get() {
                return Inspection::Lacking(at);
            }
            if !holds {
                continue;
            }
            stream.vars.settle();
            match rule.action.run(stream) {
                Flow::Next if stream.inspection.open && stream.inspection.lacking.get() => {
                    return Inspection::Lacking(at);
                }
                Flow::Next => {}
                Flow::Stop(verdict) => return Inspection::Over(verdict),
                Flow::Wait(wait) => return Inspection::Wait(wait, at + 1),
            }
        }
        Inspection::Over(Verdict::Pass)
    }

    /// Runs the rules from this one on until one stops or has to wait.
    pub fn run_from(&self, from: usize, stream: &mut Stream<'_>) -> Step {
        for (at, rule) in self.0.iter().enumerate().skip(from) {
            if rule.condition.as_ref().is_some_and(|condition| !condition.holds(stream)) {
                continue;
            }
            stream.vars.settle();
            match rule.action.run(stream) {
                Flow::Next => {}
                Flow::Stop(verdict) => return Step::Over(verdict),
                Flow::Wait(wait) => return Step::Wait(wait, at + 1),
            }
        }
        Step::Over(Verdict::Pass)
    }
}
