//! Read buffers, lent while bytes are under way.
//!
//! Apart because an idle session must hold none: with thousands of connections from application
//! pools, nearly all are idle at any time.

use std::cell::RefCell;

/// Bytes of a lent buffer: large enough for large writes.
const SIZE: usize = 32 * 1024;
/// Spare buffers that a worker keeps.
const SPARE: usize = 64;

thread_local! {
    static FREE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of [`SIZE`] bytes with any content.
pub(crate) fn lend() -> Vec<u8> {
    FREE.with_borrow_mut(Vec::pop).unwrap_or_else(|| vec![0; SIZE])
}

/// Takes a buffer back. One that had to grow is freed.
pub(crate) fn give_back(buffer: Vec<u8>) {
    if buffer.len() != SIZE {
        return;
    }
    FREE.with_borrow_mut(|free| {
        if free.len() < SPARE {
            free.push(buffer);
        }
    });
}
