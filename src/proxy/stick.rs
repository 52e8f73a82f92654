//! Stickiness by stick tables: which key leads to which server (manual, section 4.2,
//! `stick match`, `stick on`, `stick store-request`, `stick store-response`).

use std::sync::Arc;

use crate::rule::Condition;
use crate::sample::Expression;
use crate::table::Table;

/// One `stick` rule.
#[derive(Clone, Debug)]
pub struct Stick {
    pub purpose: Purpose,
    pub key: Expression,
    pub table: Arc<Table>,
    pub condition: Option<Condition>,
}

/// What a rule does with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `stick match`: looks for the server.
    Match,
    /// `stick store-request`: remembers the server.
    StoreRequest,
    /// `stick on`: both.
    On,
    /// `stick store-response`: remembers the server under a key of the response.
    StoreResponse,
}

impl Purpose {
    #[must_use]
    pub fn matches(self) -> bool {
        matches!(self, Self::Match | Self::On)
    }

    #[must_use]
    pub fn stores_request(self) -> bool {
        matches!(self, Self::StoreRequest | Self::On)
    }
}
