//! Buffers that connections of one worker lend each other: whoever waits for a request holds none.

use std::cell::RefCell;

/// Free buffers, for reading (of one fixed size) and for writing.
#[derive(Debug)]
pub(super) struct Buffers {
    size: usize,
    reading: RefCell<Vec<Box<[u8]>>>,
    writing: RefCell<Vec<Vec<u8>>>,
}

impl Buffers {
    /// `size` is that of a buffer for reading, in bytes.
    pub(super) fn new(size: usize) -> Self {
        Self { size, reading: RefCell::default(), writing: RefCell::default() }
    }

    pub(super) fn take_reading(&self) -> Box<[u8]> {
        let spare = self.reading.borrow_mut().pop();
        spare.unwrap_or_else(|| vec![0; self.size].into_boxed_slice())
    }

    pub(super) fn give_reading(&self, buffer: Box<[u8]>) {
        let mut spare = self.reading.borrow_mut();
        if buffer.len() == self.size && spare.len() < MOST_SPARE {
            spare.push(buffer);
        }
    }

    pub(super) fn take_writing(&self) -> Vec<u8> {
        self.writing.borrow_mut().pop().unwrap_or_default()
    }

    pub(super) fn give_writing(&self, mut buffer: Vec<u8>) {
        let mut spare = self.writing.borrow_mut();
        if buffer.capacity() <= LARGEST_SPARE && spare.len() < MOST_SPARE {
            buffer.clear();
            spare.push(buffer);
        }
    }
}

/// After a burst the rest goes back to the allocator.
const MOST_SPARE: usize = 64;
const LARGEST_SPARE: usize = 128 << 10;
