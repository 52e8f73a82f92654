//! The running program, over real sockets, with SQLite and with a real MariaDB. Each scenario is a
//! dialogue: the browser asks, the node answers.
//!
//! Where MariaDB is not installed its half fails, unless `EVENKEEL_SKIP_MARIADB=1` says that this
//! is known.

// The whole program is tests, of which clippy sees only the functions marked so.
#![allow(clippy::unwrap_used)]

mod account;
mod api;
mod board;
mod command;
mod life;
mod outage;
mod support;
