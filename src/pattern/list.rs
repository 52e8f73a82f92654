//! A list of patterns, live: its entries in versions, and how they are changed while the proxy
//! runs (management guide, section 9.3, `add map` and its like).

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

use super::entry::Entry;
use super::view::{How, View};
use crate::syntax::span::Span;

/// A list: a file that ACLs or maps name, or the patterns written on one line.
#[derive(Debug)]
pub struct List {
    /// Its number in the runtime API.
    pub id: AtomicU32,
    /// The number that `-u` gave.
    pub wanted_id: Option<u32>,
    pub origin: Origin,
    /// Its entries have values.
    pub has_values: bool,
    state: Mutex<State>,
}

/// Where a list comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `written` is the name as the configuration has it, `name` that of the runtime API.
    File { name: String, written: String },
    /// Patterns of one line with the keyword they are compared with.
    Line { keyword: String, span: Option<Span> },
}

/// Who uses a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    pub map: bool,
    pub span: Option<Span>,
}

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<u64, Arc<Entry>>,
    /// Entries by their keys, made when first asked for.
    keys: Option<Keys>,
    last_id: u64,
    current: u32,
    next: u32,
    views: Vec<Arc<View>>,
    uses: Vec<Use>,
}

#[derive(Debug, Default)]
struct Keys {
    table: HashTable<Arc<Entry>>,
    hasher: RandomState,
}

/// What `show acl` and `show map` tell of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub current: u32,
    pub next: u32,
    /// Entries of all versions, once for every way they are searched.
    pub entries: usize,
}

impl List {
    pub(super) fn new(origin: Origin, wanted_id: Option<u32>, has_values: bool) -> Self {
        Self { id: AtomicU32::new(0), wanted_id, origin, has_values, state: Mutex::default() }
    }

