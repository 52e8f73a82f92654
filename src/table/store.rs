//! A table.

use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::declaration::Declaration;
use super::entry::Entry;
use super::key::Key;
use super::shard::Shard;

/// A stick table, shared by all workers.
#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub declaration: Declaration,
    shards: Box<[Mutex<Shard>]>,
    hasher: RandomState,
    used: AtomicUsize,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(name: impl Into<String>, declaration: Declaration) -> Self {
        let shards = if declaration.size < SHARDS * 16 { 1 } else { SHARDS };
        Self {
            name: name.into(),
            declaration,
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
            used: AtomicUsize::new(0),
        }
    }

    /// The entry of a key. Looking does not make it live longer.
    #[must_use]
    pub fn find(&self, key: &Key, now_ms: u64) -> Option<Arc<Entry>> {
        let mut shard = self.shard(key);
        self.account(shard.expire(now_ms, SWEEP));
        shard.get(key).filter(|entry| !is_over(entry, now_ms)).cloned()
    }

    /// The entry of a key, new if there is none, with its full life before it. `None` when the
    /// table is full and nothing may be forgotten.
    #[must_use]
    pub fn find_or_insert(&self, key: Key, now_ms: u64) -> Option<Arc<Entry>> {
        let mut shard = self.shard(&key);
        self.account(shard.expire(now_ms, SWEEP));
        if let Some(entry) = shard.get(&key) {
            self.touch(entry, now_ms);
            return Some(Arc::clone(entry));
        }
        if self.used() >= self.declaration.size {
            if self.declaration.no_purge {
                return None;
            }
            if shard.purge_oldest() {
                self.account(1);
            } else {
                drop(shard);
                if !self.purge_anywhere() {
                    return None;
                }
                shard = self.shard(&key);
                // Another worker may have been quicker.
                if let Some(entry) = shard.get(&key) {
                    return Some(Arc::clone(entry));
                }
            }
        }
        let entry = Arc::new(Entry::new(key, &self.declaration.layout, self.end_of_life(now_ms)));
        shard.insert(Arc::clone(&entry));
        self.used.fetch_add(1, Relaxed);
        Some(entry)
    }

    /// Gives an entry its full life again.
    pub fn touch(&self, entry: &Entry, now_ms: u64) {
        entry.set_expires(self.end_of_life(now_ms));
    }

    /// Forgets an entry unless it is tracked. True if it was there and is gone.
    pub fn remove(&self, key: &Key) -> bool {
        let removed = self.shard(key).remove(key);
        self.account(usize::from(removed));
        removed
    }

    /// Entries that there are, those that have expired but were not swept yet included.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used.load(Relaxed)
    }

    /// All entries that have not expired.
    #[must_use]
    pub fn entries(&self, now_ms: u64) -> Vec<Arc<Entry>> {
        let mut entries = Vec::with_capacity(self.used());
        for shard in &self.shards {
            let mut shard = lock(shard);
            self.account(shard.expire(now_ms, usize::MAX));
            entries.extend(shard.entries().filter(|entry| !is_over(entry, now_ms)).cloned());
        }
        entries
    }

    /// Forgets everything that has expired.
    pub fn sweep(&self, now_ms: u64) {
        for shard in &self.shards {
            let gone = lock(shard).expire(now_ms, usize::MAX);
            self.account(gone);
        }
    }

    fn purge_anywhere(&self) -> bool {
        let purged = self.shards.iter().any(|shard| lock(shard).purge_oldest());
        self.account(usize::from(purged));
        purged
    }

    fn end_of_life(&self, now_ms: u64) -> u64 {
        match self.declaration.expire_ms {
            0 => 0,
            life => now_ms.saturating_add(life).max(1),
        }
    }

    fn shard(&self, key: &Key) -> MutexGuard<'_, Shard> {
        let hash = self.hasher.hash_one(key);
        // The map within uses the same hash's lower bits.
        lock(&self.shards[(hash >> 32) as usize % self.shards.len()])
    }

    fn account(&self, gone: usize) {
        if gone > 0 {
            self.used.fetch_sub(gone, Relaxed);
        }
    }
}

fn is_over(entry: &Entry, now_ms: u64) -> bool {
    let expires = entry.expires();
    expires != 0 && expires <= now_ms && entry.users() == 0
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Parts that may be locked one by one.
const SHARDS: usize = 64;

/// Expired entries that each access looks at, so that memory is given back without a sweeper.
const SWEEP: usize = 4;

#[cfg(test)]
mod tests;
