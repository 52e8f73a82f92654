//! `--cluster`: the process that was started becomes the supervisor of the cluster module, and the
//! proxy is this program again as its child. Starting it anew, not forking, so that the proxy has
//! nothing of the supervisor's: no sockets, no real-time class. Rights it gives up by `user` and
//! `group`, as always.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::unistd::Pid;

use super::Failure;
use crate::cluster::{self, Child, Settings};
use crate::sys::fd;

/// The child's end: tells the supervisor that the proxy listens.
#[derive(Debug)]
pub(super) struct Readiness(Option<File>);

impl Readiness {
    /// Takes up the connection to the supervisor, if this process was started by one.
    pub(super) fn of_environment() -> Result<Self, Failure> {
        let Some(value) = std::env::var_os(VARIABLE) else { return Ok(Self(None)) };
        let value = value.to_string_lossy();
        let numbers = value
            .split_once(':')
            .and_then(|(pid, ready)| Some((pid.parse::<i32>().ok()?, ready.parse::<i32>().ok()?)));
        let (supervisor, ready) = numbers
            .ok_or_else(|| Failure::new(format!("{VARIABLE} is set, but not by evenkeel")))?;
        cluster::follow_supervisor(Pid::from_raw(supervisor))
            .map_err(|error| Failure::new(format!("cannot follow the supervisor: {error}")))?;
        let ready = fd::inherit(ready)
            .map_err(|error| Failure::new(format!("no pipe to the supervisor: {error}")))?;
        Ok(Self(Some(ready.into())))
    }

    pub(super) fn is_supervised(&self) -> bool {
        self.0.is_some()
    }

    /// The request to be killed with the supervisor is forgotten when the user changes.
    pub(super) fn follow_again(&self) -> Result<(), Failure> {
        if self.is_supervised() {
            nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)
                .map_err(|error| Failure::new(format!("cannot follow the supervisor: {error}")))?;
        }
        Ok(())
    }

    /// The proxy listens: the node may take part in elections.
    pub(super) fn announce(&mut self) {
        if let Some(pipe) = &mut self.0 {
            // A supervisor that is gone has taken this process with it.
            let _ = pipe.write_all(b"1");
        }
    }
}

/// Reads the cluster's settings.
pub(super) fn settings(path: &Path) -> Result<Settings, Failure> {
    Settings::load(path).map_err(|error| Failure::new(format!("cluster : {error}")))
}

/// Supervises the proxy until it has ended for good.
pub(super) fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("cluster : {error}"));
    let child = start_proxy().map_err(|error| failed(&error))?;
    let status = cluster::supervise(settings, child, &mut start_proxy, cluster::log::to_stderr)
        .map_err(|error| failed(&error))?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or_else(|| ExitCode::from(128 + signal_of(status) as u8), ExitCode::from))
}

fn signal_of(status: std::process::ExitStatus) -> i32 {
    std::os::unix::process::ExitStatusExt::signal(&status).unwrap_or(0)
}

/// This program again, with the same arguments and a pipe to say that it listens.
fn start_proxy() -> io::Result<Child> {
    let (read, write) = nix::unistd::pipe()?;
    fcntl(&read, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    let program = std::env::current_exe()?;
    let mut words = std::env::args_os();
    let name = words.next().unwrap_or_else(|| program.clone().into());
    let child = Command::new(program)
        // The name it was started with: `haproxy`, it may be.
        .arg0(name)
        .args(words)
        .env(VARIABLE, format!("{}:{}", std::process::id(), write.as_raw_fd()))
        .spawn()?;
    drop(write);
    let pid = i32::try_from(child.id()).map_err(io::Error::other)?;
    Child::new(Pid::from_raw(pid), read)
}

/// `pid:descriptor` of the supervisor and its pipe.
pub(super) const VARIABLE: &str = "EVENKEEL_SUPERVISED";
