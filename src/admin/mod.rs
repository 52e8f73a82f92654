//! The runtime API: lines of commands on a socket (management guide, section 9.3).
//!
//! `session` reads lines and writes answers, `line` splits them into commands and words,
//! `command` holds one file per command, `change` is what a command does to a server.

mod change;
mod command;
mod line;
mod session;
mod usage;

use std::rc::Rc;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::live;
use crate::log;
use crate::proxy::{Backend, Frontend, Level, Plan};
use crate::stats;

pub use command::{Keyword, commands};

/// What commands work on.
pub struct Context {
    pub plan: Arc<Plan>,
    pub process: Arc<live::Process>,
    pub workers: usize,
    /// Is told what the log should say about a server or its backend.
    pub notify: Notify,
    /// Is told what the log should say about a frontend.
    pub notify_frontend: NotifyFrontend,
}

/// Takes a backend, how important the event is, and its text.
pub type Notify = Box<dyn Fn(&Backend, log::Level, String)>;
/// Takes a frontend, how important the event is, and its text.
pub type NotifyFrontend = Box<dyn Fn(&Frontend, log::Level, String)>;

/// Talks to one user of the runtime API until either side closes or `stats timeout` passes
/// without a command. The runtime must have its time driver enabled.
pub async fn serve<S>(io: S, context: Rc<Context>, level: Level)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    session::Session::new(io, context, level).run().await;
}

impl Context {
    fn now_ms(&self) -> u64 {
        crate::time::monotonic_ms()
    }

    fn stats(&self) -> stats::Context<'_> {
        stats::Context {
            plan: &self.plan,
            process: &self.process,
            workers: self.workers,
            now_ms: self.now_ms(),
        }
    }
}

#[cfg(test)]
mod tests;
