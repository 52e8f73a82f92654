//! Entries that were indexed together. Removing one marks it; the structure stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Acquire, Ordering::Release};

use super::entry::Entry;
use super::index::Index;
use super::output::Typed;
use crate::sample::Value;

/// An index and what its items are.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) index: Index,
    /// Ascending in their numbers.
    pub(super) entries: Vec<Arc<Entry>>,
    /// Values of maps whose values are no strings; else empty.
    pub(super) values: Vec<Typed>,
    /// A bit for each entry that was removed.
    dead: Box<[AtomicU64]>,
    any_dead: AtomicBool,
}

impl Level {
    pub(super) fn new(index: Index, entries: Vec<Arc<Entry>>, values: Vec<Typed>) -> Self {
        let dead = (0..entries.len().div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Self { index, entries, values, dead, any_dead: AtomicBool::new(false) }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Visits entries that match, as the index does.
    pub(super) fn visit(&self, value: &Value<'_>, visit: &mut dyn FnMut(u32) -> bool) -> bool {
        self.index.visit(value, &mut |item| self.is_alive(item) && visit(item))
    }

    pub(super) fn is_alive(&self, item: u32) -> bool {
        !self.any_dead.load(Acquire)
            || self
                .dead
                .get(item as usize / 64)
                .is_none_or(|bits| bits.load(Acquire) & (1 << (item % 64)) == 0)
    }

    /// Removes an entry; false if it is not here or was removed before.
    pub(super) fn remove(&self, entry: &Arc<Entry>) -> bool {
        let Ok(at) = self.entries.binary_search_by_key(&entry.id, |entry| entry.id) else {
            return false;
        };
        if !Arc::ptr_eq(&self.entries[at], entry) {
            return false;
        }
        self.any_dead.store(true, Release);
        let bit = 1 << (at % 64);
        self.dead[at / 64].fetch_or(bit, Release) & bit == 0
    }

    pub(super) fn alive(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries
            .iter()
            .zip(0..)
            .filter(|(_, item)| self.is_alive(*item))
            .map(|(entry, _)| entry)
    }
}
