//! Health checks: a connection, a greeting, a login.
//!
//! Apart from `health` because this is the I/O; what the outcomes mean is decided there.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Server;
use super::dial::{DialError, dial};
use super::probe::probe;
use super::prove::Outcome;
use crate::config::Settings;
use crate::live::Shared;

/// Checks one server for ever.
pub(crate) async fn run(shared: Arc<Shared>, server: Arc<Server>) {
    let mut ticks = interval(shared.settings.health.interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let outcome = check(&server, &shared.settings).await;
        server.observe(outcome.as_ref().copied().map_err(String::as_str));
    }
}

/// One check; the error is the reason for the log.
async fn check(server: &Server, settings: &Settings) -> Result<(), String> {
    let connection = match dial(server.target, &settings.timeouts).await {
        Ok(connection) => connection,
        Err(DialError::Unreachable(reason)) => return Err(reason),
        Err(DialError::Refused { code: TOO_MANY_CONNECTIONS, .. }) => return Ok(()),
        Err(DialError::Refused { code, text, .. }) => return Err(format!("ERR {code}: {text}")),
    };
    let probed = timeout(settings.timeouts.connect, probe(connection, &settings.health));
    let outcome = probed.await.map_err(|_| "no answer to the login in time")?;
    match outcome.map_err(|error| format!("broken off at the login: {error}"))? {
        Outcome::Refused { code, text, .. } if settings.health.user.is_some() => {
            Err(format!("the account of the check is refused: ERR {code}: {text}"))
        }
        Outcome::Accepted { .. } | Outcome::Refused { .. } | Outcome::Unfinished => Ok(()),
    }
}

/// ERR 1040: a server that is alive, only full.
const TOO_MANY_CONNECTIONS: u16 = 1040;
