//! From the greeting to the accepted login.
//!
//! Apart because there are two ways, by who knows the password: the server alone (`pass_through`),
//! or the proxy, too (`verified`).

use std::fmt;
use std::io::ErrorKind;
use std::sync::Arc;

use super::Worker;
use super::authenticate::AuthEnd;
use crate::peer::Peer;
use crate::protocol::answer::{Refusal, Status};
use crate::protocol::login::{Login, Reply};
use crate::server::acquire::Acquired;
use crate::server::{Connection, Server};

mod pass_through;
mod verified;

/// A session that the server has accepted.
#[derive(Debug)]
pub(super) struct LoggedIn {
    pub(super) server: Arc<Server>,
    pub(super) connection: Connection,
    pub(super) user: String,
    pub(super) status: Status,
}

/// Why there is no session.
#[derive(Debug)]
pub(super) enum LoginEnd {
    /// The proxy's own refusal, which the client has yet to be told.
    Refuse {
        refusal: Refusal,
        sequence: u8,
    },
    /// As relayed; the client knows.
    Authentication(AuthEnd),
    ClientGone,
    /// The server's own ERR has been sent to the client.
    ServerRefused,
}

impl fmt::Display for LoginEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse { refusal, .. } => f.write_str(refusal.text()),
            Self::Authentication(end) => end.fmt(f),
            Self::ClientGone => f.write_str("the client has left"),
            Self::ServerRefused => f.write_str("the server has refused"),
        }
    }
}

/// Shows the client a greeting and logs it in on the connection in `shown`, or a better one. The
/// connection is taken out of `shown` as soon as it has been told anything.
pub(super) async fn log_in(
    worker: &Worker,
    client: &mut Peer,
    shown: &mut Option<Acquired>,
) -> Result<LoggedIn, LoginEnd> {
    if worker.shared.settings.users.is_empty() {
        pass_through::log_in(worker, client, shown).await
    } else {
        verified::log_in(worker, client, shown).await
    }
}

async fn read_login(client: &mut Peer) -> Result<(Login, u8), LoginEnd> {
    let packet = client.packet().await.map_err(|error| match error.kind() {
        ErrorKind::InvalidData => LoginEnd::Refuse { refusal: Refusal::BAD_HANDSHAKE, sequence: 2 },
        _ => LoginEnd::ClientGone,
    })?;
    let refuse = |refusal| LoginEnd::Refuse { refusal, sequence: packet.sequence.wrapping_add(1) };
    match Reply::parse(&packet.payload) {
        Ok(Reply::Login(login)) => Ok((login, packet.sequence)),
        Ok(Reply::TlsRequest) => Err(refuse(Refusal::NO_TLS)),
        Err(_) => Err(refuse(Refusal::BAD_HANDSHAKE)),
    }
}
