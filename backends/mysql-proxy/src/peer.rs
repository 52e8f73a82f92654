//! One end of a session: a socket with the bytes read from it and not yet passed on.
//!
//! Apart because client and server are the same here, and because only this file reads sockets.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::buffer;
use crate::protocol::packet::{FULL, HEADER, length};

/// A client or a server.
#[derive(Debug)]
pub(crate) struct Peer {
    socket: TcpStream,
    /// Lent, or empty. Of its bytes those in `taken..filled` are pending.
    inbox: Vec<u8>,
    taken: usize,
    filled: usize,
    write_timeout: Duration,
}

/// A whole packet of the handshake.
#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) sequence: u8,
    pub(crate) payload: Vec<u8>,
}

impl Peer {
    pub(crate) fn new(socket: TcpStream, write_timeout: Duration) -> Self {
        // Without these options the session still works, only later or longer.
        let _ = socket.set_nodelay(true);
        let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE / 6);
        let _ = SockRef::from(&socket).set_tcp_keepalive(&keepalive);
        Self { socket, inbox: Vec::new(), taken: 0, filled: 0, write_timeout }
    }

    /// Bytes that were read and not yet passed on.
    pub(crate) fn pending(&self) -> &[u8] {
        &self.inbox[self.taken..self.filled]
    }

    /// The first `count` pending bytes have been passed on.
    pub(crate) fn consume(&mut self, count: usize) {
        self.taken += count;
        if self.taken >= self.filled {
            self.taken = 0;
            self.filled = 0;
        }
    }

    /// Gives the buffer back if nothing is pending.
    pub(crate) fn rest(&mut self) {
        if self.pending().is_empty() {
            buffer::give_back(std::mem::take(&mut self.inbox));
        }
    }

    /// Whether the buffer can take more without growing.
    pub(crate) fn has_room(&self) -> bool {
        self.inbox.is_empty() || self.filled < self.inbox.len()
    }

    /// Reads once. 0 bytes: the peer has closed.
    pub(crate) fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.inbox.is_empty() {
            ready!(self.socket.poll_read_ready(cx))?;
            self.inbox = buffer::lend();
        }
        self.make_room();
        let mut space = ReadBuf::new(&mut self.inbox[self.filled..]);
        ready!(Pin::new(&mut self.socket).poll_read(cx, &mut space))?;
        let count = space.filled().len();
        self.filled += count;
        Poll::Ready(Ok(count))
    }

    pub(crate) async fn fill(&mut self) -> io::Result<usize> {
        poll_fn(|cx| self.poll_fill(cx)).await
    }

    /// The next whole packet; an end of the stream is an error of kind `UnexpectedEof`.
    pub(crate) fn poll_packet(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Packet>> {
        loop {
            if let Some(packet) = self.take_packet()? {
                return Poll::Ready(Ok(packet));
            }
            if ready!(self.poll_fill(cx))? == 0 {
                return Poll::Ready(Err(ErrorKind::UnexpectedEof.into()));
            }
        }
    }

    pub(crate) async fn packet(&mut self) -> io::Result<Packet> {
        poll_fn(|cx| self.poll_packet(cx)).await
    }

    /// Sends all of `bytes`. Only if the socket does not take them at once is the clock asked.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let sent = match self.socket.try_write(bytes) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            written => written?,
        };
        if sent == bytes.len() {
            return Ok(());
        }
        let rest = self.socket.write_all(&bytes[sent..]);
        timeout(self.write_timeout, rest).await.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
    }

    /// Sends `count` of the bytes that `from` has pending, and consumes them.
    pub(crate) async fn forward(&mut self, from: &mut Self, count: usize) -> io::Result<()> {
        self.send(&from.pending()[..count]).await?;
        from.consume(count);
        Ok(())
    }

    /// Says goodbye: sends `bytes` and closes in a way that lets them arrive, even if the peer has
    /// sent something that nobody read.
    pub(crate) async fn close_with(mut self, bytes: &[u8]) {
        if self.send(bytes).await.is_err() || self.socket.shutdown().await.is_err() {
            return;
        }
        let drained = async {
            while let Ok(1..) = self.fill().await {
                self.consume(self.pending().len());
            }
        };
        // Closing with unread bytes would reset the connection and destroy what was sent.
        let _ = timeout(LINGER, drained).await;
    }

    /// Whether nothing has come, no end of the stream either.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut probe = [0; 1];
        let read = self.socket.try_read(&mut probe);
        self.pending().is_empty()
            && matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    fn take_packet(&mut self) -> io::Result<Option<Packet>> {
        let &[a, b, c, sequence, ref rest @ ..] = self.pending() else { return Ok(None) };
        let length = length([a, b, c]);
        if length == FULL || length > HANDSHAKE_LIMIT {
            let text = "a packet of the handshake is too long";
            return Err(io::Error::new(ErrorKind::InvalidData, text));
        }
        let Some(payload) = rest.get(..length) else { return Ok(None) };
        let packet = Packet { sequence, payload: payload.to_vec() };
        self.consume(HEADER + length);
        Ok(Some(packet))
    }

    /// Moves pending bytes to the front of a full buffer, or doubles it if they fill it.
    fn make_room(&mut self) {
        if self.filled < self.inbox.len() {
            return;
        }
        if self.taken > 0 {
            self.inbox.copy_within(self.taken..self.filled, 0);
            self.filled -= self.taken;
            self.taken = 0;
        } else {
            self.inbox.resize(self.inbox.len() * 2, 0);
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        buffer::give_back(std::mem::take(&mut self.inbox));
    }
}

/// The longest packet of a handshake: connection attributes may have 64 KiB.
const HANDSHAKE_LIMIT: usize = 128 * 1024;
/// When a silent peer is asked whether it still exists.
const KEEPALIVE: Duration = Duration::from_secs(60);
/// How long a refused client may take to read why.
const LINGER: Duration = Duration::from_secs(1);
