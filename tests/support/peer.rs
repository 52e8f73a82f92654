//! One end of a connection that a test leads by hand: it sends, and it says what it expects.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;

use super::message::{Head, Request, Response};
use super::{PATIENCE, eventually};

/// A connected socket, and what was received and not looked at yet.
pub(crate) struct Peer {
    socket: Socket,
    received: Vec<u8>,
}

enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Peer {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::tcp(TcpStream::connect(address).expect("connect to the proxy"))
    }

    pub(crate) fn connect_unix(path: impl AsRef<Path>) -> Self {
        Self::unix(UnixStream::connect(path).expect("connect to the proxy"))
    }

    pub(crate) fn tcp(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("set a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("set a timeout");
        stream.set_nodelay(true).expect("set TCP_NODELAY");
        Self { socket: Socket::Tcp(stream), received: Vec::new() }
    }

    pub(crate) fn unix(stream: UnixStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("set a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("set a timeout");
        Self { socket: Socket::Unix(stream), received: Vec::new() }
    }

    /// This end's address.
    pub(crate) fn local(&self) -> SocketAddr {
        self.stream().local_addr().expect("an address")
    }

    /// The other end's address.
    pub(crate) fn remote(&self) -> SocketAddr {
        self.stream().peer_addr().expect("an address")
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        match &self.socket {
            Socket::Tcp(stream) => stream,
            Socket::Unix(_) => panic!("a unix socket has no internet address"),
        }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.try_send(bytes).expect("send");
        self
    }

    /// Sends to someone who may be gone already.
    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        match &mut self.socket {
            Socket::Tcp(stream) => stream.write_all(bytes.as_ref()),
            Socket::Unix(stream) => stream.write_all(bytes.as_ref()),
        }
    }

    /// Sends each byte in a segment of its own.
    pub(crate) fn send_slowly(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        for byte in bytes.as_ref() {
            self.send([*byte]);
        }
        self
    }

    /// Sends a GET for `path` to a host that is called `h`.
    pub(crate) fn get(&mut self, path: &str) -> &mut Self {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n"))
    }

    /// Sends the answer 200 with this body.
    pub(crate) fn ok(&mut self, body: &str) -> &mut Self {
        self.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    }

    /// Receives a request with its body.
    pub(crate) fn request(&mut self) -> Request {
        let head = self.head();
        let body = match head.body_length() {
            Some(length) => self.exactly(length),
            None if head.is_chunked() => self.chunked(),
            None => Vec::new(),
        };
        Request { head, body }
    }

    /// Receives a response with its body, to anything but HEAD.
    pub(crate) fn response(&mut self) -> Response {
        let head = self.head();
        let status = head.status();
        let body = match head.body_length() {
            _ if status < 200 || status == 204 || status == 304 => Vec::new(),
            Some(length) => self.exactly(length),
            None if head.is_chunked() => self.chunked(),
            None => self.rest(),
        };
        Response { head, body }
    }

    /// Receives a response that has no body, whatever its fields say.
    pub(crate) fn response_to_head(&mut self) -> Response {
        Response { head: self.head(), body: Vec::new() }
    }

    /// Receives a message's head.
    pub(crate) fn head(&mut self) -> Head {
        let end = loop {
            if let Some(at) = self.received.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            let before = String::from_utf8_lossy(&self.received).into_owned();
            assert!(self.receive() > 0, "the connection ended in the middle of a head: {before:?}");
        };
        let text: Vec<u8> = self.received.drain(..end).collect();
        Head::parse(&String::from_utf8_lossy(&text))
    }

    /// Receives a chunked body and gives it as it was sent, trailers included.
    pub(crate) fn chunked(&mut self) -> Vec<u8> {
        let mut raw = Vec::new();
        loop {
            let line = self.line();
            let size = line.trim_end().split(';').next().unwrap_or_default();
            let size = usize::from_str_radix(size, 16).expect("a chunk's size");
            raw.extend_from_slice(line.as_bytes());
            if size == 0 {
                break;
            }
            raw.extend(self.exactly(size + 2));
        }
        loop {
            let line = self.line();
            raw.extend_from_slice(line.as_bytes());
            if line == "\r\n" {
                return raw;
            }
        }
    }

    fn line(&mut self) -> String {
        loop {
            if let Some(at) = self.received.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.received.drain(..=at).collect();
                return String::from_utf8(line).expect("a line of text");
            }
            assert!(self.receive() > 0, "the connection ended in the middle of a line");
        }
    }

    pub(crate) fn exactly(&mut self, length: usize) -> Vec<u8> {
        while self.received.len() < length {
            let before = self.received.len();
            assert!(self.receive() > 0, "the connection ended after {before} of {length} bytes");
        }
        self.received.drain(..length).collect()
    }

    /// Receives these bytes.
    pub(crate) fn gets(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let bytes = bytes.as_ref();
        let received = self.exactly(bytes.len());
        assert_eq!(String::from_utf8_lossy(&received), String::from_utf8_lossy(bytes));
        self
    }

    /// Everything up to the end of the stream.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        while self.receive() > 0 {}
        std::mem::take(&mut self.received)
    }

    /// The other end closes, and sends nothing before that.
    pub(crate) fn is_closed(&mut self) {
        let rest = self.rest();
        assert!(rest.is_empty(), "before the end came {:?}", String::from_utf8_lossy(&rest));
    }

    /// Everything up to the end, which may be a reset.
    pub(crate) fn rest_or_reset(&mut self) -> Vec<u8> {
        while matches!(self.try_receive(), Ok(n) if n > 0) {}
        std::mem::take(&mut self.received)
    }

    /// The other end resets the connection, or closes it.
    pub(crate) fn is_gone(&mut self) {
        let rest = self.rest_or_reset();
        assert!(rest.is_empty(), "before the end came {:?}", String::from_utf8_lossy(&rest));
    }

    /// Nothing has come by now.
    pub(crate) fn has_nothing(&mut self) {
        self.set_nonblocking(true);
        let result = self.try_receive();
        self.set_nonblocking(false);
        assert!(
            matches!(&result, Err(error) if error.kind() == ErrorKind::WouldBlock),
            "something came: {result:?} {:?}",
            String::from_utf8_lossy(&self.received)
        );
    }

    /// Sends a FIN and goes on listening.
    pub(crate) fn finish(&mut self) -> &mut Self {
        match &self.socket {
            Socket::Tcp(stream) => stream.shutdown(Shutdown::Write),
            Socket::Unix(stream) => stream.shutdown(Shutdown::Write),
        }
        .expect("shut down");
        self
    }

    /// Closes with a reset.
    pub(crate) fn reset(self) {
        socket2::SockRef::from(self.stream())
            .set_linger(Some(std::time::Duration::ZERO))
            .expect("set SO_LINGER");
    }

    /// Writes until the other end takes no more. Returns how much it took.
    pub(crate) fn fill(&mut self) -> usize {
        self.set_nonblocking(true);
        let bytes = [b'x'; 65536];
        let mut sent = 0;
        let mut refused = 0;
        // Bytes go on to the next hop as long as there is room: full is what stays full.
        while refused < 20 {
            let result = match &mut self.socket {
                Socket::Tcp(stream) => stream.write(&bytes),
                Socket::Unix(stream) => stream.write(&bytes),
            };
            match result {
                Ok(n) => (sent, refused) = (sent + n, 0),
                Err(_) => {
                    refused += 1;
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
            }
        }
        self.set_nonblocking(false);
        sent
    }

    fn receive(&mut self) -> usize {
        self.try_receive().unwrap_or_else(|error| {
            let received = String::from_utf8_lossy(&self.received);
            let shown: String = received.chars().take(500).collect();
            panic!("nothing came ({error}); received and not read: {shown:?}")
        })
    }

    fn try_receive(&mut self) -> std::io::Result<usize> {
        let mut bytes = vec![0; 65536];
        let n = match &mut self.socket {
            Socket::Tcp(stream) => stream.read(&mut bytes),
            Socket::Unix(stream) => stream.read(&mut bytes),
        }?;
        self.received.extend_from_slice(&bytes[..n]);
        Ok(n)
    }

    fn set_nonblocking(&self, on: bool) {
        match &self.socket {
            Socket::Tcp(stream) => stream.set_nonblocking(on),
            Socket::Unix(stream) => stream.set_nonblocking(on),
        }
        .expect("set non-blocking");
    }
}

/// Connecting is refused now, or soon.
pub(crate) fn refuses(address: SocketAddr) {
    eventually("connections are refused", || TcpStream::connect(address).err());
}
