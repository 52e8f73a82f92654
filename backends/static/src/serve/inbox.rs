//! Bytes that arrived and were not used yet. Holds a buffer only while there are some.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;

use super::buffers::Buffers;

/// `buffer[start..end]` is unread; `buffer` is empty when nothing is.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
}

impl Inbox {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    pub(super) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// Reads more behind what is there: the bytes that came, none at the end of the stream. There
    /// must be room, that is, less unread than the buffers' size.
    pub(super) async fn fill(
        &mut self,
        stream: &mut TcpStream,
        buffers: &Buffers,
    ) -> io::Result<&[u8]> {
        let old = poll_fn(|cx| self.poll_fill(cx, stream, buffers)).await?;
        Ok(&self.buffer[old..self.end])
    }

    /// Gives the buffer back; what was unread is lost.
    pub(super) fn release(&mut self, buffers: &Buffers) {
        if !self.buffer.is_empty() {
            buffers.give_reading(std::mem::take(&mut self.buffer));
        }
        (self.start, self.end) = (0, 0);
    }

    /// Ready with where the new bytes begin. Waits without a buffer, and takes one only once the
    /// socket has something. Goes by `AsyncRead` because there a short read tells that the socket
    /// is empty, which saves the read that would only learn the same.
    fn poll_fill(
        &mut self,
        cx: &mut Context<'_>,
        stream: &mut TcpStream,
        buffers: &Buffers,
    ) -> Poll<io::Result<usize>> {
        if self.bytes().is_empty() {
            self.release(buffers);
        }
        ready!(stream.poll_read_ready(cx))?;
        self.make_room(buffers);
        let old = self.end;
        let mut space = ReadBuf::new(&mut self.buffer[old..]);
        match Pin::new(stream).poll_read(cx, &mut space) {
            Poll::Ready(result) => {
                self.end += space.filled().len();
                Poll::Ready(result.map(|()| old))
            }
            Poll::Pending => {
                if self.bytes().is_empty() {
                    self.release(buffers);
                }
                Poll::Pending
            }
        }
    }

    fn make_room(&mut self, buffers: &Buffers) {
        if self.buffer.is_empty() {
            self.buffer = buffers.take_reading();
        } else if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
    }
}
