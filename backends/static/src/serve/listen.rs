//! Listening sockets: one per worker on the same address, among which the kernel shares out
//! connections (`SO_REUSEPORT`).

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;

use socket2::{Domain, Protocol, Socket, Type};

/// An address that cannot be listened on.
#[derive(Debug)]
pub struct BindError {
    pub address: SocketAddr,
    pub source: io::Error,
}

/// `workers` sockets that all listen on `address`.
pub(super) fn bind(
    address: SocketAddr,
    workers: NonZeroUsize,
) -> Result<Vec<TcpListener>, BindError> {
    let failed = |source| BindError { address, source };
    probe(address).map_err(failed)?;
    let first = shared(address).map_err(failed)?;
    let address = first.local_addr().map_err(failed)?;
    let mut sockets = vec![first];
    for _ in 1..workers.get() {
        sockets.push(shared(address).map_err(failed)?);
    }
    Ok(sockets)
}

/// With `SO_REUSEPORT` a second server started by mistake would quietly take half of the traffic.
/// A socket without it cannot be bound while anyone listens.
fn probe(address: SocketAddr) -> io::Result<()> {
    let socket = socket(address)?;
    socket.bind(&address.into())
}

fn shared(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address)?;
    socket.set_reuse_port(true)?;
    // Accepted sockets inherit it. Answers leave whole, so there is nothing to wait for.
    socket.set_tcp_nodelay(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn socket(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // Otherwise connections of the previous run in TIME_WAIT would keep the port.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    Ok(socket)
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, source } = self;
        match source.kind() {
            io::ErrorKind::AddrInUse => write!(f, "cannot listen on {address}: the port is in use"),
            _ => write!(f, "cannot listen on {address}: {source}"),
        }
    }
}

impl std::error::Error for BindError {}

/// The kernel cuts it to `net.core.somaxconn`.
const BACKLOG: i32 = 4096;
