//! Listening sockets: binding them at the start, accepting on each worker.

mod accept;
mod bind;

pub use accept::accept;
pub use bind::{BindError, Listener, adopt, bind};
