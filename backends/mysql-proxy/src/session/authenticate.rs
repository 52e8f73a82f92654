//! Relaying an authentication: the server asks, the client answers, nobody's password is known here.
//!
//! Apart from `relay` because whole packets pass, with their sequence moved if the proxy has said
//! more to the one side than to the other.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use crate::peer::{Packet, Peer};
use crate::protocol::answer::Status;
use crate::protocol::auth::Challenge;
use crate::protocol::packet::frame;
use crate::protocol::reader::Malformed;

/// Why an authentication has not succeeded.
#[derive(Debug)]
pub(super) enum AuthEnd {
    /// The client has been told so by the server.
    Refused(u16, String),
    ClientGone,
    /// The server has closed; `spoke` if the client has seen anything of it.
    ServerGone {
        spoke: bool,
    },
    Malformed(Malformed),
}

impl fmt::Display for AuthEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The text names the user as the client gave it: no line break may reach the log.
            Self::Refused(code, text) => {
                write!(f, "refused by the server: ERR {code}: {}", text.escape_debug())
            }
            Self::ClientGone => f.write_str("the client has left"),
            Self::ServerGone { .. } => f.write_str("the server has closed"),
            Self::Malformed(why) => why.fmt(f),
        }
    }
}

/// Relays both ways until the server accepts or refuses. A packet gets `shift` added to its
/// sequence on its way to the client, and subtracted on its way to the server.
pub(super) async fn authenticate(
    client: &mut Peer,
    server: &mut Peer,
    shift: u8,
) -> Result<Status, AuthEnd> {
    let mut spoke = false;
    loop {
        match next(client, server).await {
            From::Server(Ok(packet)) => {
                spoke = true;
                let verdict = Challenge::parse(&packet.payload);
                let moved = frame(packet.sequence.wrapping_add(shift), &packet.payload);
                client.send(&moved).await.map_err(|_| AuthEnd::ClientGone)?;
                match verdict.map_err(AuthEnd::Malformed)? {
                    Challenge::Accepted(status) => return Ok(status),
                    Challenge::Refused { code, text } => return Err(AuthEnd::Refused(code, text)),
                    Challenge::Switch { .. } | Challenge::More => {}
                }
            }
            From::Client(Ok(packet)) => {
                let moved = frame(packet.sequence.wrapping_sub(shift), &packet.payload);
                server.send(&moved).await.map_err(|_| AuthEnd::ServerGone { spoke })?;
            }
            From::Server(Err(_)) => return Err(AuthEnd::ServerGone { spoke }),
            From::Client(Err(_)) => return Err(AuthEnd::ClientGone),
        }
    }
}

enum From {
    Client(io::Result<Packet>),
    Server(io::Result<Packet>),
}

async fn next(client: &mut Peer, server: &mut Peer) -> From {
    poll_fn(|cx| {
        if let Poll::Ready(packet) = server.poll_packet(cx) {
            return Poll::Ready(From::Server(packet));
        }
        client.poll_packet(cx).map(From::Client)
    })
    .await
}
