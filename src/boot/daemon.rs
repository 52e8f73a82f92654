//! Going into the background, the pid file, replacing an older process.

use std::fs::File;
use std::io;
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
    let null = File::options().read(true).write(true).open("/dev/null")?;
    nix::unistd::dup2_stdin(null.as_fd())?;
    nix::unistd::dup2_stdout(null.as_fd())?;
    nix::unistd::dup2_stderr(null.as_fd())?;
    Ok(None)
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
