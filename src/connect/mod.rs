//! Connections to servers: making them, and keeping idle ones for the next request.

mod dial;
mod pool;
mod proxy_header;

pub use dial::{DialError, dial};
pub use pool::{Kept, Pool};
pub use proxy_header::proxy_header;
