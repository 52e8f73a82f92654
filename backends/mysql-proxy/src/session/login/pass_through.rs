//! Logins that the server judges; the proxy knows no password.
//!
//! Apart because here one client meets one server connection, in one of three ways:
//!
//! ```text
//! fresh            server greets ─► client logs in ─► server judges
//! idle             its greeting is shown again ─► client logs in ─► COM_CHANGE_USER ─► server
//!                  sends a new challenge ─► client proves ─► server judges
//! idle, unfit      the client speaks other capabilities, or the server has closed: a fresh
//!                  connection's challenge is sent to the client as an AuthSwitchRequest
//! ```
//!
//! The client is shown the thread id of the server's greeting, so that `KILL QUERY` with it, which
//! command-line clients send on Ctrl-C over another connection, meets the right query. In the third
//! case the id is that of a connection which is closed here: such a `KILL` finds nothing, and never
//! another client's query.

use super::{LoggedIn, LoginEnd, read_login};
use crate::peer::Peer;
use crate::protocol::answer::{Refusal, Status};
use crate::protocol::auth::switch_packet;
use crate::protocol::capability::lasting;
use crate::protocol::login::Login;
use crate::server::acquire::{Acquired, Origin, fresh};
use crate::server::reset::quit;
use crate::server::{Connection, Server};
use crate::session::Worker;
use crate::session::authenticate::{AuthEnd, authenticate};

/// Shows the client the greeting of the connection in `shown` and logs it in. The connection is
/// taken out of `shown` as soon as it has been told anything.
pub(super) async fn log_in(
    worker: &Worker,
    client: &mut Peer,
    shown: &mut Option<Acquired>,
) -> Result<LoggedIn, LoginEnd> {
    let Some(acquired) = shown.as_ref() else { return Err(LoginEnd::ClientGone) };
    let greeting = &acquired.connection.greeting;
    client.send(&greeting.packet()).await.map_err(|_| LoginEnd::ClientGone)?;
    let (mut login, sequence) = read_login(client).await?;
    login.restrict(greeting.offered());

    let Some(acquired) = shown.take() else { return Err(LoginEnd::ClientGone) };
    let Acquired { server, connection, origin } = acquired;
    let entry = Entry { worker, client, server: &server, sequence };
    let (connection, status) = match origin {
        Origin::Fresh => entry.on_fresh(connection, &login).await?,
        Origin::Idle => entry.on_idle(connection, &mut login).await?,
    };
    let user = String::from_utf8_lossy(&login.user).into_owned();
    Ok(LoggedIn { server, connection, user, status })
}

/// The client's login and where it goes.
struct Entry<'a> {
    worker: &'a Worker,
    client: &'a mut Peer,
    server: &'a Server,
    /// Of the client's last packet.
    sequence: u8,
}

type Accepted = (Connection, Status);

impl Entry<'_> {
    /// The server has greeted and waits for this login, whose sequence is 1 on both sides.
    async fn on_fresh(
        mut self,
        connection: Connection,
        login: &Login,
    ) -> Result<Accepted, LoginEnd> {
        self.judge(connection, login, &login.packet(), 1).await.map_err(|end| self.explain(end))
    }

    /// Another client has used the connection before.
    async fn on_idle(
        mut self,
        connection: Connection,
        login: &mut Login,
    ) -> Result<Accepted, LoginEnd> {
        if !login.can_switch() {
            let refuse = LoginEnd::Refuse {
                refusal: Refusal::OLD_CLIENT,
                sequence: self.sequence.wrapping_add(1),
            };
            quit(connection).await;
            return Err(refuse);
        }
        if connection.agreed == lasting(login.capabilities) {
            // COM_CHANGE_USER has sequence 0.
            let judged = self.judge(connection, login, &login.change_user_packet(), 0).await;
            match judged {
                Err(AuthEnd::ServerGone { spoke: false }) => {}
                judged => return judged.map_err(|end| self.explain(end)),
            }
        } else {
            quit(connection).await;
        }
        self.worker.counters().pool_stale.add(1);
        self.switch(login).await
    }

    /// Turns the client over to a fresh connection, with the challenge of its greeting.
    async fn switch(&mut self, login: &mut Login) -> Result<Accepted, LoginEnd> {
        let Worker { shared, .. } = self.worker;
        let connection = match fresh(shared, self.worker.counters(), self.server).await {
            Ok(Some(connection)) => connection,
            Ok(None) => {
                let refusal = Refusal::NO_SERVER;
                return Err(LoginEnd::Refuse { refusal, sequence: self.sequence.wrapping_add(1) });
            }
            Err(mut packet) => {
                packet[3] = self.sequence.wrapping_add(1);
                let _ = self.client.send(&packet).await;
                return Err(LoginEnd::ServerRefused);
            }
        };
        let greeting = &connection.greeting;
        login.restrict(greeting.offered());
        let challenge =
            switch_packet(self.sequence.wrapping_add(1), &greeting.plugin, &greeting.scramble);
        self.client.send(&challenge).await.map_err(|_| LoginEnd::ClientGone)?;
        let proof = self.client.packet().await.map_err(|_| LoginEnd::ClientGone)?;
        login.prove(&greeting.plugin, proof.payload);
        self.sequence = proof.sequence;
        self.judge(connection, login, &login.packet(), 1).await.map_err(|end| self.explain(end))
    }

    /// Sends `packet`, of this sequence, to the server and relays what follows.
    async fn judge(
        &mut self,
        mut connection: Connection,
        login: &Login,
        packet: &[u8],
        sequence: u8,
    ) -> Result<Accepted, AuthEnd> {
        let sent = connection.peer.send(packet).await;
        sent.map_err(|_| AuthEnd::ServerGone { spoke: false })?;
        let shift = self.sequence.wrapping_sub(sequence);
        let status = authenticate(self.client, &mut connection.peer, shift).await?;
        connection.agreed = lasting(login.capabilities);
        Ok((connection, status))
    }

    /// A server that is gone has told the client nothing.
    fn explain(&self, end: AuthEnd) -> LoginEnd {
        match end {
            AuthEnd::ServerGone { spoke: false } => LoginEnd::Refuse {
                refusal: Refusal::SERVER_LOST,
                sequence: self.sequence.wrapping_add(1),
            },
            end => LoginEnd::Authentication(end),
        }
    }
}
