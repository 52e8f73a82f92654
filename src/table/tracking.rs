//! Stick counters: the entries that a connection or a stream tracks (manual, section 4.3,
//! `track-sc0`).

use std::sync::Arc;

use super::data::Data;
use super::entry::Entry;
use super::store::Table;

/// The slots of one connection or stream. Nothing is allocated until something is tracked.
#[derive(Debug, Default)]
pub struct Counters {
    slots: Vec<Option<Tracking>>,
}

/// One slot in use.
#[derive(Debug)]
pub struct Tracking {
    pub table: Arc<Table>,
    pub entry: Arc<Entry>,
    /// Lent by the connection to its streams: it is the connection that ends it.
    lent: bool,
}

impl Counters {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    #[must_use]
    pub fn get(&self, slot: usize) -> Option<&Tracking> {
        self.slots.get(slot)?.as_ref()
    }

    /// What is tracked, in the order of the slots.
    pub fn iter(&self) -> impl Iterator<Item = &Tracking> {
        self.slots.iter().flatten()
    }

    /// Begins to track an entry and counts the connection in it. A slot in use stays as it is:
    /// the first rule counts.
    pub fn track(&mut self, slot: usize, table: Arc<Table>, entry: Arc<Entry>, now_ms: u64) {
        if self.get(slot).is_some() {
            return;
        }
        if self.slots.len() <= slot {
            self.slots.resize_with(slot + 1, || None);
        }
        entry.hold();
        let tracking = Tracking { table, entry, lent: false };
        tracking.add(Data::ConnCnt, 1, now_ms);
        tracking.add(Data::ConnRate, 1, now_ms);
        tracking.add(Data::ConnCur, 1, now_ms);
        self.slots[slot] = Some(tracking);
    }

    /// The same slots for a stream of the connection.
    #[must_use]
    pub fn lend(&self) -> Self {
        let lent = |tracking: &Tracking| Tracking {
            table: Arc::clone(&tracking.table),
            entry: Arc::clone(&tracking.entry),
            lent: true,
        };
        Self { slots: self.slots.iter().map(|slot| slot.as_ref().map(lent)).collect() }
    }

    /// Adds to a data type of everything that is tracked.
    pub fn add(&self, data: Data, amount: u64, now_ms: u64) {
        for tracking in self.iter() {
            tracking.add(data, amount, now_ms);
        }
    }

    /// Ends the tracking: the entries live on for their full time.
    pub fn release(&mut self, now_ms: u64) {
        for tracking in self.slots.drain(..).flatten().filter(|tracking| !tracking.lent) {
            if let Some(current) = tracking.table.declaration.layout.find(Data::ConnCur) {
                tracking.entry.subtract(current, 1);
            }
            tracking.table.touch(&tracking.entry, now_ms);
            tracking.entry.release();
        }
    }
}

impl Tracking {
    /// Adds to a data type, if the table stores it.
    pub fn add(&self, data: Data, amount: u64, now_ms: u64) {
        if let Some(at) = self.table.declaration.layout.find(data) {
            self.entry.add(at, amount, now_ms);
        }
    }
}

impl Drop for Counters {
    /// A stream that ends early must not leave an entry tracked for ever.
    fn drop(&mut self) {
        if !self.slots.is_empty() {
            self.release(crate::time::monotonic_ms());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Key;

    #[test]
    fn a_connection_counts_once_and_leaves() {
        let words = "type ip size 10 expire 1m store conn_cnt,conn_cur,http_req_cnt";
        let declaration = super::super::declaration::tests::parse(words).unwrap();
        let table = Arc::new(Table::new("t", declaration));
        let at = |data| table.declaration.layout.find(data).unwrap();
        let entry = table.find_or_insert(Key::Ipv4([192, 0, 2, 1].into()), 0).unwrap();
        let mut connection = Counters::default();
        connection.track(1, Arc::clone(&table), Arc::clone(&entry), 0);
        connection.track(1, Arc::clone(&table), Arc::clone(&entry), 0);
        let mut stream = connection.lend();
        stream.add(Data::HttpReqCnt, 1, 0);
        assert!(stream.get(0).is_none());
        stream.release(10);
        assert_eq!(entry.users(), 1);
        assert_eq!(entry.get(at(Data::ConnCur), 10), 1);
        drop(connection);
        assert_eq!(entry.users(), 0);
        assert_eq!(entry.get(at(Data::ConnCnt), 10), 1);
        assert_eq!(entry.get(at(Data::ConnCur), 10), 0);
        assert_eq!(entry.get(at(Data::HttpReqCnt), 10), 1);
    }
}
