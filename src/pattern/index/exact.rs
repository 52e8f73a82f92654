//! Whole strings: a hash table over their bytes.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::blob::Blob;
use super::{Visit, with_folded};

/// Strings by their bytes.
#[derive(Debug)]
pub(in crate::pattern) struct Exact {
    texts: Blob,
    /// The first item of each string.
    table: HashTable<u32>,
    /// The next item with the same string; empty if none is there twice.
    next: Vec<u32>,
    hasher: RandomState,
    ignore_case: bool,
}

impl Exact {
    pub(super) fn build<'t>(
        texts: impl ExactSizeIterator<Item = &'t [u8]>,
        ignore_case: bool,
    ) -> Self {
        let count = texts.len();
        let mut blob = Blob::with_capacity(count);
        for text in texts {
            with_folded(text, ignore_case, |text| blob.push(text));
        }
        blob.shrink();
        let hasher = RandomState::new();
        let mut table: HashTable<u32> = HashTable::with_capacity(count);
        let mut next = Vec::new();
        // Backwards, so that the first declared leads its like.
        for item in (0..count).rev() {
            let text = blob.get(item);
            let hash = hasher.hash_one(text);
            match table.find_mut(hash, |other| blob.get(*other as usize) == text) {
                Some(first) => {
                    next.resize(count, NONE);
                    next[item] = *first;
                    *first = item as u32;
                }
                None => {
                    table.insert_unique(hash, item as u32, |other| {
                        hasher.hash_one(blob.get(*other as usize))
                    });
                }
            }
        }
        Self { texts: blob, table, next, hasher, ignore_case }
    }

    /// Items in the order of declaration.
    pub(super) fn visit(&self, text: &[u8], visit: Visit<'_>) -> bool {
        with_folded(text, self.ignore_case, |text| {
            let hash = self.hasher.hash_one(text);
            let first = self.table.find(hash, |item| self.texts.get(*item as usize) == text);
            let Some(mut item) = first.copied() else { return false };
            loop {
                if visit(item) {
                    return true;
                }
                match self.next.get(item as usize) {
                    Some(&next) if next != NONE => item = next,
                    _ => return false,
                }
            }
        })
    }
}

const NONE: u32 = u32::MAX;
