//! A login of the proxy's own.
//!
//! Apart because it serves twice: as the health check, and to end the handshake of a connection
//! whose client left before it logged in. A server counts handshakes that break off and blocks the
//! host after `max_connect_errors` of them; a login, even a refused one, is not counted.

use std::io;

use super::Connection;
use super::reset::quit;
use crate::config::HealthSettings;
use crate::protocol::auth::{Challenge, NATIVE, native_proof};
use crate::protocol::capability;
use crate::protocol::login::Login;
use crate::protocol::packet::frame;

/// How the server took the login.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted,
    Refused {
        code: u16,
        text: String,
    },
    /// It asks for a plugin's dialogue that the proxy does not lead by itself.
    Unfinished,
}

/// Answers the greeting of a fresh connection, and closes it.
pub(crate) async fn probe(
    mut connection: Connection,
    account: &HealthSettings,
) -> io::Result<Outcome> {
    let password = account.password.0.as_bytes();
    let proof = |plugin: &[u8], scramble: &[u8]| match plugin {
        NATIVE => native_proof(password, scramble),
        _ => Vec::new(),
    };
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
    loop {
        let packet = connection.peer.packet().await?;
        let challenge = Challenge::parse(&packet.payload).map_err(io::Error::other)?;
        match challenge {
            Challenge::Accepted(_) => {
                quit(connection).await;
                return Ok(Outcome::Accepted);
            }
            Challenge::Refused { code, text } => return Ok(Outcome::Refused { code, text }),
            Challenge::Switch { plugin, scramble } => {
                let answer = frame(packet.sequence.wrapping_add(1), &proof(&plugin, &scramble));
                connection.peer.send(&answer).await?;
                if plugin != NATIVE && !password.is_empty() {
                    return Ok(Outcome::Unfinished);
                }
            }
            Challenge::More => return Ok(Outcome::Unfinished),
        }
    }
}

const WANTED: capability::Flags = capability::LONG_PASSWORD
    | capability::PROTOCOL_41
    | capability::SECURE_CONNECTION
    | capability::PLUGIN_AUTH;

/// Shown in the server's log if no account is configured for checks.
const NOBODY: &str = "evenkeel-check";
