//! Making a connection to a server.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr as UnixAddr;

use nix::libc::{EADDRINUSE, EADDRNOTAVAIL, EAGAIN, EINPROGRESS, EMFILE, ENFILE, ENOBUFS, ENOMEM};
use nix::sys::socket::sockopt;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tokio::net::{TcpStream, UnixStream};

use crate::exchange::Connection;
use crate::proxy::{Server, ServerAddress};
use crate::tcp::Io;
use crate::time::Timer;

/// Why there is no connection.
#[derive(Debug)]
pub enum DialError {
    /// `timeout connect` passed.
    Timeout,
    /// The server refused, or cannot be reached.
    Refused(io::Error),
    /// This machine has no descriptor, port or memory for it.
    Resource(io::Error),
}

/// Connects to `server` on behalf of `connection`, until `deadline_ms`.
///
/// # Errors
/// See [`DialError`].
pub async fn dial(
    server: &Server,
    connection: &Connection,
    timer: &Timer,
    deadline_ms: u64,
) -> Result<Io, DialError> {
    let io = start(server, connection)?;
    timer
        .bound(deadline_ms, |cx| io.poll_write_ready(cx))
        .await
        .map_err(|_| DialError::Timeout)?
        .map_err(DialError::Refused)?;
    match &io {
        Io::Tcp(stream) => match stream.take_error() {
            Ok(None) => Ok(io),
            Ok(Some(error)) | Err(error) => Err(DialError::Refused(error)),
        },
        Io::Unix(_) => Ok(io),
    }
}

/// Creates the socket and begins to connect.
fn start(server: &Server, connection: &Connection) -> Result<Io, DialError> {
    match &**server.address.load() {
        ServerAddress::Inet(address) => start_tcp(*address, server.source),
        ServerAddress::InetOffset(ip, offset) => {
            start_tcp(destination(*ip, *offset, connection), server.source)
        }
        ServerAddress::Unix(path) => {
            start_unix(&UnixAddr::from_pathname(path).map_err(DialError::Refused)?)
        }
        ServerAddress::Abstract(name) => {
            start_unix(&UnixAddr::from_abstract_name(name).map_err(DialError::Refused)?)
        }
    }
}

/// The client's destination port, moved by an offset.
fn destination(ip: IpAddr, offset: i32, connection: &Connection) -> SocketAddr {
    let port = i32::from(connection.local.port()).wrapping_add(offset);
    SocketAddr::new(ip, u16::try_from(port).unwrap_or(0))
}

fn start_tcp(address: SocketAddr, source: Option<SocketAddr>) -> Result<Io, DialError> {
    let kind = Type::STREAM.nonblocking().cloexec();
    let socket = Socket::new(Domain::for_address(address), kind, Some(Protocol::TCP))
        .map_err(DialError::Resource)?;
    // A head and its body may leave in two writes: neither waits for the other's ACK.
    socket.set_tcp_nodelay(true).map_err(DialError::Resource)?;
    if let Some(source) = source {
        bind_source(&socket, source).map_err(DialError::Resource)?;
    }
    match socket.connect(&SockAddr::from(address)) {
        Ok(()) => {}
        Err(error) if error.raw_os_error() == Some(EINPROGRESS) => {}
        Err(error) if is_resource(&error) => return Err(DialError::Resource(error)),
        Err(error) => return Err(DialError::Refused(error)),
    }
    TcpStream::from_std(socket.into()).map(Io::Tcp).map_err(DialError::Resource)
}

/// Binds to the address only: the port is chosen when the destination is known, so that the same
/// port can serve several destinations.
fn bind_source(socket: &Socket, source: SocketAddr) -> io::Result<()> {
    socket.set_reuse_address(true)?;
    if source.port() == 0 {
        nix::sys::socket::setsockopt(socket, sockopt::IpBindAddressNoPort, &true)?;
    }
    socket.bind(&SockAddr::from(source))
}

fn start_unix(address: &UnixAddr) -> Result<Io, DialError> {
    let stream =
        std::os::unix::net::UnixStream::connect_addr(address).map_err(DialError::Refused)?;
    stream.set_nonblocking(true).map_err(DialError::Resource)?;
    UnixStream::from_std(stream).map(Io::Unix).map_err(DialError::Resource)
}

fn is_resource(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|code| {
        [EADDRINUSE, EADDRNOTAVAIL, EAGAIN, ENOBUFS, ENOMEM, EMFILE, ENFILE].contains(&code)
    })
}
