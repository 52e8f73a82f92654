//! One direction of a transfer: reads from one socket, writes to the other, knows where it ends.
//!
//! Bytes go through a pooled buffer that is held only while it has something in it. Where nobody
//! looks at them and they come in full buffers, the pump changes over to splice(2).

use std::io;
use std::task::{Context, Poll, ready};

use tokio::io::Interest;

use super::io::Io;
use super::pipe::Pipe;
use crate::exchange::{Buffer, Framing};
use crate::http::h1::{ChunkScanner, Scanned};

/// A transfer in one direction.
#[derive(Debug)]
pub struct Pump {
    limit: Limit,
    buffer: Buffer,
    /// How many of the buffered bytes are known to belong to the transfer.
    ready: usize,
    pipe: Option<Pipe>,
    /// Full reads in a row.
    full_reads: u8,
    may_splice: bool,
    waits_for: Side,
    moved: u64,
    spliced: u64,
}

/// Where a transfer ends.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// After this many more bytes.
    Length(u64),
    /// After the last chunk.
    Chunked(ChunkScanner),
    /// With the stream.
    UntilClose,
    /// Reading is over; what is buffered must still leave.
    Over,
}

/// Whom a pump waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Source,
    Sink,
}

/// Why a transfer broke off.
#[derive(Debug)]
pub enum PumpError {
    /// The source ended before the transfer did.
    Truncated,
    Source(io::Error),
    Sink(io::Error),
    /// The chunked coding is broken.
    Coding,
}

impl Pump {
    /// A transfer that ends as `framing` says.
    #[must_use]
    pub fn new(framing: Framing) -> Self {
        Self {
            limit: match framing {
                Framing::Empty => Limit::Over,
                Framing::Length(n) => Limit::Length(n),
                Framing::Chunked => Limit::Chunked(ChunkScanner::new()),
                Framing::UntilClose | Framing::Tunnel => Limit::UntilClose,
            },
            buffer: Buffer::none(),
            ready: 0,
            pipe: None,
            full_reads: 0,
            may_splice: !matches!(framing, Framing::Chunked),
            waits_for: Side::Source,
            moved: 0,
            spliced: 0,
        }
    }

    /// Counts `bytes`, which came with the head, as read. Returns how many of them belong to the
    /// transfer; the caller sends those itself.
    ///
    /// # Errors
    /// [`PumpError::Coding`].
    pub fn accept(&mut self, bytes: &[u8]) -> Result<usize, PumpError> {
        let n = self.measure(bytes)?;
        self.moved += n as u64;
        Ok(n)
    }

    /// Takes over a buffer with bytes that were read before the transfer began.
    pub fn begin_with(&mut self, buffer: Buffer) {
        self.ready = buffer.filled().len();
        self.buffer = buffer;
    }

