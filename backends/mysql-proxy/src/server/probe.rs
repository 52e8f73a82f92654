//! A login of the proxy's own.
//!
//! Apart because it serves twice: as the health check, and to end the handshake of a connection
//! whose client left before it logged in. A server counts handshakes that break off and blocks the
//! host after `max_connect_errors` of them; a login, even a refused one, is not counted.

use std::io;

use super::Connection;
use super::prove::{Outcome, prove};
use super::reset::quit;
use crate::config::HealthSettings;
use crate::protocol::auth::{NATIVE, native_proof};
use crate::protocol::capability;
use crate::protocol::login::Login;

/// Answers the greeting of a fresh connection, and closes it.
pub(crate) async fn probe(
    mut connection: Connection,
    account: &HealthSettings,
) -> io::Result<Outcome> {
    let password = account.password.0.as_bytes();
    let greeting = &connection.greeting;
    let login = Login {
        capabilities: greeting.offered() & WANTED,
        max_packet: 1 << 24,
        charset: greeting.charset,
        user: account.user.as_deref().unwrap_or(NOBODY).into(),
        proof: native_proof(password, &greeting.scramble),
        database: Vec::new(),
        plugin: NATIVE.to_vec(),
        attributes: Vec::new(),
    };
    connection.peer.send(&login.packet()).await?;
    let outcome = prove(&mut connection.peer, password).await?;
    if let Outcome::Accepted { .. } = outcome {
        quit(connection).await;
    }
    Ok(outcome)
}

const WANTED: capability::Flags = capability::LONG_PASSWORD
    | capability::PROTOCOL_41
    | capability::SECURE_CONNECTION
    | capability::PLUGIN_AUTH;

/// Shown in the server's log if no account is configured for checks.
const NOBODY: &str = "evenkeel-check";
