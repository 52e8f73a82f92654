//! A connected socket of either kind, and the few ways it is used.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

use crate::exchange::Buffer;
use crate::time::{Elapsed, Timer};

/// A connected stream socket.
#[derive(Debug)]
pub enum Io {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Io {
    /// Reads into the space of `buffer`. Zero is the end of the stream.
    ///
    /// One receive per call: a read that does not fill the buffer tells the runtime that nothing
    /// is left, so no second one is needed to learn that.
    #[inline]
    pub fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Buffer,
    ) -> Poll<io::Result<usize>> {
        let mut space = ReadBuf::new(buffer.space());
        ready!(match self {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, &mut space),
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, &mut space),
        })?;
        let n = space.filled().len();
        buffer.advance(n);
        Poll::Ready(Ok(n))
    }

    #[inline]
    pub fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    #[inline]
    pub fn poll_write_vectored(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, bytes),
            Self::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, bytes),
        }
    }

    /// Ready when there is something to read, or the end was reached.
    #[inline]
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => stream.poll_read_ready(cx),
            Self::Unix(stream) => stream.poll_read_ready(cx),
        }
    }

    #[inline]
    pub fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => stream.poll_write_ready(cx),
            Self::Unix(stream) => stream.poll_write_ready(cx),
        }
    }

    /// Runs a system call that reads (or writes); "would block" clears the readiness.
    pub fn try_io<T>(
        &self,
        interest: Interest,
        call: impl FnOnce(BorrowedFd<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        match self {
            Self::Tcp(stream) => stream.try_io(interest, || call(stream.as_fd())),
            Self::Unix(stream) => stream.try_io(interest, || call(stream.as_fd())),
        }
    }

    /// Sends a FIN.
    pub fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    /// Closing will send nothing that the client could see, as far as the system allows it: in
    /// repair mode nothing at all (which needs CAP_NET_ADMIN), otherwise a RST that dies at the
    /// first router.
    pub fn vanish(&self) {
        if let Self::Tcp(stream) = self {
            if crate::sys::enter_repair_mode(stream).is_ok() {
                return;
            }
            let socket = socket2::SockRef::from(stream);
            let _ = socket.set_ttl_v4(1);
            let _ = socket.set_unicast_hops_v6(1);
            self.reset_on_close();
        }
    }

    /// Closing will send a RST instead of a FIN.
    pub fn reset_on_close(&self) {
        if let Self::Tcp(stream) = self {
            let _ = socket2::SockRef::from(stream).set_linger(Some(std::time::Duration::ZERO));
        }
    }
}

/// Writes everything, until `deadline_ms`.
///
/// # Errors
/// `TimedOut` when the deadline passes first; otherwise the socket's error.
pub async fn write_all(
    io: &mut Io,
    mut bytes: &[u8],
    timer: &Timer,
    deadline_ms: u64,
) -> io::Result<()> {
    while !bytes.is_empty() {
        let n = timer.bound(deadline_ms, |cx| io.poll_write(cx, bytes)).await??;
        bytes = &bytes[n..];
    }
    Ok(())
}

/// Writes `first` and then `second` in as few system calls as the socket allows. A short
/// `second` is appended to `first`: copying it costs less than a vectored write.
///
/// # Errors
/// As [`write_all`].
pub async fn write_both(
    io: &mut Io,
    first: &mut Vec<u8>,
    second: &[u8],
    timer: &Timer,
    deadline_ms: u64,
) -> io::Result<()> {
    if second.len() <= COPIED {
        first.extend_from_slice(second);
        return write_all(io, first, timer, deadline_ms).await;
    }
    let slices = [IoSlice::new(first), IoSlice::new(second)];
    let n = timer.bound(deadline_ms, |cx| io.poll_write_vectored(cx, &slices)).await??;
    if n < first.len() {
        write_all(io, &first[n..], timer, deadline_ms).await?;
        write_all(io, second, timer, deadline_ms).await
    } else {
        write_all(io, &second[n - first.len()..], timer, deadline_ms).await
    }
}

/// Up to this many bytes are copied behind a head.
const COPIED: usize = 2048;

/// Whether an idle connection was closed, or sent something that nobody asked for. Costs a
/// system call only if the runtime saw an event.
pub fn peek_closed(io: &Io) -> bool {
    !matches!(peek(io), Peeked::Nothing)
}

/// What stands next in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peeked {
    Nothing,
    Bytes,
    /// Its end, in order.
    End,
    /// The connection broke.
    Reset,
}

/// Looks at what stands next without taking it.
fn peek(io: &Io) -> Peeked {
    let mut byte = [0];
    let peeked = io.try_io(Interest::READABLE, |fd| {
        nix::sys::socket::recv(
            std::os::fd::AsRawFd::as_raw_fd(&fd),
            &mut byte,
            nix::sys::socket::MsgFlags::MSG_PEEK | nix::sys::socket::MsgFlags::MSG_DONTWAIT,
        )
        .map_err(io::Error::from)
    });
    match peeked {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Peeked::Nothing,
        Ok(0) => Peeked::End,
        Ok(_) => Peeked::Bytes,
        Err(_) => Peeked::Reset,
    }
}

/// What stands next in a stream that nobody reads from now. Wakes the task when that changes.
pub fn poll_peek(io: &Io, cx: &mut Context<'_>) -> Peeked {
    // Looking clears a readiness that is none: ask again, to be woken.
    while io.poll_read_ready(cx).is_ready() {
        match peek(io) {
            Peeked::Nothing => {}
            something => return something,
        }
    }
    Peeked::Nothing
}

/// Waits until there is something to read or the end is reached, without holding a buffer.
pub async fn readable(io: &Io) -> io::Result<()> {
    poll_fn(|cx| io.poll_read_ready(cx)).await
}

impl From<Elapsed> for io::Error {
    fn from(_: Elapsed) -> Self {
        io::ErrorKind::TimedOut.into()
    }
}
