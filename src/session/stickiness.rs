//! Stickiness by stick tables, around the choice of a server: the server that a key was seen
//! with is found before it, and remembered after it.

use std::sync::Arc;

use super::Worker;
use crate::exchange::Stream;
use crate::proxy::{Backend, Server, Stick};
use crate::table::{Data, Key, ServerKey, Table};

/// Keys to remember the server under, each with its table.
pub(super) type Keys = Vec<(Arc<Table>, Key)>;

/// The server that the first matching rule leads to, if it may be used.
pub(super) fn find(worker: &Worker, backend: &Backend, stream: &Stream<'_>) -> Option<usize> {
    let now = worker.clock.ms();
    backend.sticks.iter().filter(|stick| stick.purpose.matches()).find_map(|stick| {
        let key = key(stick, stream)?;
        let entry = stick.table.find(&key, now)?;
        stick.table.touch(&entry, now);
        let at = match entry.text() {
            Some(text) => backend
                .servers
                .iter()
                .position(|server| name(server, &stick.table).as_str() == &*text)?,
            None => {
                let position = stick.table.declaration.layout.find(Data::ServerId)?;
                let id = entry.get(position, now);
                backend.servers.iter().position(|server| u64::from(server.id) == id)?
            }
        };
        backend.servers[at].live.is_usable().then_some(at)
    })
}

/// The keys of the request to remember the server under: one for each table, the first that there
/// is.
pub(super) fn keys(backend: &Backend, stream: &Stream<'_>) -> Keys {
    collect(backend.sticks.iter().filter(|stick| stick.purpose.stores_request()), stream)
}

/// The same for the response.
pub(super) fn response_keys(backend: &Backend, stream: &Stream<'_>) -> Keys {
    let rules = backend.sticks.iter();
    collect(rules.filter(|stick| stick.purpose == crate::proxy::Purpose::StoreResponse), stream)
}

/// Remembers the server under these keys.
pub(super) fn learn(worker: &Worker, keys: Keys, server: &Server) {
    let now = worker.clock.ms();
    for (table, key) in keys {
        let Some(entry) = table.find_or_insert(key, now) else { continue };
        if let Some(at) = table.declaration.layout.find(Data::ServerId) {
            entry.set(at, u64::from(server.id), now);
        }
        entry.set_text(&name(server, &table));
    }
}

fn collect<'s>(rules: impl Iterator<Item = &'s Stick>, stream: &Stream<'_>) -> Keys {
    let mut keys = Keys::new();
    for stick in rules {
        if keys.len() == MOST_KEYS {
            break;
        }
        if keys.iter().any(|(table, _)| Arc::ptr_eq(table, &stick.table)) {
            continue;
        }
        if let Some(key) = key(stick, stream) {
            keys.push((Arc::clone(&stick.table), key));
        }
    }
    keys
}

fn key(stick: &Stick, stream: &Stream<'_>) -> Option<Key> {
    if stick.condition.as_ref().is_some_and(|condition| !condition.holds(stream)) {
        return None;
    }
    stick.table.declaration.key.key(stick.key.evaluate(stream)?)
}

/// What a table knows a server by (`srvkey`).
fn name(server: &Server, table: &Table) -> String {
    match table.declaration.server_key {
        ServerKey::Name => server.name.clone(),
        ServerKey::Address => server.address.load().to_string(),
    }
}

/// Stores at once for a request, and for a response (manual, `stick store-request`).
const MOST_KEYS: usize = 8;
