//! A server that a test leads by hand: it accepts when the test says so.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::Path;

use super::{Peer, eventually};

/// A listening socket; formatted, it is its address in a configuration.
pub(crate) struct Server(Listener);

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, String),
}

impl Server {
    pub(crate) fn listen() -> Self {
        Self::listen_on("127.0.0.1:0".parse().expect("an address"))
    }

    pub(crate) fn listen_on(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("listen");
        listener.set_nonblocking(true).expect("set non-blocking");
        Self(Listener::Tcp(listener))
    }

    pub(crate) fn listen_unix(path: &Path) -> Self {
        let listener = UnixListener::bind(path).expect("listen");
        listener.set_nonblocking(true).expect("set non-blocking");
        Self(Listener::Unix(listener, format!("unix@{}", path.display())))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match &self.0 {
            Listener::Tcp(listener) => listener.local_addr().expect("an address"),
            Listener::Unix(..) => panic!("a unix socket has no internet address"),
        }
    }

    /// Waits for the proxy to connect.
    pub(crate) fn accept(&self) -> Peer {
        eventually("the proxy connects to its server", || self.try_accept())
    }

    /// Nobody has connected by now.
    pub(crate) fn has_nobody(&self) {
        assert!(self.try_accept().is_none(), "the proxy connected");
    }

    fn try_accept(&self) -> Option<Peer> {
        match &self.0 {
            Listener::Tcp(listener) => {
                let stream = listener.accept().ok()?.0;
                stream.set_nonblocking(false).expect("set blocking");
                Some(Peer::tcp(stream))
            }
            Listener::Unix(listener, _) => {
                let stream = listener.accept().ok()?.0;
                stream.set_nonblocking(false).expect("set blocking");
                Some(Peer::unix(stream))
            }
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Listener::Tcp(_) => self.address().fmt(f),
            Listener::Unix(_, path) => f.write_str(path),
        }
    }
}

/// An address that refuses connections for as long as this lives: it is bound, and not listened
/// to.
pub(crate) struct Refusing(socket2::Socket);

impl Refusing {
    pub(crate) fn new() -> Self {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)
            .expect("a socket");
        let address: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        socket.bind(&address.into()).expect("bind");
        Self(socket)
    }

    /// Begins to listen at the same address.
    pub(crate) fn listen(self) -> Server {
        self.0.listen(128).expect("listen");
        let listener: TcpListener = self.0.into();
        listener.set_nonblocking(true).expect("set non-blocking");
        Server(Listener::Tcp(listener))
    }
}

impl fmt::Display for Refusing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.0.local_addr().expect("an address");
        address.as_socket().expect("an internet address").fmt(f)
    }
}
