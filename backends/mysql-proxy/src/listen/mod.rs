//! Accepting clients.
//!
//! Apart because each worker has its own listening socket for the same address (SO_REUSEPORT), so
//! that the kernel spreads the clients and no thread hands one to another.

use std::future::poll_fn;
use std::io;
use std::net::{self, SocketAddr};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::drain::Drain;
use crate::peer::Peer;
use crate::protocol::answer::Refusal;
use crate::session::{Worker, serve};
use proxy_header::ProxyHeader;

mod proxy_header;

/// One socket per worker. Port 0 takes a free port, the same for all.
pub(crate) fn bind(address: SocketAddr, count: usize) -> io::Result<Vec<net::TcpListener>> {
    let first = bind_one(address)?;
    let address = first.local_addr()?;
    let others = (1..count).map(|_| bind_one(address));
    std::iter::once(Ok(first)).chain(others).collect()
}

/// Accepts until the proxy stops.
pub(crate) async fn accept(worker: Rc<Worker>, listener: net::TcpListener) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let mut drain = Drain::new(&worker.shared.draining);
    loop {
        let accepted = poll_fn(|cx| match listener.poll_accept(cx) {
            Poll::Ready(accepted) => Poll::Ready(Some(accepted)),
            Poll::Pending => drain.poll_begin(cx).map(|()| None),
        });
        match accepted.await {
            Some(Ok((socket, address))) => admit(&worker, socket, address),
            Some(Err(error)) => {
                // Out of file descriptors, usually: trying again at once would only burn time.
                warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
            None => return Ok(()),
        }
    }
}

fn admit(worker: &Rc<Worker>, socket: TcpStream, address: SocketAddr) {
    worker.counters().accepted.add(1);
    if worker.shared.is_draining() {
        return refuse(worker, socket, Refusal::SHUTTING_DOWN);
    }
    let Some(admission) = worker.shared.admit() else {
        return refuse(worker, socket, Refusal::TOO_MANY_CONNECTIONS);
    };
    let worker = Rc::clone(worker);
    tokio::task::spawn_local(async move {
        let settings = &worker.shared.settings;
        let mut client = Peer::new(socket, settings.timeouts.write);
        let announced = settings.accept_proxy_protocol
            && settings.trusted_proxies.iter().any(|network| network.contains(address.ip()));
        let address = match announced {
            true => read_proxy_header(&mut client, address, settings.timeouts.login).await,
            false => Some(address),
        };
        if let Some(address) = address {
            serve(&worker, client, address).await;
        } else {
            worker.counters().refused.add(1);
            client.close_with(&Refusal::BAD_HANDSHAKE.packet(0)).await;
        }
        drop(admission);
    });
}

/// The client's address as a trusted load balancer gives it; `None` without a valid header.
async fn read_proxy_header(
    client: &mut Peer,
    address: SocketAddr,
    bound: Duration,
) -> Option<SocketAddr> {
    let header = async {
        loop {
            if let Some(header) = ProxyHeader::parse(client.pending()).ok()? {
                client.consume(header.length);
                return Some(header.client.unwrap_or(address));
            }
            if client.fill().await.ok()? == 0 {
                return None;
            }
        }
    };
    let found = timeout(bound, header).await.ok().flatten();
    if found.is_none() {
        debug!(%address, "no PROXY header from a trusted proxy");
    }
    found
}

fn refuse(worker: &Rc<Worker>, socket: TcpStream, refusal: Refusal) {
    worker.counters().refused.add(1);
    let client = Peer::new(socket, worker.shared.settings.timeouts.write);
    tokio::task::spawn_local(async move { client.close_with(&refusal.packet(0)).await });
}

fn bind_one(address: SocketAddr) -> io::Result<net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

const BACKLOG: i32 = 1024;
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