    /// Fills a list that nobody sees yet: line number, key, value.
    pub(super) fn fill<'t>(&self, entries: impl Iterator<Item = (u32, &'t [u8], &'t [u8])>) {
        let mut state = self.state();
        for (line, key, value) in entries {
            state.last_id += 1;
            let entry = Arc::new(Entry::new(state.last_id, 0, line, key, value));
            state.entries.insert(entry.id, entry);
        }
    }

    /// The list as `how` wants it; views are shared.
    pub(super) fn view(&self, how: How, used: Option<Use>) -> Result<Arc<View>, (u32, String)> {
        let mut state = self.state();
        if let Some(used) = used
            && !state.uses.contains(&used)
        {
            state.uses.push(used);
        }
        if let Some(view) = state.views.iter().find(|view| view.how == how) {
            return Ok(Arc::clone(view));
        }
        let entries = state.of_version(state.current).cloned().collect();
        let view = View::build(how, entries).map_err(|(entry, message)| (entry.line, message))?;
        let view = Arc::new(view);
        state.views.push(Arc::clone(&view));
        Ok(view)
    }

    #[must_use]
    pub fn id(&self) -> u32 {
        self.id.load(Relaxed)
    }

    /// The file's name; empty for patterns of a line.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.origin {
            Origin::File { name, .. } => name,
            Origin::Line { .. } => "",
        }
    }

    #[must_use]
    pub fn uses(&self) -> Vec<Use> {
        self.state().uses.clone()
    }

    /// The ways it is searched.
    #[must_use]
    pub fn views(&self) -> Vec<Arc<View>> {
        self.state().views.clone()
    }

    #[must_use]
    pub fn summary(&self) -> Summary {
        let state = self.state();
        Summary {
            current: state.current,
            next: state.next,
            entries: state.entries.len() * state.views.len().max(1),
        }
    }

    /// Entries of a version, by default the one that is matched.
    #[must_use]
    pub fn entries(&self, version: Option<u32>) -> Vec<Arc<Entry>> {
        let state = self.state();
        state.of_version(version.unwrap_or(state.current)).cloned().collect()
    }

    /// Adds an entry to the current version. The same key may be there already.
    ///
    /// # Errors
    /// A sentence if a method that the list is used with cannot read it; nothing is added then.
    pub fn add(&self, key: &[u8], value: &[u8]) -> Result<(), String> {
        self.add_all(None, &[(key, value)])
    }

    /// Adds entries up to the first that cannot be read.
    ///
    /// # Errors
    /// As `add`, or if the version was not prepared.
    pub fn add_all(&self, version: Option<u32>, added: &[(&[u8], &[u8])]) -> Result<(), String> {
        let mut state = self.state();
        let version = version.unwrap_or(state.current);
        if version.wrapping_sub(state.current) > state.next.wrapping_sub(state.current) {
            return Err(FUTURE.to_owned());
        }
        let mut result = Ok(());
        let mut fresh = Vec::with_capacity(added.len());
        for (key, value) in added {
            state.last_id += 1;
            let entry = Arc::new(Entry::new(state.last_id, version, 0, key, value));
            result = state.views.iter().try_for_each(|view| view.check(&entry));
            if result.is_err() {
                break;
            }
            fresh.push(entry);
        }
        for entry in &fresh {
            state.insert(entry);
        }
        if version == state.current {
            for view in &state.views {
                view.add(&fresh);
            }
        }
        result.map_err(|message| format!("{message}."))
    }

    /// Gives a value to every entry of the current version with this key; false if there is none.
    ///
    /// # Errors
    /// A sentence if a converter cannot use the value; nothing is changed then.
    pub fn set(&self, key: &[u8], value: &[u8]) -> Result<bool, String> {
        let mut state = self.state();
        let found = state.of_key(key);
        state.set_all(&found, value)
    }

    /// The same for the entry of this number.
    ///
    /// # Errors
    /// As `set`.
    pub fn set_id(&self, id: u64, value: &[u8]) -> Result<bool, String> {
        let mut state = self.state();
        let found: Vec<_> = state.entries.get(&id).cloned().into_iter().collect();
        state.set_all(&found, value)
    }

    /// Sets the value of a key, which is added if it is not there: `http-request set-map`.
    ///
    /// # Errors
    /// As `add`.
    pub fn set_or_add(&self, key: &[u8], value: &[u8]) -> Result<(), String> {
        if self.set(key, value)? { Ok(()) } else { self.add(key, value) }
    }

    /// Deletes every entry of the current version with this key; false if there is none.
    pub fn delete(&self, key: &[u8]) -> bool {
        let mut state = self.state();
        let found = state.of_key(key);
        found.iter().for_each(|entry| state.remove(entry));
        !found.is_empty()
    }

    /// The same for the entry of this number.
    pub fn delete_id(&self, id: u64) -> bool {
        let mut state = self.state();
        let found = state.entries.get(&id).cloned();
        if let Some(entry) = &found {
            state.remove(entry);
        }
        found.is_some()
    }

    /// Whether the current version has an entry with this very key.
    #[must_use]
    pub fn has_key(&self, key: &[u8]) -> bool {
        !self.state().of_key(key).is_empty()
    }

    /// Removes all entries of a version, by default the one that is matched.
    pub fn clear(&self, version: Option<u32>) {
        let mut state = self.state();
        let version = version.unwrap_or(state.current);
        state.keep(|entry| entry.version != version);
        if version == state.current {
            state.views.iter().for_each(|view| view.replace(Vec::new()));
        }
    }

    /// A version to fill before it is committed.
    #[must_use]
    pub fn prepare(&self) -> u32 {
        let mut state = self.state();
        state.next = state.next.wrapping_add(1);
        state.next
    }

    /// Makes a prepared version the one that is matched, and forgets those before it; false if
    /// it was not prepared.
    pub fn commit(&self, version: u32) -> bool {
        let mut state = self.state();
        let ahead = version.wrapping_sub(state.current);
        if ahead == 0 || ahead > state.next.wrapping_sub(state.current) {
            return false;
        }
        state.current = version;
        // Of later ones there may be entries already.
        state.keep(|entry| entry.version.wrapping_sub(version) < u32::MAX / 2);
        let entries: Vec<_> = state.of_version(version).cloned().collect();
        state.views.iter().for_each(|view| view.replace(entries.clone()));
        true
    }

    /// A panic of another user leaves nothing half done that matters.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn of_version(&self, version: u32) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.values().filter(move |entry| entry.version == version)
    }

    fn of_key(&mut self, key: &[u8]) -> Vec<Arc<Entry>> {
        let entries = &self.entries;
        let keys = self.keys.get_or_insert_with(|| Keys::of(entries.values()));
        let hash = keys.hasher.hash_one(key);
        let mut found: Vec<_> = keys
            .table
            .iter_hash(hash)
            .filter(|entry| entry.version == self.current && entry.key() == key)
            .cloned()
            .collect();
        found.sort_unstable_by_key(|entry| entry.id);
        found
    }

    fn insert(&mut self, entry: &Arc<Entry>) {
        if let Some(keys) = &mut self.keys {
            keys.insert(Arc::clone(entry));
        }
        self.entries.insert(entry.id, Arc::clone(entry));
    }

    fn remove(&mut self, entry: &Arc<Entry>) {
        self.entries.remove(&entry.id);
        if let Some(keys) = &mut self.keys {
            keys.remove(entry);
        }
        self.views.iter().for_each(|view| view.remove(entry));
    }

    fn set_all(&mut self, found: &[Arc<Entry>], value: &[u8]) -> Result<bool, String> {
        let fresh: Vec<_> = found
            .iter()
            .map(|old| Arc::new(Entry::new(old.id, old.version, old.line, old.key(), value)))
            .collect();
        for entry in &fresh {
            let result = self.views.iter().try_for_each(|view| view.check(entry));
            result.map_err(|message| format!("{message}."))?;
        }
        for (old, entry) in found.iter().zip(&fresh) {
            // The new one is there before the old one goes: at no time there is none.
            if entry.version == self.current {
                self.views.iter().for_each(|view| view.add(std::slice::from_ref(entry)));
            }
            self.remove(old);
            self.insert(entry);
        }
        Ok(!found.is_empty())
    }

    fn keep(&mut self, keep: impl Fn(&Entry) -> bool) {
        self.entries.retain(|_, entry| keep(entry));
        self.keys = None;
    }
}

impl Keys {
    fn of<'e>(entries: impl Iterator<Item = &'e Arc<Entry>>) -> Self {
        let mut keys = Self::default();
        entries.for_each(|entry| keys.insert(Arc::clone(entry)));
        keys
    }

    fn insert(&mut self, entry: Arc<Entry>) {
        let hasher = &self.hasher;
        let hash = hasher.hash_one(entry.key());
        self.table.insert_unique(hash, entry, |entry| hasher.hash_one(entry.key()));
    }

    fn remove(&mut self, entry: &Arc<Entry>) {
        let hash = self.hasher.hash_one(entry.key());
        if let Ok(found) = self.table.find_entry(hash, |other| Arc::ptr_eq(other, entry)) {
            found.remove();
        }
    }
}

const FUTURE: &str = "Version number in the future, please use 'prepare map' before.";
