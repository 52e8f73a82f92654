//! The two sides of the fork: how the supervisor sees the proxy, and how the proxy follows its
//! supervisor.

use std::{
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd, RawFd},
        unix::process::ExitStatusExt,
    },
    process::ExitStatus,
    sync::{Mutex, PoisonError},
};

use nix::{
    errno::Errno,
    fcntl::{FcntlArg, OFlag, fcntl},
    sys::{
        prctl::set_pdeathsig,
        signal::{SigSet, Signal, kill},
        wait::WaitStatus,
    },
    unistd::{Pid, close, getppid, read},
};

use crate::sys::pidfd;

/// The proxy process.
#[derive(Debug)]
pub struct Child {
    pid: Pid,
    pidfd: OwnedFd,
    ready: Option<OwnedFd>,
}

/// What the proxy said last.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    Listening,
    Withdrawn,
    /// Nothing more will be said.
    Closed,
}

impl Child {
    /// `pid` is a child of the calling process, `ready` the reading end of a pipe. The child writes
    /// one byte once it listens; later it may write `0` to withdraw from the election, and any other
    /// byte to take part again.
    pub fn new(pid: Pid, ready: OwnedFd) -> io::Result<Self> {
        fcntl(&ready, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Self { pid, pidfd: pidfd::open(pid)?, ready: Some(ready) })
    }

    pub const fn pid(&self) -> Pid {
        self.pid
    }

    /// The child is reaped only by us, so its process id cannot be anybody else's.
    pub(crate) fn signal(&self, signal: Signal) {
        let _ = kill(self.pid, signal);
    }

    /// Its status, once it has ended.
    pub(crate) fn reap(&self) -> io::Result<Option<ExitStatus>> {
        Ok(pidfd::reap(&self.pidfd)?.and_then(exit_status))
    }

    /// Reads what the child wrote; `None` when nothing new was said.
    pub(crate) fn readiness(&mut self) -> Option<Readiness> {
        let ready = self.ready.as_ref()?;
        let mut bytes = [0; 64];
        match read(ready, &mut bytes) {
            Ok(0) => Some(Readiness::Closed),
            Ok(length) if bytes[length - 1] == WITHDRAW => Some(Readiness::Withdrawn),
            Ok(_) => Some(Readiness::Listening),
            Err(Errno::EAGAIN | Errno::EINTR) => None,
            Err(_) => Some(Readiness::Closed),
        }
    }

    pub(crate) fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    pub(crate) const fn take_ready(&mut self) -> Option<OwnedFd> {
        self.ready.take()
    }

    pub(crate) fn ready(&self) -> Option<BorrowedFd<'_>> {
        self.ready.as_ref().map(AsFd::as_fd)
    }
}

/// Called in the forked child, first thing and again after it changed its user, since the kernel
/// forgets the request then. From here on the child is killed when `supervisor` dies: a proxy whose
/// addresses nobody looks after must not go on serving. Also closes the supervisor's own
/// descriptors, if it was forked by a restart without exec, and unblocks all signals.
///
/// The supervisor must be allowed to signal the child: it needs CAP_KILL if their users differ.
pub fn follow_supervisor(supervisor: Pid) -> io::Result<()> {
    for fd in keep_private(Vec::new()) {
        let _ = close(fd);
    }
    SigSet::all().thread_unblock()?;
    set_pdeathsig(Signal::SIGKILL)?;
    // It may have died before it could be followed.
    if getppid() != supervisor {
        return Err(io::Error::other("the supervisor is gone"));
    }
    Ok(())
}

/// Replaces the list of descriptors that [`follow_supervisor`] closes, and gives the earlier one.
pub(crate) fn keep_private(descriptors: Vec<RawFd>) -> Vec<RawFd> {
    let mut list = PRIVATE.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut list, descriptors)
}

fn exit_status(status: WaitStatus) -> Option<ExitStatus> {
    match status {
        WaitStatus::Exited(_, code) => Some(ExitStatus::from_raw(code << 8)),
        WaitStatus::Signaled(_, signal, _) => Some(ExitStatus::from_raw(signal as i32)),
        _ => None,
    }
}

static PRIVATE: Mutex<Vec<RawFd>> = Mutex::new(Vec::new());

const WITHDRAW: u8 = b'0';
