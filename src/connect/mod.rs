//! Connections to servers: making them, and keeping idle ones for the next request.

mod dial;
mod pool;

pub use dial::{DialError, dial};
pub use pool::{Kept, Pool};
