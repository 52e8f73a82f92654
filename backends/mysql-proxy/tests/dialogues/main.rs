//! Dialogues between real clients, the proxy and a real MariaDB of the tests' own.
//!
//! Without MariaDB, its clients and sysbench installed these tests fail, unless
//! `EVENKEEL_SKIP_MARIADB=1` says that this is meant.

// Clippy takes the helpers of a test crate for production code.
#![allow(clippy::unwrap_used)]

mod authentication;
mod clients;
mod command_line;
mod commands;
mod failures;
mod pool;
mod stop;
mod support;
