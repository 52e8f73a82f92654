//! Accepting connections on one worker.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};

use super::bind::Listener;
use crate::exchange::{Connection, Endpoint};
use crate::log::Level;
use crate::proxy::Listen;
use crate::session::{Client, Serve, Worker};
use crate::tcp::Io;

/// Accepts until the task is dropped. `frontend` and `bind` are indices.
pub async fn accept(worker: Rc<Worker>, frontend: usize, bind: usize, listener: Listener) {
    let source = match Source::new(listener) {
        Ok(source) => source,
        Err(error) => {
            complain(&worker, frontend, &error);
            return;
        }
    };
    let plan = std::sync::Arc::clone(&worker.plan);
    let facts = &plan.frontends[frontend].binds[bind];
    let mut complained_s = 0;
    loop {
        room(&worker, frontend).await;
        match source.accept(&facts.listen, bind as u32).await {
            Ok((io, client, local)) => {
                let accepted_us = worker.clock.us();
                let connection = Connection { client, local, accepted_us, listener: bind as u16 };
                let client = Client::new(&worker, frontend, io, connection);
                tokio::task::spawn_local(Serve::new(&worker, client));
            }
            Err(error) if is_passing(&error) => {}
            Err(error) => {
                // Out of descriptors or memory: say so once a second, and let some go.
                let now = worker.clock.refresh() / 1_000_000;
                if now != complained_s {
                    complained_s = now;
                    complain(&worker, frontend, &error);
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Waits until the process and the frontend may have another connection (`maxconn`).
async fn room(worker: &Worker, frontend: usize) {
    let facts = &worker.plan.frontends[frontend];
    loop {
        let limit = u64::from(facts.live.maxconn.load(Relaxed));
        let full = worker.process.connections() >= worker.process.maxconn.load(Relaxed) as u64
            || (limit != 0 && facts.live.counters.sessions_current() >= limit)
            || facts.live.disabled.load(Relaxed);
        if !full {
            return;
        }
        // Another worker's connections end without telling us: look again now and then.
        let _ = tokio::time::timeout(Duration::from_millis(20), worker.ended.notified()).await;
    }
}

enum Source {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Source {
    fn new(listener: Listener) -> io::Result<Self> {
        match listener {
            Listener::Tcp(listener) => TcpListener::from_std(listener).map(Self::Tcp),
            Listener::Unix(listener) => UnixListener::from_std(listener).map(Self::Unix),
        }
    }

    async fn accept(&self, bound: &Listen, id: u32) -> io::Result<(Io, Endpoint, Endpoint)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, client) = listener.accept().await?;
                let local = match bound {
                    // Known without asking, unless the listener takes any address.
                    Listen::Inet(address) if !address.ip().is_unspecified() => *address,
                    _ => stream.local_addr().unwrap_or(UNKNOWN),
                };
                Ok((Io::Tcp(stream), Endpoint::Inet(client), Endpoint::Inet(local)))
            }
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                let end = Endpoint::Unix(id + 1);
                Ok((Io::Unix(stream), end, end))
            }
        }
    }
}

/// Errors that concern one connection only.
fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, WouldBlock};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted | WouldBlock)
}

fn complain(worker: &Worker, frontend: usize, error: &io::Error) {
    let facts = &worker.plan.frontends[frontend];
    let message = format!("Proxy {} cannot accept a connection: {error}", facts.name);
    worker.log.event_as(
        facts.logging.tag.as_deref(),
        &facts.logging.targets,
        Level::Emerg,
        &message,
    );
}

const UNKNOWN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);
