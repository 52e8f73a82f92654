//! Variables (manual, section 2.8): typed values by scope, and how long each scope lives.
//!
//! A value that an evaluation sets is pending until the evaluation is over, because samples borrow
//! from the stream meanwhile; reading sees it at once.

use std::cell::RefCell;

use super::Stream;
use crate::sample::Value;

mod condition;
mod limit;
mod name;
mod process;

pub use condition::Condition;
pub use limit::{Level, limit};
pub use name::{Scope, variable};

/// The variables of one stream and of the connection it came by. Names are numbered when the
/// configuration is loaded, so that a request never hashes one. A handful are in use at a time,
/// so they are searched in order.
#[derive(Debug, Default)]
pub struct Vars {
    settled: Vec<Entry>,
    pending: RefCell<Vec<Pending>>,
}

#[derive(Debug)]
struct Entry {
    number: u16,
    scope: Scope,
    value: Value<'static>,
}

/// What an evaluation set, or removed where the value is missing.
#[derive(Debug)]
struct Pending {
    number: u16,
    scope: Scope,
    value: Option<Value<'static>>,
}

impl Vars {
    /// The value of a variable: borrowed where it can be.
    #[must_use]
    pub fn get(&self, scope: Scope, number: u16) -> Option<Value<'_>> {
        if scope == Scope::Process {
            return process::get(number);
        }
        let pending = self.pending.borrow();
        if let Some(last) = pending.iter().rev().find(|entry| entry.number == number) {
            return last.value.clone();
        }
        self.entry(number).map(|entry| entry.value.borrow())
    }

    /// Sets a variable. False if the limits of `tune.vars` leave no room for it.
    pub fn set(&mut self, scope: Scope, number: u16, value: Value<'static>) -> bool {
        if scope == Scope::Process {
            return process::set(number, value);
        }
        self.settle();
        self.put(scope, number, value)
    }

    /// Forgets a variable.
    pub fn unset(&mut self, scope: Scope, number: u16) {
        if scope == Scope::Process {
            return process::unset(number);
        }
        self.settle();
        self.settled.retain(|entry| entry.number != number);
    }

    /// Sets, or with `None` forgets, a variable while samples borrow from the stream.
    pub fn set_later(&self, scope: Scope, number: u16, value: Option<Value<'static>>) {
        match (scope, value) {
            (Scope::Process, Some(value)) => {
                process::set(number, value);
            }
            (Scope::Process, None) => process::unset(number),
            (_, value) => self.pending.borrow_mut().push(Pending { number, scope, value }),
        }
    }

    /// Makes what evaluations set permanent. To be called after each rule; nearly free when there
    /// is nothing.
    #[inline]
    pub fn settle(&mut self) {
        if !self.pending.get_mut().is_empty() {
            self.settle_all();
        }
    }

    /// Forgets the variables of a scope that is over.
    pub fn end(&mut self, scope: Scope) {
        self.settle();
        self.settled.retain(|entry| entry.scope != scope);
    }

    /// The exchange is over: only what lives with the client's connection stays.
    pub fn end_exchange(&mut self) {
        self.settle();
        self.settled.retain(|entry| entry.scope == Scope::Session);
    }

    /// Forgets everything but process-wide variables.
    pub fn clear(&mut self) {
        self.pending.get_mut().clear();
        self.settled.clear();
    }

    /// Bytes in use by the variables of these scopes.
    fn used(&self, scopes: &[Scope]) -> usize {
        let counted = self.settled.iter().filter(|entry| scopes.contains(&entry.scope));
        counted.map(|entry| limit::size(&entry.value)).sum()
    }

    fn entry(&self, number: u16) -> Option<&Entry> {
        self.settled.iter().find(|entry| entry.number == number)
    }

    fn put(&mut self, scope: Scope, number: u16, value: Value<'static>) -> bool {
        self.settled.retain(|entry| entry.number != number);
        if limit::any() && !self.has_room(scope, limit::size(&value)) {
            return false;
        }
        self.settled.push(Entry { number, scope, value });
        true
    }

    fn has_room(&self, scope: Scope, size: usize) -> bool {
        limit::levels(scope).iter().all(|level| {
            let used = match level {
                Level::Process => return process::has_room(size),
                Level::Request => self.used(&[Scope::Request, Scope::Response]),
                Level::Transaction => {
                    self.used(&[Scope::Request, Scope::Response, Scope::Transaction])
                }
                Level::Session | Level::Global => self.used(Scope::ALL),
                Level::Check => self.used(&[Scope::Check]),
            };
            level.allows(used + size)
        })
    }

    #[cold]
    fn settle_all(&mut self) {
        for Pending { number, scope, value } in std::mem::take(self.pending.get_mut()) {
            match value {
                Some(value) => {
                    self.put(scope, number, value);
                }
                None => self.settled.retain(|entry| entry.number != number),
            }
        }
    }
}

impl Stream<'_> {
    /// The value of a variable.
    #[must_use]
    pub fn variable(&self, scope: Scope, number: u16) -> Option<Value<'_>> {
        self.vars.get(scope, number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(name: &str) -> (Scope, u16) {
        variable(name).unwrap()
    }

    #[test]
    fn a_pending_value_is_seen_before_it_is_settled() {
        let mut vars = Vars::default();
        let (scope, n) = number("txn.pending");
        assert!(vars.set(scope, n, Value::Int(1)));
        vars.set_later(scope, n, Some(Value::Bool(true)));
        assert_eq!(vars.get(scope, n), Some(Value::Bool(true)));
        vars.settle();
        assert_eq!(vars.get(scope, n), Some(Value::Bool(true)));
        vars.set_later(scope, n, None);
        assert_eq!(vars.get(scope, n), None);
        vars.settle();
        assert_eq!(vars.get(scope, n), None);
    }

    #[test]
    fn scopes_end_one_by_one() {
        let mut vars = Vars::default();
        let all = ["sess.life", "txn.life", "req.life", "res.life"].map(number);
        for (scope, n) in all {
            vars.set(scope, n, Value::Int(i64::from(n)));
        }
        let seen = |vars: &Vars| all.map(|(scope, n)| vars.get(scope, n).is_some());
        vars.end(Scope::Request);
        assert_eq!(seen(&vars), [true, true, false, true]);
        vars.end_exchange();
        assert_eq!(seen(&vars), [true, false, false, false]);
    }

    #[test]
    fn process_variables_are_shared() {
        let (scope, n) = number("proc.shared");
        Vars::default().set(scope, n, Value::Int(3));
        assert_eq!(Vars::default().get(scope, n), Some(Value::Int(3)));
    }
}
