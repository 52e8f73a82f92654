//! What changes while the proxy runs and several workers share: counters, server health, queues.
//!
//! Everything here is atomics or a short lock. It is keyed by what it belongs to and referenced
//! from the plan, so that it can outlive a plan.

mod counters;
mod process;
mod proxy;
mod queue;
mod server;

pub use counters::{Average, Counter, Counters, PerWorker};
pub use process::{Process, Share};
pub use proxy::Proxy;
pub use queue::{Place, Queue, Ticket};
pub use server::{Admin, CheckResult, CheckStatus, Health, Server};
