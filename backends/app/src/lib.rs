//! The application server of the classic chain: dynamic pages with sign-in, a form and database
//! queries, meant to stand behind the load balancer and in front of SQLite, MariaDB or MySQL.
//!
//! A request's way through: `server` accepts → `router` (log line, headers, timeout, readiness
//! gate) → `visitor` (who asks) → `page` or `api` (what they see) → `database` (the queries).
//! `life` starts and stops the process; `config` says how.

#![forbid(unsafe_code)]

pub mod args;

mod api;
mod app;
mod config;
mod csrf;
mod database;
mod failure;
mod form;
mod health;
mod life;
mod log;
mod page;
mod password;
mod router;
mod server;
mod throttle;
mod token;
mod visitor;

pub use life::run;
