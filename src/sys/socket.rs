//! Options of sockets that no crate knows.

use std::io;
use std::os::fd::{AsFd, AsRawFd};

/// Puts a TCP socket into repair mode: closing it sends nothing. Needs CAP_NET_ADMIN.
pub(crate) fn enter_repair_mode(socket: &impl AsFd) -> io::Result<()> {
    let on: libc::c_int = 1;
    let size = size_of::<libc::c_int>() as libc::socklen_t;
    // SAFETY: the descriptor is open for as long as it is borrowed; the option is an int.
    let result = unsafe {
        libc::setsockopt(
            socket.as_fd().as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_REPAIR,
            (&raw const on).cast(),
            size,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
