//! Processes.

use nix::unistd::{ForkResult, fork};

/// Splits the process in two.
///
/// # Errors
/// The system's error.
///
/// # Panics
/// When other threads exist already: their locks would stay locked for ever in the child.
pub(crate) fn split() -> nix::Result<ForkResult> {
    assert_eq!(threads(), 1, "fork after threads were started");
    // SAFETY: no other thread exists, so the child may run any code.
    unsafe { fork() }
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count)
}
