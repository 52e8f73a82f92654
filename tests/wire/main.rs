//! Dialogues over sockets: what clients send, what servers see, what clients get, and what the
//! log says about it. Expectations are the manual's, an RFC's, or what HAProxy 3.4.0 does in the
//! same dialogue.

#![allow(clippy::unwrap_used, reason = "functions of tests are tests")]

#[path = "../support/mod.rs"]
mod support;

mod actions;
mod balance;
mod bodies;
mod client_aborts;
mod connection_rules;
mod dynamic_rules;
mod framing;
mod hashing;
mod interim;
mod keep_alive;
mod malformed;
mod normalize;
mod persistence;
mod pipelining;
mod proxy_protocol;
mod queue;
mod relay;
mod rules;
mod server_failures;
mod stale;
mod steering;
mod stickiness;
mod tracking;
mod tunnels;

use support::{LogSocket, Proxy, Server};

/// A proxy with one server and a log, which is all that most dialogues need.
struct Simple {
    server: Server,
    log: LogSocket,
    proxy: Proxy,
}

impl Simple {
    fn new() -> Self {
        Self::with("", "")
    }

    /// With more lines in the `listen` section, and more options of the server.
    fn with(lines: &str, options: &str) -> Self {
        let (server, log) = (Server::listen(), LogSocket::udp());
        let proxy = Proxy::http(&format!(
            "
listen web
  bind <front>
  log {log} local0
  option httplog
  {lines}
  server s1 {server} {options}"
        ));
        Self { server, log, proxy }
    }
}
