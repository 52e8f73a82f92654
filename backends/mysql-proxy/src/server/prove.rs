//! Leading an authentication with a password that the proxy knows.
//!
//! Apart because health checks and verified logins both need it. Only `mysql_native_password` is
//! led: the full dialogue of `caching_sha2_password` needs TLS or RSA towards the server.

use std::io;

use crate::peer::{Packet, Peer};
use crate::protocol::answer::Status;
use crate::protocol::auth::{Challenge, NATIVE, native_proof};
use crate::protocol::packet::frame;

/// How the server took the login.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// With the payload of its OK packet.
    Accepted { status: Status, payload: Vec<u8> },
    /// With the payload of its ERR packet.
    Refused { code: u16, text: String, payload: Vec<u8> },
    /// It asks for another plugin's dialogue.
    Unfinished,
}

/// Answers the server, to which a login has just been sent, until it has decided.
pub(crate) async fn prove(peer: &mut Peer, password: &[u8]) -> io::Result<Outcome> {
    loop {
        let Packet { sequence, payload } = peer.packet().await?;
        let answer = |proof: &[u8]| frame(sequence.wrapping_add(1), proof);
        match Challenge::parse(&payload).map_err(io::Error::other)? {
            Challenge::Accepted(status) => return Ok(Outcome::Accepted { status, payload }),
            Challenge::Refused { code, text } => {
                return Ok(Outcome::Refused { code, text, payload });
            }
            Challenge::Switch { plugin, scramble } if plugin == NATIVE => {
                peer.send(&answer(&native_proof(password, &scramble))).await?;
            }
            // No password is the same for every plugin.
            Challenge::Switch { .. } if password.is_empty() => peer.send(&answer(&[])).await?,
            Challenge::Switch { .. } => {
                // Not to break off, which the server would hold against this host.
                peer.send(&answer(&[])).await?;
                peer.packet().await?;
                return Ok(Outcome::Unfinished);
            }
            Challenge::More => return Ok(Outcome::Unfinished),
        }
    }
}
