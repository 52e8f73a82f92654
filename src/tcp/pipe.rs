//! Pipes for splice(2), pooled per worker: bytes go from socket to socket without passing
//! through the process.

use std::cell::RefCell;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use nix::fcntl::{OFlag, SpliceFFlags};

/// A pipe, and how many bytes are in it.
#[derive(Debug)]
pub(super) struct Pipe {
    read: OwnedFd,
    write: OwnedFd,
    inside: usize,
}

impl Pipe {
    /// A pipe from this worker's pool.
    pub(super) fn take() -> io::Result<Self> {
        if let Some(pipe) = POOL.with_borrow_mut(Vec::pop) {
            return Ok(pipe);
        }
        let (read, write) = nix::unistd::pipe2(OFlag::O_NONBLOCK | OFlag::O_CLOEXEC)?;
        // Larger than the default of 64 kB; refusal by the system's limit does no harm.
        let _ = nix::fcntl::fcntl(&write, nix::fcntl::FcntlArg::F_SETPIPE_SZ(SIZE as i32));
        Ok(Self { read, write, inside: 0 })
    }

    /// Gives an empty pipe back; one that still holds bytes is closed.
    pub(super) fn give_back(self) {
        if self.inside == 0 {
            POOL.with_borrow_mut(|pool| {
                if pool.len() < KEPT {
                    pool.push(self);
                }
            });
        }
    }

    pub(super) fn inside(&self) -> usize {
        self.inside
    }

    /// Moves at most `limit` bytes from a socket into the pipe. Zero is the end of the stream.
    pub(super) fn fill(&mut self, from: BorrowedFd<'_>, limit: usize) -> io::Result<usize> {
        let n = splice(from, std::os::fd::AsFd::as_fd(&self.write), limit.min(SIZE))?;
        self.inside += n;
        Ok(n)
    }

    /// Moves what is inside to a socket.
    pub(super) fn drain(&mut self, to: BorrowedFd<'_>) -> io::Result<usize> {
        let n = splice(std::os::fd::AsFd::as_fd(&self.read), to, self.inside)?;
        self.inside -= n;
        Ok(n)
    }
}

fn splice(from: BorrowedFd<'_>, to: BorrowedFd<'_>, length: usize) -> io::Result<usize> {
    let flags = SpliceFFlags::SPLICE_F_MOVE | SpliceFFlags::SPLICE_F_NONBLOCK;
    Ok(nix::fcntl::splice(from, None, to, None, length, flags)?)
}

/// Bytes a pipe may hold.
const SIZE: usize = 1 << 18;

/// Pipes a worker keeps for later.
const KEPT: usize = 64;

thread_local! {
    static POOL: RefCell<Vec<Pipe>> = const { RefCell::new(Vec::new()) };
}
