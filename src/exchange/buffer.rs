//! Buffers of one size from a per-worker pool. An idle connection holds none.

use std::cell::RefCell;

/// A fixed buffer with a filled region. Dropping it gives its memory back to the worker's pool.
#[derive(Debug)]
pub struct Buffer {
    bytes: Box<[u8]>,
    start: usize,
    end: usize,
}

impl Buffer {
    /// An empty buffer from this worker's pool.
    #[must_use]
    pub fn take() -> Self {
        let bytes = POOL
            .with_borrow_mut(Vec::pop)
            .unwrap_or_else(|| vec![0; BUFFER_SIZE].into_boxed_slice());
        Self { bytes, start: 0, end: 0 }
    }

    /// A buffer without memory, to stand in where none is needed.
    #[must_use]
    pub fn none() -> Self {
        Self { bytes: Box::default(), start: 0, end: 0 }
    }

    /// What was received and not consumed yet.
    #[inline]
    #[must_use]
    pub fn filled(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// All bytes from the beginning of the memory, consumed ones included.
    #[inline]
    #[must_use]
    pub fn all(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    /// Where the next bytes go.
    #[inline]
    pub fn space(&mut self) -> &mut [u8] {
        &mut self.bytes[self.end..]
    }

    /// `n` bytes were written into [`space`](Self::space).
    #[inline]
    pub fn advance(&mut self, n: usize) {
        self.end += n;
        debug_assert!(self.end <= self.bytes.len());
    }

    /// The first `n` filled bytes were used.
    #[inline]
    pub fn consume(&mut self, n: usize) {
        self.start += n;
        debug_assert!(self.start <= self.end);
    }

    /// Forgets everything.
    #[inline]
    pub fn clear(&mut self) {
        self.start = 0;
        self.end = 0;
    }

    /// Moves the filled region to the beginning.
    pub fn compact(&mut self) {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
    }

    /// Appends what fits of `bytes` and returns how much that was.
    pub fn append(&mut self, bytes: &[u8]) -> usize {
        let n = bytes.len().min(self.bytes.len() - self.end);
        self.bytes[self.end..self.end + n].copy_from_slice(&bytes[..n]);
        self.end += n;
        n
    }

    /// Gives the memory behind the filled region back; what is there stays where it is.
    pub fn shrink(&mut self) {
        let bytes = self.all().into();
        *self = Self { bytes, start: self.start, end: self.end };
    }

    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    #[inline]
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.end == self.bytes.len()
    }

    /// No more bytes fit, though some may be there.
    #[must_use]
    pub fn is_full_or_none(&self) -> bool {
        self.is_full() && !self.bytes.is_empty()
    }

    /// Bytes consumed so far.
    #[inline]
    #[must_use]
    pub fn consumed(&self) -> usize {
        self.start
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.bytes.len() != BUFFER_SIZE {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        // The pool is gone while a thread ends: then the memory is simply freed.
        let _ = POOL.try_with(|pool| {
            let mut pool = pool.borrow_mut();
            if pool.len() < KEPT {
                pool.push(bytes);
            }
        });
    }
}

/// `tune.bufsize`'s default (manual, section 3.2).
pub const BUFFER_SIZE: usize = 16_384;

/// Buffers a worker keeps for later: 4 MiB.
const KEPT: usize = 256;

thread_local! {
    static POOL: RefCell<Vec<Box<[u8]>>> = const { RefCell::new(Vec::new()) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consumed_space_is_won_back_by_compacting() {
        let mut buffer = Buffer::take();
        assert_eq!(buffer.append(b"GET / HTTP/1.1"), 14);
        buffer.consume(4);
        buffer.compact();
        assert_eq!(buffer.filled(), b"/ HTTP/1.1");
        assert_eq!(buffer.space().len(), BUFFER_SIZE - 10);
        assert_eq!(buffer.append(&[b'x'; BUFFER_SIZE]), BUFFER_SIZE - 10);
        assert!(buffer.is_full());
    }

    #[test]
    fn memory_goes_back_to_the_pool() {
        let buffer = Buffer::take();
        let address = buffer.all().as_ptr();
        drop(buffer);
        assert_eq!(Buffer::take().all().as_ptr(), address);
    }
}
