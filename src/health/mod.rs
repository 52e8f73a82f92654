//! Health checks of servers (manual, section 5.2 `check`, section 4.2 `option httpchk`): a pure
//! machine of rise and fall, the dialogue of each kind of check without I/O, and the tasks that
//! lend them sockets and time.

mod kind;
mod parse;
mod probe;
mod record;
mod report;
mod schedule;
mod state;
mod watch;

#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use kind::http::{Expect, HttpCheck};
pub use parse::{parse_http_check, parse_option_httpchk};
pub use watch::start;
