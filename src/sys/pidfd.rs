//! A descriptor that stands for a process and becomes readable when that ends, so that a process id
//! that was given to someone else is never waited for or signalled.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd},
    ptr,
};

use nix::{
    errno::Errno,
    sys::{
        signal::Signal,
        wait::{Id, WaitPidFlag, WaitStatus, waitid},
    },
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

/// Fails with ESRCH once the process was reaped (Linux 5.1).
pub(crate) fn signal(pidfd: impl AsFd, signal: Signal) -> io::Result<()> {
    let fd = pidfd.as_fd().as_raw_fd();
    let no_info = ptr::null::<libc::siginfo_t>();
    // SAFETY: the kernel takes a null siginfo for an ordinary signal, and reads nothing else of ours.
    let result = unsafe {
        libc::syscall(libc::SYS_pidfd_send_signal, fd, signal as libc::c_int, no_info, 0)
    };
    Errno::result(result)?;
    Ok(())
}

/// Reaps the process if it has ended; `None` while it runs.
pub(crate) fn reap(pidfd: impl AsFd) -> io::Result<Option<WaitStatus>> {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG;
    match waitid(Id::PIDFd(pidfd.as_fd()), flags)? {
        WaitStatus::StillAlive => Ok(None),
        ended => Ok(Some(ended)),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    #[expect(clippy::zombie_processes, reason = "reaped through the descriptor")]
    fn a_reaped_process_is_out_of_reach() {
        let child = Command::new("sleep").arg("60").spawn().unwrap();
        let pidfd = open(Pid::from_raw(child.id().cast_signed())).unwrap();
        assert!(reap(&pidfd).unwrap().is_none());
        signal(&pidfd, Signal::SIGKILL).unwrap();
        let ended = loop {
            if let Some(ended) = reap(&pidfd).unwrap() {
                break ended;
            }
        };
        assert!(matches!(ended, WaitStatus::Signaled(_, Signal::SIGKILL, _)));
        let error = signal(&pidfd, Signal::SIGKILL).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ESRCH));
    }
}
