//! Being scheduled before everything else, and never waiting for a page.

use std::io;

use nix::{
    errno::Errno,
    sys::mman::{MlockAllFlags, mlockall},
};

/// Gives the calling thread the round-robin class with `priority` (1 to 99). Children start in the
/// ordinary class. No RLIMIT_RTTIME is set: that limit ends a busy but healthy process.
pub(crate) fn round_robin(priority: u8) -> io::Result<()> {
    let param = libc::sched_param { sched_priority: priority.into() };
    let policy = libc::SCHED_RR | libc::SCHED_RESET_ON_FORK;
    // SAFETY: `param` outlives the call, which only reads it; 0 is the calling thread.
    Errno::result(unsafe { libc::sched_setscheduler(0, policy, &raw const param) })?;
    Ok(())
}

/// Keeps every page that was touched once in memory. Children do not inherit it.
pub(crate) fn lock_memory() -> io::Result<()> {
    let on_fault = MlockAllFlags::from_bits_retain(libc::MCL_ONFAULT);
    Ok(mlockall(MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE | on_fault)?)
}
