//! `tune.vars.*-max-size` (manual, section 3.2): bytes that variables may take. Each level counts
//! what the levels below it use.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::name::Scope;
use crate::sample::Value;

/// What a limit is set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Everything together. It is obeyed for the process and for each connection.
    Global,
    Process,
    Session,
    Transaction,
    /// Requests and responses.
    Request,
    Check,
}

/// Sets a limit; 0 is none. Called while loading only.
pub fn limit(level: Level, bytes: usize) {
    LIMITS[level as usize].store(bytes, Relaxed);
}

impl Level {
    pub(super) fn is_unlimited(self) -> bool {
        LIMITS[self as usize].load(Relaxed) == 0
    }

    pub(super) fn allows(self, bytes: usize) -> bool {
        let limit = LIMITS[self as usize].load(Relaxed);
        limit == 0 || bytes <= limit
    }
}

/// Whether there is any limit at all.
pub(super) fn any() -> bool {
    LIMITS.iter().any(|limit| limit.load(Relaxed) != 0)
}

/// The levels that a variable of this scope counts for.
pub(super) fn levels(scope: Scope) -> &'static [Level] {
    use Level::{Check, Global, Process, Request, Session, Transaction};
    match scope {
        Scope::Process => &[Process, Global],
        Scope::Session => &[Session, Process, Global],
        Scope::Transaction => &[Transaction, Session, Process, Global],
        Scope::Request | Scope::Response => &[Request, Transaction, Session, Process, Global],
        Scope::Check => &[Check, Process, Global],
    }
}

/// Bytes that a value counts for: its text and what holds it.
pub(super) fn size(value: &Value<'_>) -> usize {
    let text = match value {
        Value::Str(bytes) | Value::Bin(bytes) | Value::Method(bytes) => bytes.len(),
        Value::Bool(_) | Value::Int(_) | Value::Ip(_) => 0,
    };
    HOLDER + text
}

const HOLDER: usize = 64;

static LIMITS: [AtomicUsize; 6] = [const { AtomicUsize::new(0) }; 6];
