//! HTTP/1 (RFC 9112): heads, chunks, and what the connection header means.

mod chunk;
mod connection;
mod head;

pub use chunk::{ChunkError, ChunkScanner, Scanned};
pub use connection::{keeps_alive, prepare_request, prepare_response, wants_upgrade};
pub use head::{HeadError, parse_request, parse_response};
