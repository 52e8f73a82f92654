//! Stick tables (manual, chapter 11): what is known of clients, sessions or anything else that
//! has a key, for as long as it is of use.
//!
//! A table is shared by all workers. Its entries are spread over shards by the hash of their key;
//! finding an entry takes the lock of one shard, counting in it takes the entry's own.

mod data;
mod declaration;
mod entry;
mod key;
mod layout;
mod rate;
mod shard;
mod store;
mod tracking;

pub use data::{Class, Data};
pub use declaration::{Declaration, ServerKey};
pub use entry::Entry;
pub use key::{Key, KeyType};
pub use layout::{Column, Layout, Position};
pub use store::Table;
pub use tracking::{Counters, Tracking};
