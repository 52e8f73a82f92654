//! A descriptor that becomes readable when a process ends, so that a process id that was given to
//! someone else is never waited for.

use std::{
    io,
    os::fd::{AsFd, FromRawFd, OwnedFd, RawFd},
};

use nix::{
    errno::Errno,
    sys::wait::{Id, WaitPidFlag, WaitStatus, waitid},
    unistd::Pid,
};

/// Opens a descriptor of the process, closed on exec (Linux 5.3).
pub(crate) fn open(pid: Pid) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_open takes two integers and touches no memory of ours.
    let result = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
    let fd = Errno::result(result)? as RawFd;
    // SAFETY: the kernel has just made this descriptor for us, nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Reaps the process if it has ended; `None` while it runs.
pub(crate) fn reap(pidfd: impl AsFd) -> io::Result<Option<WaitStatus>> {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG;
    match waitid(Id::PIDFd(pidfd.as_fd()), flags)? {
        WaitStatus::StillAlive => Ok(None),
        ended => Ok(Some(ended)),
    }
}
