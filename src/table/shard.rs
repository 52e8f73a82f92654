//! A part of a table: its entries by key, and in the order in which they may be forgotten.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::entry::Entry;
use super::key::Key;

/// Entries whose keys have a hash in common.
#[derive(Debug, Default)]
pub(super) struct Shard {
    entries: HashMap<Key, Arc<Entry>>,
    /// Every entry once, with the time it was to expire when it was put here. An entry that was
    /// used since goes to the end when its turn comes: using one costs nothing here.
    order: VecDeque<(u64, Arc<Entry>)>,
}

impl Shard {
    pub(super) fn get(&self, key: &Key) -> Option<&Arc<Entry>> {
        self.entries.get(key)
    }

    pub(super) fn insert(&mut self, entry: Arc<Entry>) {
        self.order.push_back((entry.expires(), Arc::clone(&entry)));
        self.entries.insert(entry.key.clone(), entry);
    }

    /// Forgets an entry unless somebody tracks it. True if it was there and is gone.
    pub(super) fn remove(&mut self, key: &Key) -> bool {
        match self.entries.get(key) {
            Some(entry) if entry.users() == 0 => self.entries.remove(key).is_some(),
            _ => false,
        }
    }

    /// Forgets up to `most` entries that have expired; returns how many.
    pub(super) fn expire(&mut self, now_ms: u64, most: usize) -> usize {
        let mut gone = 0;
        for _ in 0..most {
            match self.order.front() {
                Some((due, _)) if *due != 0 && *due <= now_ms => {}
                _ => break,
            }
            let Some((_, entry)) = self.order.pop_front() else { break };
            gone += usize::from(self.settle(entry, |entry| entry.expires() <= now_ms));
        }
        gone
    }

    /// Forgets the entry that was not used for the longest time, and is not tracked. False if
    /// there is none.
    pub(super) fn purge_oldest(&mut self) -> bool {
        for _ in 0..self.order.len() {
            let Some((due, entry)) = self.order.pop_front() else { break };
            if self.settle(entry, |entry| entry.expires() == due) {
                return true;
            }
        }
        false
    }

    /// Of an entry whose turn has come: it is forgotten when `is_old` and untracked, and otherwise
    /// put to the end. True if it was forgotten.
    fn settle(&mut self, entry: Arc<Entry>, is_old: impl Fn(&Entry) -> bool) -> bool {
        let here = self.entries.get(&entry.key).is_some_and(|it| Arc::ptr_eq(it, &entry));
        if !here {
            return false;
        }
        if is_old(&entry) && entry.users() == 0 {
            self.entries.remove(&entry.key);
            return true;
        }
        self.order.push_back((entry.expires(), entry));
        false
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.values()
    }
}
