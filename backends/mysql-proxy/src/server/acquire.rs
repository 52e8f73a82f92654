//! Finding a server connection for a client that has just come.
//!
//! Apart because this is where the choice of the server is made.

use std::sync::Arc;

use tracing::debug;

use super::dial::{DialError, dial};
use super::pool::Pool;
use super::{Connection, Server};
use crate::live::{Counters, Shared};
use crate::protocol::answer::Refusal;

/// A connection that has not served this client yet.
#[derive(Debug)]
pub(crate) struct Acquired {
    pub(crate) server: Arc<Server>,
    pub(crate) connection: Connection,
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Greeted, and waits for its login.
    Fresh,
    /// Served another client before.
    Idle,
}

/// An idle connection to the best server, or a new one; else the ERR packet for the client.
pub(crate) async fn acquire(
    shared: &Shared,
    counters: &Counters,
    pool: &Pool,
) -> Result<Acquired, Vec<u8>> {
    for server in shared.candidates() {
        if let Some(connection) = pool.take(server) {
            counters.pool_hits.add(1);
            return Ok(Acquired { server: server.clone(), connection, origin: Origin::Idle });
        }
        if let Some(connection) = fresh(shared, counters, server).await? {
            return Ok(Acquired { server: server.clone(), connection, origin: Origin::Fresh });
        }
    }
    counters.no_server.add(1);
    Err(Refusal::NO_SERVER.packet(0))
}

/// A new connection to this server; `None` if it cannot be reached, an error if it refuses.
pub(crate) async fn fresh(
    shared: &Shared,
    counters: &Counters,
    server: &Server,
) -> Result<Option<Connection>, Vec<u8>> {
    counters.pool_misses.add(1);
    match dial(server.target, &shared.settings.timeouts).await {
        Ok(connection) => Ok(Some(connection)),
        Err(DialError::Unreachable(reason)) => {
            debug!(server = server.name, reason, "connect failed");
            server.observe(Err(&reason));
            Ok(None)
        }
        Err(DialError::Refused { code, text, packet }) => {
            debug!(server = server.name, code, text, "server refuses connections");
            Err(packet)
        }
    }
}
