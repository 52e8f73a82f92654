//! Going into the background, the pid file, replacing an older process.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::PathBuf;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{ForkResult, Pid};

use super::Failure;
use crate::args::{Args, OldPidSignal};
use crate::sys::process;

/// Forks into the background. In the process that was started, which may now end, the daemon's
/// process id.
pub(super) fn detach() -> io::Result<Option<u32>> {
    if let ForkResult::Parent { child } = process::split()? {
        return Ok(Some(child.as_raw().unsigned_abs()));
    }
    nix::unistd::setsid()?;
    silence()?;
    Ok(None)
}

/// As [`detach`] for a daemon that still has to prove itself: it keeps its standard error, and gets
/// the end of a pipe to write a byte to. The process that was started gets the daemon's process id
/// once that has happened, or an error when it ended instead.
pub(super) fn detach_and_wait() -> io::Result<Waited> {
    let (read, write) = nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC)?;
    if let ForkResult::Parent { child } = process::split()? {
        drop(write);
        let mut byte = [0];
        let served = File::from(read).read(&mut byte)? == 1;
        let pid = child.as_raw().unsigned_abs();
        return Ok(if served { Waited::Serves(pid) } else { Waited::Ended });
    }
    nix::unistd::setsid()?;
    Ok(Waited::Daemon(write.into()))
}

/// The two processes after [`detach_and_wait`].
pub(super) enum Waited {
    /// In the process that was started.
    Serves(u32),
    Ended,
    /// In the daemon.
    Daemon(File),
}

/// Lets go of the terminal.
pub(super) fn silence() -> io::Result<()> {
    let null = File::options().read(true).write(true).open("/dev/null")?;
    nix::unistd::dup2_stdin(null.as_fd())?;
    nix::unistd::dup2_stdout(null.as_fd())?;
    nix::unistd::dup2_stderr(null.as_fd())?;
    Ok(())
}

pub(super) fn write_pid_file(path: Option<&PathBuf>, pid: u32) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, format!("{pid}\n"))
        .map_err(|error| Failure::new(format!("Cannot create pidfile {}: {error}", path.display())))
}

/// Ends a daemon that was just forked.
pub(super) fn give_up(pid: u32) {
    if let Ok(pid) = i32::try_from(pid) {
        // One that has ended by itself needs no telling.
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
    }
}

/// `-sf`, `-st`: tells the processes that this one takes over from.
pub(super) fn replace_old(args: &Args) {
    let Some(old) = &args.old_pids else { return };
    let signal = match old.signal {
        OldPidSignal::Finish => Signal::SIGUSR1,
        OldPidSignal::Terminate => Signal::SIGTERM,
    };
    for pid in &old.pids {
        // One that is gone already needs no telling.
        let _ = kill(Pid::from_raw(*pid), signal);
    }
}
