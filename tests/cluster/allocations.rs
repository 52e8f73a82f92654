//! An allocator that counts, so that a node can be seen not to allocate in steady state.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicU64, Ordering},
};

struct Counting;

// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// How often memory was asked for, reallocation included.
pub(crate) fn count() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
static COUNT: AtomicU64 = AtomicU64::new(0);
