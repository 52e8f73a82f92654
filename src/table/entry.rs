//! What a table knows of one key.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::data::Class;
use super::key::Key;
use super::layout::{Layout, Position};
use super::rate::{self, RATE_WORDS};

/// An entry. It is shared: those who track it hold it while it may leave its table.
#[derive(Debug)]
pub struct Entry {
    pub key: Key,
    /// When it is of no use any more, in milliseconds of the clock; 0 is never.
    expires: AtomicU64,
    /// Sessions and streams that track it.
    users: AtomicU32,
    values: Mutex<Values>,
}

#[derive(Debug)]
struct Values {
    words: Box<[u64]>,
    /// `server_key`.
    text: Option<Box<str>>,
}

impl Entry {
    pub(super) fn new(key: Key, layout: &Layout, expires: u64) -> Self {
        let values = Values { words: vec![0; layout.words()].into(), text: None };
        Self {
            key,
            expires: AtomicU64::new(expires),
            users: AtomicU32::new(0),
            values: Mutex::new(values),
        }
    }

    /// A number, or a rate at `now_ms`.
    #[must_use]
    pub fn get(&self, at: Position, now_ms: u64) -> u64 {
        let values = self.values();
        match at.class {
            Class::Number | Class::Long => values.words.get(at.word).copied().unwrap_or(0),
            Class::Rate => values
                .rate(at.word)
                .map_or(0, |words| u64::from(rate::read(*words, at.period_ms, now_ms))),
            Class::Text => 0,
        }
    }

    /// Adds to a number, or counts events of a rate. Returns the new value of a number.
    pub fn add(&self, at: Position, amount: u64, now_ms: u64) -> u64 {
        let mut values = self.values();
        match at.class {
            Class::Number => values
                .change(at.word, |value| value.saturating_add(amount).min(u64::from(u32::MAX))),
            Class::Long => values.change(at.word, |value| value.saturating_add(amount)),
            Class::Rate => {
                let events = u32::try_from(amount).unwrap_or(u32::MAX);
                if let Some(words) = values.rate_mut(at.word) {
                    rate::count(words, at.period_ms, now_ms, events);
                }
                0
            }
            Class::Text => 0,
        }
    }

    /// Subtracts from a number, which does not fall below zero.
    pub fn subtract(&self, at: Position, amount: u64) {
        if matches!(at.class, Class::Number | Class::Long) {
            self.values().change(at.word, |value| value.saturating_sub(amount));
        }
    }

    /// Sets a number, or makes a rate that value from now on.
    pub fn set(&self, at: Position, value: u64, now_ms: u64) {
        let mut values = self.values();
        let small = u32::try_from(value).unwrap_or(u32::MAX);
        match at.class {
            Class::Number => {
                values.change(at.word, |_| u64::from(small));
            }
            Class::Long => {
                values.change(at.word, |_| value);
            }
            Class::Rate => {
                if let Some(words) = values.rate_mut(at.word) {
                    rate::set(words, now_ms, small);
                }
            }
            Class::Text => {}
        }
    }

    /// Sets a number or a rate to zero and gives what it was.
    pub fn clear(&self, at: Position, now_ms: u64) -> u64 {
        let before = self.get(at, now_ms);
        self.set(at, 0, now_ms);
        before
    }

    /// Counts one event in a counter and in its rate, whichever is stored; gives the new value of
    /// the counter, else of the rate. `None` when neither is.
    pub fn count(
        &self,
        counter: Option<Position>,
        rate: Option<Position>,
        now_ms: u64,
    ) -> Option<u64> {
        if let Some(rate) = rate {
            self.add(rate, 1, now_ms);
        }
        match (counter, rate) {
            (Some(counter), _) => Some(self.add(counter, 1, now_ms)),
            (None, rate) => Some(self.get(rate?, now_ms)),
        }
    }

    /// `server_key`.
    #[must_use]
    pub fn text(&self) -> Option<Box<str>> {
        self.values().text.clone()
    }

    pub fn set_text(&self, text: &str) {
        self.values().text = Some(text.into());
    }

    /// How many track it.
    #[must_use]
    pub fn users(&self) -> u32 {
        self.users.load(Relaxed)
    }

    /// Begins to track it. To be followed by one [`release`](Self::release).
    pub fn hold(&self) {
        self.users.fetch_add(1, Relaxed);
    }

    pub fn release(&self) {
        let _ = self.users.try_update(Relaxed, Relaxed, |users| users.checked_sub(1));
    }

    /// Milliseconds until it expires; 0 when it never does.
    #[must_use]
    pub fn expires_in(&self, now_ms: u64) -> u64 {
        self.expires.load(Relaxed).saturating_sub(now_ms)
    }

    pub(super) fn expires(&self) -> u64 {
        self.expires.load(Relaxed)
    }

    pub(super) fn set_expires(&self, at_ms: u64) {
        self.expires.store(at_ms, Relaxed);
    }

    fn values(&self) -> MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Values {
    fn change(&mut self, word: usize, change: impl FnOnce(u64) -> u64) -> u64 {
        match self.words.get_mut(word) {
            Some(value) => {
                *value = change(*value);
                *value
            }
            None => 0,
        }
    }

    fn rate(&self, word: usize) -> Option<&[u64; RATE_WORDS]> {
        self.words.get(word..word + RATE_WORDS)?.try_into().ok()
    }

    fn rate_mut(&mut self, word: usize) -> Option<&mut [u64; RATE_WORDS]> {
        self.words.get_mut(word..word + RATE_WORDS)?.try_into().ok()
    }
}
