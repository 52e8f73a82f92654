//! Evenkeel: a load balancer that reads `haproxy.cfg`.
//!
//! The journey of a connection reads off the rooms: `listen` accepts it, `http::h1` reads a
//! request, `session` carries it on: `rule` decides, `balance` chooses a server, `connect` finds
//! or makes a connection to it, the bytes are forwarded, `log` tells how it went. Around that:
//! `config` and `syntax` turn text into `proxy::Plan`; `live` holds what changes; `health`
//! watches the servers; `stats` and `admin` show and steer; `cluster` moves the address when the
//! whole machine goes; `boot` starts and ends it all. A room uses only rooms above it in
//! ARCHITECTURE.md's list.
#![deny(unsafe_code)]

pub mod admin;
pub mod args;
pub mod balance;
pub mod boot;
pub mod cluster;
pub mod config;
pub mod connect;
pub mod exchange;
pub mod health;
pub mod http;
pub mod listen;
pub mod live;
pub mod log;
pub mod pattern;
pub mod proxy;
pub mod rule;
pub mod sample;
pub mod session;
pub mod stats;
pub mod syntax;
#[allow(unsafe_code)]
mod sys;
pub mod table;
pub mod tcp;
pub mod time;
