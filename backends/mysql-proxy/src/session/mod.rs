//! One client, from its connect to its end.
//!
//! Apart because this is the journey itself; each leg of it is a file of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tracing::{debug, warn};

use crate::live::{Counters, Shared};
use crate::peer::Peer;
use crate::protocol::answer::Refusal;
use crate::protocol::capability;
use crate::server::pool::Pool;
use crate::server::probe::probe;
use crate::server::reset::{quit, reset};
use crate::server::{Connection, Server, acquire};
use login::{LoggedIn, LoginEnd};
use relay::{End, Relay};

mod authenticate;
mod login;
mod relay;

/// What the sessions of one worker have in common.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    /// Position of this worker's counters.
    pub(crate) number: usize,
    pub(crate) pool: Pool,
}

impl Worker {
    pub(crate) fn counters(&self) -> &Counters {
        &self.shared.counters[self.number]
    }
}

/// Serves a client.
pub(crate) async fn serve(worker: &Worker, mut client: Peer, address: SocketAddr) {
    let timeouts = &worker.shared.settings.timeouts;
    let acquired = acquire::acquire(&worker.shared, worker.counters(), &worker.pool).await;
    let acquired = match acquired {
        Ok(acquired) => acquired,
        Err(packet) => return client.close_with(&packet).await,
    };
    let mut shown = Some(acquired);
    // Boxed, so that the session does not carry the room for it as long as it lives.
    let login = Box::pin(login::log_in(worker, &mut client, &mut shown));
    let end = timeout(timeouts.login, login)
        .await
        .unwrap_or(Err(LoginEnd::Refuse { refusal: Refusal::LOGIN_TIMEOUT, sequence: 1 }));
    match end {
        Ok(logged_in) => run(worker, client, address, logged_in).await,
        Err(end) => {
            worker.counters().logins_failed.add(1);
            debug!(%address, %end, "login failed");
            if let LoginEnd::Refuse { refusal, sequence } = end {
                client.close_with(&refusal.packet(sequence)).await;
            }
            if let Some(unused) = shown {
                abandon(worker, unused).await;
            }
        }
    }
}

/// Relays commands until the session ends, then keeps or closes the server connection.
async fn run(worker: &Worker, mut client: Peer, address: SocketAddr, session: LoggedIn) {
    let LoggedIn { server, mut connection, user, status } = session;
    debug!(%address, user, server = server.name, id = connection.greeting.thread_id, "session");
    let deprecate_eof = connection.agreed & capability::DEPRECATE_EOF != 0;
    let relay = Relay::new(worker, &mut client, &mut connection.peer, deprecate_eof, status);
    let (end, reusable) = relay.run().await;
    drop(client);
    match &end {
        End::Broken(why) => {
            worker.counters().broken.add(1);
            warn!(%address, user, server = server.name, %why, "session broken off");
        }
        end => debug!(%address, user, %end, "session ended"),
    }
    match end {
        End::Quit | End::ClientGone | End::Drained if reusable => {
            release(worker, &server, connection).await;
        }
        End::Quit | End::Drained => quit(connection).await,
        _ => {}
    }
}

/// Resets the connection for the next client, or closes it.
async fn release(worker: &Worker, server: &Arc<Server>, mut connection: Connection) {
    let switchable = capability::PLUGIN_AUTH | capability::SECURE_CONNECTION;
    let wanted = connection.agreed & switchable == switchable
        && worker.pool.has_room()
        && server.is_up()
        && !worker.shared.is_draining();
    if wanted && reset(&mut connection, RESET_BOUND).await.is_err() {
        return;
    }
    let left = if wanted { worker.pool.put(server, connection) } else { Some(connection) };
    if let Some(connection) = left {
        quit(connection).await;
    }
}

/// Does right by a server connection that no client has logged in on.
async fn abandon(worker: &Worker, unused: acquire::Acquired) {
    let acquire::Acquired { server, connection, origin } = unused;
    match origin {
        acquire::Origin::Idle => {
            if let Some(connection) = worker.pool.put(&server, connection) {
                quit(connection).await;
            }
        }
        acquire::Origin::Fresh => {
            let polite = probe(connection, &worker.shared.settings.health);
            let _ = timeout(worker.shared.settings.timeouts.connect, polite).await;
        }
    }
}

/// A reset that takes longer rolls back a large transaction: better not to wait for it.
const RESET_BOUND: Duration = Duration::from_secs(5);
