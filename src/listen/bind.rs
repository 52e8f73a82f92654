//! Binding. Every worker gets its own socket on an address (SO_REUSEPORT), so that the kernel
//! spreads connections and workers share nothing; unix sockets and inherited ones are shared.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{SocketAddr as UnixAddr, UnixListener};
use std::path::Path;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use crate::proxy::{Bind, Listen};

/// A listening socket of one worker.
#[derive(Debug)]
pub enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Why an address cannot be bound: HAProxy's words for the step that failed.
#[derive(Debug)]
pub struct BindError {
    pub step: &'static str,
    pub cause: io::Error,
}

/// One socket for each of `workers` workers. `keep_alive` is `option clitcpka`.
///
/// # Errors
/// The step that failed and the system's reason.
pub fn bind(bind: &Bind, workers: usize, keep_alive: bool) -> Result<Vec<Listener>, BindError> {
    match &bind.listen {
        Listen::Inet(address) => {
            (0..workers).map(|_| bind_inet(bind, *address, keep_alive)).collect()
        }
        Listen::Unix(path) => bind_unix(bind, path)?.shared(workers),
        Listen::Abstract(name) => {
            let address =
                UnixAddr::from_abstract_name(name).map_err(|e| failed("invalid name", e))?;
            let listener =
                UnixListener::bind_addr(&address).map_err(|e| failed("cannot bind socket", e))?;
            Listener::unix(listener)?.shared(workers)
        }
        Listen::Fd(fd) => inherited(*fd)?.shared(workers),
    }
}

/// As [`bind`], but with sockets that were bound like this before as far as there are any.
///
/// # Errors
/// The step that failed and the system's reason.
pub fn adopt(
    bind: &Bind,
    sockets: Vec<OwnedFd>,
    workers: usize,
    keep_alive: bool,
) -> Result<Vec<Listener>, BindError> {
    let is_reachable = !matches!(&bind.listen, Listen::Unix(path) if !path.exists());
    let wanted = if bind.listen.is_shared() { 1 } else { workers };
    let mut listeners: Vec<Listener> = sockets
        .into_iter()
        .filter(|_| is_reachable)
        .take(wanted)
        .map(Listener::of)
        .collect::<Result<_, _>>()?;
    match listeners.pop() {
        Some(first) if bind.listen.is_shared() => first.shared(workers),
        Some(last) => {
            listeners.push(last);
            let missing = workers - listeners.len();
            if missing > 0 {
                listeners.extend(self::bind(bind, missing, keep_alive)?);
            }
            Ok(listeners)
        }
        None => self::bind(bind, workers, keep_alive),
    }
}

fn bind_inet(bind: &Bind, address: SocketAddr, keep_alive: bool) -> Result<Listener, BindError> {
    let kind = Type::STREAM.nonblocking().cloexec();
    let socket = Socket::new(Domain::for_address(address), kind, Some(Protocol::TCP))
        .map_err(|e| failed("cannot create listening socket", e))?;
    let option = |result: io::Result<()>| result.map_err(|e| failed("cannot set option", e));
    option(socket.set_reuse_address(true))?;
    option(socket.set_reuse_port(true))?;
    // Accepted sockets inherit these: no system call for each connection.
    option(socket.set_tcp_nodelay(true))?;
    if keep_alive {
        option(socket.set_keepalive(true))?;
    }
    if address.is_ipv6() {
        option(socket.set_only_v6(bind.v6only || !bind.v4v6))?;
    }
    if bind.free {
        option(if address.is_ipv6() {
            socket.set_freebind_v6(true)
        } else {
            socket.set_freebind_v4(true)
        })?;
    }
    if bind.transparent {
        option(socket.set_ip_transparent_v4(true))
            .map_err(|e| failed("cannot do transparent binding", e.cause))?;
    }
    if let Some(interface) = &bind.interface {
        socket
            .bind_device(Some(interface.as_bytes()))
            .map_err(|e| failed("cannot bind to interface", e))?;
    }
    socket.bind(&SockAddr::from(address)).map_err(|e| failed("cannot bind socket", e))?;
    socket
        .listen(bind.backlog.unwrap_or(BACKLOG))
        .map_err(|e| failed("cannot listen to socket", e))?;
    Ok(Listener::Tcp(socket.into()))
}