    /// Everything was read and written.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.limit, Limit::Over)
            && self.ready == 0
            && self.pipe.as_ref().is_none_or(|pipe| pipe.inside() == 0)
    }

    /// Whom the last pending poll waits for.
    #[must_use]
    pub fn waits_for(&self) -> Side {
        self.waits_for
    }

    /// Bytes transferred so far.
    #[must_use]
    pub fn moved(&self) -> u64 {
        self.moved
    }

    /// Of these, bytes that never entered the process.
    #[must_use]
    pub fn spliced(&self) -> u64 {
        self.spliced
    }

    /// Bytes that were read beyond the end: the next message's.
    #[must_use]
    pub fn leftover(&mut self) -> Buffer {
        debug_assert!(self.ready == 0);
        std::mem::replace(&mut self.buffer, Buffer::none())
    }

    /// Carries on until the transfer is over or must wait.
    ///
    /// # Errors
    /// See [`PumpError`].
    pub fn poll(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Io,
        to: &mut Io,
    ) -> Poll<Result<(), PumpError>> {
        loop {
            if self.pipe.is_some() {
                ready!(self.poll_splice(cx, from, to))?;
                return Poll::Ready(Ok(()));
            }
            while self.ready > 0 {
                self.waits_for = Side::Sink;
                let bytes = &self.buffer.filled()[..self.ready];
                let n = ready!(to.poll_write(cx, bytes)).map_err(PumpError::Sink)?;
                self.buffer.consume(n);
                self.ready -= n;
                self.moved += n as u64;
            }
            if matches!(self.limit, Limit::Over) {
                return Poll::Ready(Ok(()));
            }
            ready!(self.poll_fill(cx, from))?;
        }
    }

    fn poll_fill(&mut self, cx: &mut Context<'_>, from: &mut Io) -> Poll<Result<(), PumpError>> {
        self.waits_for = Side::Source;
        if self.buffer.is_empty() {
            // A transfer that waits holds no buffer.
            if from.poll_read_ready(cx).is_pending() {
                self.buffer = Buffer::none();
                return Poll::Pending;
            }
            if self.buffer.space().is_empty() {
                self.buffer = Buffer::take();
            }
        }
        self.buffer.clear();
        let n = ready!(from.poll_read(cx, &mut self.buffer)).map_err(PumpError::Source)?;
        if n == 0 {
            return Poll::Ready(self.source_ended());
        }
        let filled = std::mem::replace(&mut self.buffer, Buffer::none());
        let measured = self.measure(filled.filled());
        self.full_reads = if filled.is_full() { self.full_reads.saturating_add(1) } else { 0 };
        self.buffer = filled;
        self.ready = measured?;
        if self.full_reads >= FULL_READS && self.may_splice && self.remaining() > SPLICE_FROM {
            self.pipe = Pipe::take().ok();
            // Without a pipe (no descriptors left) copying goes on as before.
            self.may_splice = self.pipe.is_some();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_splice(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Io,
        to: &mut Io,
    ) -> Poll<Result<(), PumpError>> {
        // What was copied last leaves first.
        while self.ready > 0 {
            self.waits_for = Side::Sink;
            let bytes = &self.buffer.filled()[..self.ready];
            let n = ready!(to.poll_write(cx, bytes)).map_err(PumpError::Sink)?;
            self.buffer.consume(n);
            self.ready -= n;
            self.moved += n as u64;
        }
        self.buffer = Buffer::none();
        let Some(mut pipe) = self.pipe.take() else { return Poll::Ready(Ok(())) };
        let result = self.splice_through(cx, &mut pipe, from, to);
        if matches!(result, Poll::Ready(Ok(()))) {
            pipe.give_back();
        } else {
            self.pipe = Some(pipe);
        }
        result
    }

    fn splice_through(
        &mut self,
        cx: &mut Context<'_>,
        pipe: &mut Pipe,
        from: &mut Io,
        to: &mut Io,
    ) -> Poll<Result<(), PumpError>> {
        loop {
            while pipe.inside() > 0 {
                self.waits_for = Side::Sink;
                ready!(to.poll_write_ready(cx)).map_err(PumpError::Sink)?;
                match to.try_io(Interest::WRITABLE, |fd| pipe.drain(fd)) {
                    Ok(n) => {
                        self.moved += n as u64;
                        self.spliced += n as u64;
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Poll::Ready(Err(PumpError::Sink(error))),
                }
            }
            if matches!(self.limit, Limit::Over) {
                return Poll::Ready(Ok(()));
            }
            self.waits_for = Side::Source;
            ready!(from.poll_read_ready(cx)).map_err(PumpError::Source)?;
            let limit = usize::try_from(self.remaining()).unwrap_or(usize::MAX);
            match from.try_io(Interest::READABLE, |fd| pipe.fill(fd, limit)) {
                Ok(0) => self.source_ended()?,
                Ok(n) => self.subtract(n as u64),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(PumpError::Source(error))),
            }
        }
    }

    fn source_ended(&mut self) -> Result<(), PumpError> {
        match self.limit {
            Limit::UntilClose | Limit::Over => {
                self.limit = Limit::Over;
                Ok(())
            }
            Limit::Length(_) | Limit::Chunked(_) => Err(PumpError::Truncated),
        }
    }

    fn remaining(&self) -> u64 {
        match self.limit {
            Limit::Length(n) => n,
            Limit::UntilClose => u64::MAX,
            Limit::Chunked(_) | Limit::Over => 0,
        }
    }

    fn subtract(&mut self, n: u64) {
        if let Limit::Length(left) = &mut self.limit {
            *left = left.saturating_sub(n);
            if *left == 0 {
                self.limit = Limit::Over;
            }
        }
    }

    /// How many of `bytes` belong to the transfer.
    fn measure(&mut self, bytes: &[u8]) -> Result<usize, PumpError> {
        match &mut self.limit {
            Limit::Over => Ok(0),
            Limit::UntilClose => Ok(bytes.len()),
            Limit::Length(left) => {
                let n = (*left).min(bytes.len() as u64);
                self.subtract(n);
                Ok(n as usize)
            }
            Limit::Chunked(scanner) => match scanner.scan(bytes) {
                Ok(Scanned::More) => Ok(bytes.len()),
                Ok(Scanned::Done(n)) => {
                    self.limit = Limit::Over;
                    Ok(n)
                }
                Err(_) => Err(PumpError::Coding),
            },
        }
    }
}

/// Full buffers in a row after which splicing is worth a pipe.
const FULL_READS: u8 = 2;

/// Bytes that must still be to come.
const SPLICE_FROM: u64 = 65_536;
