//! Bytes between two sockets: reads, writes, pumps that copy or splice, and the relay of TCP mode.

mod io;
mod pipe;
mod pump;
mod relay;

pub use io::{Io, Peeked, peek_closed, poll_peek, readable, write_all, write_both};
pub use pump::{Limit, Pump, PumpError, Side};
pub use relay::{RelayEnd, RelayTimeouts, relay};