/// Binds under a temporary name and renames it, so that the path is never missing for clients
/// while one process replaces another.
fn bind_unix(bind: &Bind, path: &Path) -> Result<Listener, BindError> {
    if let Ok(facts) = std::fs::symlink_metadata(path)
        && !facts.file_type().is_socket()
    {
        let cause = io::Error::new(io::ErrorKind::AlreadyExists, "not a socket");
        return Err(failed("a file is in the way", cause));
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = Path::new(&temporary);
    let _ = std::fs::remove_file(temporary);
    let listener =
        UnixListener::bind(temporary).map_err(|e| failed("cannot bind UNIX socket", e))?;
    let prepared = own(bind, temporary).and_then(|()| std::fs::rename(temporary, path));
    if let Err(error) = prepared {
        let _ = std::fs::remove_file(temporary);
        return Err(failed("cannot switch final and temporary UNIX sockets", error));
    }
    Listener::unix(listener)
}

/// `mode`, `uid`, `gid`.
fn own(bind: &Bind, path: &Path) -> io::Result<()> {
    if let Some(mode) = bind.mode {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    if bind.uid.is_some() || bind.gid.is_some() {
        std::os::unix::fs::chown(path, bind.uid, bind.gid)?;
    }
    Ok(())
}

/// A listening socket that the parent process left open.
fn inherited(fd: i32) -> Result<Listener, BindError> {
    Listener::of(crate::sys::fd::inherit(fd).map_err(|e| failed("cannot use inherited socket", e))?)
}

impl Listener {
    /// A socket that is bound already.
    fn of(fd: OwnedFd) -> Result<Self, BindError> {
        let bad = |e: nix::errno::Errno| failed("cannot use inherited socket", e.into());
        let address =
            nix::sys::socket::getsockname::<nix::sys::socket::SockaddrStorage>(fd.as_raw_fd());
        let is_unix = address.map_err(bad)?.as_unix_addr().is_some();
        let flags = nix::fcntl::OFlag::O_NONBLOCK;
        nix::fcntl::fcntl(fd.as_fd(), nix::fcntl::FcntlArg::F_SETFL(flags)).map_err(bad)?;
        Ok(if is_unix { Self::Unix(fd.into()) } else { Self::Tcp(fd.into()) })
    }

    fn unix(listener: UnixListener) -> Result<Self, BindError> {
        listener.set_nonblocking(true).map_err(|e| failed("cannot set option", e))?;
        Ok(Self::Unix(listener))
    }

    /// The same socket, once for each worker.
    fn shared(self, workers: usize) -> Result<Vec<Self>, BindError> {
        let again = || match &self {
            Self::Tcp(listener) => listener.try_clone().map(Self::Tcp),
            Self::Unix(listener) => listener.try_clone().map(Self::Unix),
        };
        let mut all: Vec<Self> = (1..workers)
            .map(|_| again().map_err(|e| failed("cannot share socket", e)))
            .collect::<Result<_, _>>()?;
        all.push(self);
        Ok(all)
    }
}

fn failed(step: &'static str, cause: io::Error) -> BindError {
    BindError { step, cause }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // "Address already in use (os error 98)" without the number, as HAProxy has it.
        let cause = self.cause.to_string();
        let cause = cause.split(" (os error").next().unwrap_or_default();
        write!(f, "{} ({cause})", self.step)
    }
}

impl Listen {
    /// The workers accept on one socket and not each on its own.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        !matches!(self, Self::Inet(_))
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inet(address) => write!(f, "{}:{}", address.ip(), address.port()),
            Self::Unix(path) => write!(f, "{}", path.display()),
            Self::Abstract(name) => write!(f, "abns@{name}"),
            Self::Fd(fd) => write!(f, "fd@{fd}"),
        }
    }
}

/// Connections that may wait to be accepted; the system's limit applies as well.
const BACKLOG: i32 = 4096;
