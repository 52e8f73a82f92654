//! A list as one method sees it. Whoever matches takes a snapshot and waits for nobody; changes
//! are made one at a time, by the list.
//!
//! A snapshot is a stack of levels, each at least twice as long as the next: what is added joins
//! the short ones, so that an addition to a long list costs little and a search looks at few.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::entry::Entry;
use super::index::{Index, Network, parse_network};
use super::level::Level;
use super::method::Method;
use super::output::{Output, Typed};
use super::read::{Pattern, Reader};
use super::regex::Regex;
use crate::sample::Value;
use crate::syntax::text;

/// Entries of a list, searchable.
#[derive(Debug)]
pub struct View {
    pub how: How,
    levels: ArcSwap<Vec<Arc<Level>>>,
}

/// How patterns are read and compared, and what a match gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct How {
    pub method: Method,
    pub ignore_case: bool,
    /// Names may stand for addresses.
    pub resolve: bool,
    pub output: Output,
}

/// What matched.
#[derive(Clone, Debug)]
pub struct Found {
    pub entry: Arc<Entry>,
    pub typed: Option<Typed>,
    /// The expression that matched, if it was one.
    pub regex: Option<Regex>,
}

impl View {
    /// # Errors
    /// The entry at fault, and a sentence without its full stop.
    pub(super) fn build(how: How, entries: Vec<Arc<Entry>>) -> Result<Self, (Arc<Entry>, String)> {
        let levels = if entries.is_empty() { vec![] } else { vec![level(how, entries)?] };
        Ok(Self { how, levels: ArcSwap::from_pointee(levels) })
    }

    /// Whether any pattern matches.
    #[must_use]
    pub fn contains(&self, value: &Value<'_>) -> bool {
        match self.how.method {
            Method::Found => true,
            Method::Bool => value.as_bool().unwrap_or(false),
            _ => self.levels.load().iter().any(|level| level.visit(value, &mut |_| true)),
        }
    }

    /// The entry that matches: of several the finest or the first, as the method prefers.
    #[must_use]
    pub fn find(&self, value: &Value<'_>) -> Option<Found> {
        let levels = self.levels.load();
        let finest = self.how.method.prefers_finest(self.how.ignore_case);
        let mut best: Option<(&Level, u32)> = None;
        for level in levels.iter() {
            level.visit(value, &mut |item| {
                let better = best.is_none_or(|(other, other_item)| {
                    self.is_better(
                        &level.entries[item as usize],
                        &other.entries[other_item as usize],
                    )
                });
                if better {
                    best = Some((level, item));
                }
                finest
            });
        }
        best.map(|(level, item)| Found {
            entry: Arc::clone(&level.entries[item as usize]),
            typed: level.values.get(item as usize).copied(),
            regex: level.index.regex(item),
        })
    }

    fn is_better(&self, entry: &Entry, than: &Entry) -> bool {
        let fineness = |entry: &Entry| match self.how.method {
            Method::Beg if !self.how.ignore_case => entry.key().len() as u32,
            Method::Ip => match parse_network(&String::from_utf8_lossy(entry.key()), false) {
                Ok(Network::V4 { mask, .. }) => 96 + mask.count_ones(),
                Ok(Network::V6 { mask, .. }) => mask.count_ones(),
                Err(_) => 0,
            },
            _ => 0,
        };
        (fineness(entry), than.id) > (fineness(than), entry.id)
    }

    /// Whether an entry could be added.
    pub(super) fn check(&self, entry: &Arc<Entry>) -> Result<(), String> {
        read(self.how, &mut self.reader(), entry).map(drop)
    }

    pub(super) fn add(&self, added: &[Arc<Entry>]) {
        if added.is_empty() {
            return;
        }
        let mut levels = Vec::clone(&self.levels.load());
        let mut entries = added.to_vec();
        while let Some(last) = levels.pop_if(|last| last.len() < 2 * entries.len()) {
            entries.extend(last.alive().cloned());
        }
        entries.sort_unstable_by_key(|entry| entry.id);
        self.push(&mut levels, entries);
        self.levels.store(Arc::new(levels));
    }

    pub(super) fn remove(&self, entry: &Arc<Entry>) {
        let levels = self.levels.load();
        let Some(at) = levels.iter().position(|level| level.remove(entry)) else { return };
        // Short ones are built anew at once, so that nothing of what is gone stays.
        if levels[at].len() <= SHORT {
            let mut levels = Vec::clone(&levels);
            let level = levels.remove(at);
            self.push(&mut levels, level.alive().cloned().collect());
            levels.sort_by_key(|level| std::cmp::Reverse(level.len()));
            self.levels.store(Arc::new(levels));
        }
    }

    /// Another version of the list: all entries at once.
    pub(super) fn replace(&self, entries: Vec<Arc<Entry>>) {
        let mut levels = Vec::new();
        self.push(&mut levels, entries);
        self.levels.store(Arc::new(levels));
    }

    /// All of them were checked before.
    fn push(&self, levels: &mut Vec<Arc<Level>>, entries: Vec<Arc<Entry>>) {
        if !entries.is_empty()
            && let Ok(level) = level(self.how, entries)
        {
            levels.push(level);
        }
    }

    fn reader(&self) -> Reader {
        Reader::new(self.how.method, self.how.ignore_case, self.how.resolve)
    }
}

fn level(how: How, entries: Vec<Arc<Entry>>) -> Result<Arc<Level>, (Arc<Entry>, String)> {
    let mut reader = Reader::new(how.method, how.ignore_case, how.resolve);
    let mut patterns = Vec::with_capacity(entries.len());
    let mut values = Vec::new();
    for entry in &entries {
        let (pattern, typed) =
            read(how, &mut reader, entry).map_err(|error| (Arc::clone(entry), error))?;
        patterns.push(pattern);
        values.extend(typed);
    }
    let index = Index::build(how.method, how.ignore_case, &patterns);
    Ok(Arc::new(Level::new(index, entries, values)))
}

fn read(how: How, reader: &mut Reader, entry: &Entry) -> Result<(Pattern, Option<Typed>), String> {
    let pattern = reader.read(&text::from_bytes(entry.key()))?;
    Ok((pattern, how.output.read(entry)?))
}

const SHORT: usize = 256;
