//! Rules: conditions and actions, run in order on a stream. Running never waits: what must wait
//! is returned to the session as part of the verdict.

pub mod action;
mod condition;
mod reply;
mod ruleset;

pub use condition::{Condition, Scope as AclScope};
pub use reply::{Reply, ReplyField};
pub use ruleset::{Flow, Inspection, Rule, Ruleset, Step, Verdict, Wait};
