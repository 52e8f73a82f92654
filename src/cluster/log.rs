//! Lines for the operator, in the form of HAProxy's own messages. Apart from `tracing` because the
//! supervisor must never wait for whoever reads its standard error.

use std::{
    fmt::{self, Write as _},
    io::{self, Write as _},
    os::fd::AsFd,
};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Receives one line without its newline.
pub type Log = fn(Level, fmt::Arguments<'_>);

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Level {
    Notice,
    Warning,
    Alert,
}

/// `[NOTICE]   (123) : cluster : ...` on standard error; the line is dropped if that would block.
pub fn to_stderr(level: Level, line: fmt::Arguments<'_>) {
    let tag = match level {
        Level::Notice => "[NOTICE]  ",
        Level::Warning => "[WARNING] ",
        Level::Alert => "[ALERT]   ",
    };
    let mut text = String::with_capacity(160);
    let written = writeln!(text, "{tag} ({}) : cluster : {line}", std::process::id());
    let stderr = io::stderr();
    let mut asked = [PollFd::new(stderr.as_fd(), PollFlags::POLLOUT)];
    let writable = matches!(poll(&mut asked, PollTimeout::ZERO), Ok(1))
        && asked[0].revents().is_some_and(|events| events.contains(PollFlags::POLLOUT));
    if written.is_ok() && writable {
        // Nobody is left to be told that this failed.
        let _ = stderr.lock().write_all(text.as_bytes());
    }
}
