//! File descriptors that came from outside.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

/// A duplicate of an inherited descriptor.
///
/// # Errors
/// The number is no open descriptor.
pub(crate) fn inherit(fd: i32) -> io::Result<OwnedFd> {
    if fd < 0 || nix::fcntl::fcntl(borrow(fd), nix::fcntl::FcntlArg::F_GETFD).is_err() {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    borrow(fd).try_clone_to_owned()
}

fn borrow<'a>(fd: i32) -> BorrowedFd<'a> {
    // SAFETY: the number is not negative where this is called with effect; the borrow lasts for
    // one system call, which answers EBADF for a number that is not open.
    unsafe { BorrowedFd::borrow_raw(fd.max(0)) }
}
