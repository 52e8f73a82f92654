//! A relay of the MySQL protocol that understands what it relays.
//!
//! The journey of a session: `listen` accepts it, `session` has a server greet it (`server::acquire`
//! takes an idle connection from the `pool` or dials one), lets the server authenticate it
//! (`session::login`), and then relays command by command (`session::relay`) what
//! `protocol::dialogue` says is whose turn. When the client leaves, the server connection is reset
//! and goes back to the pool.
//!
//! Each worker is a thread with its own runtime, listener, pool and counters; `boot` starts them
//! and keeps for itself what is rare: signals, health checks and the `admin` listener.

pub mod args;
pub mod boot;
pub mod config;
pub mod logs;
pub mod protocol;

mod admin;
mod buffer;
mod drain;
mod listen;
mod live;
mod metrics;
mod peer;
mod server;
mod session;
