//! Programs started from a process that takes its signals from a descriptor.

use std::{os::unix::process::CommandExt, process::Command};

use nix::sys::signal::SigSet;

/// Lets the program start with no signal blocked: it would inherit the mask, and never end on
/// SIGTERM.
pub(crate) fn unblock_signals(command: &mut Command) -> &mut Command {
    let unblock = || Ok(SigSet::all().thread_unblock()?);
    // SAFETY: between fork and exec this only changes the signal mask, which allocates nothing and
    // takes no lock.
    unsafe { command.pre_exec(unblock) }
}
