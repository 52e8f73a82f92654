//! A worker process as its master sees it, and how it is started: this program again, with the same
//! arguments, so that a reload begins with the files and the program as they are then.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::boot::{channel, mastered, supervised};
use crate::sys::{command, handover};

/// ```text
/// Loading -> Current -> Old -> ended
///    +-> ended: the reload failed
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Loading,
    Current,
    /// It was told to stop.
    Old,
}

#[derive(Debug)]
pub(super) struct Worker {
    pub(super) pid: Pid,
    pub(super) stage: Stage,
    pub(super) started: Instant,
    /// Reloads since it was started.
    pub(super) reloads: u32,
    pub(super) channel: Arc<OwnedFd>,
}

impl Worker {
    /// One that has ended needs no telling; its process id is not given away before it is reaped.
    pub(super) fn signal(&self, signal: Signal) {
        let _ = kill(self.pid, signal);
    }

    /// Its status as a shell gives it, and in words, once it has ended.
    pub(super) fn reap(&self) -> Option<(u8, String)> {
        match waitpid(self.pid, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(_, code)) => {
                let code = u8::try_from(code).unwrap_or(u8::MAX);
                let word = match code {
                    143 => "Terminated",
                    130 => "Interrupt",
                    _ => "Exit",
                };
                Some((code, format!("{code} ({word})")))
            }
            Ok(WaitStatus::Signaled(_, signal, _)) => {
                let code = 128 + signal as u8;
                let word = match signal {
                    Signal::SIGKILL => "Killed",
                    Signal::SIGTERM => "Terminated",
                    Signal::SIGINT => "Interrupt",
                    Signal::SIGSEGV => "Segmentation fault",
                    Signal::SIGABRT => "Aborted",
                    other => other.as_str(),
                };
                Some((code, format!("{code} ({word})")))
            }
            _ => None,
        }
    }
}

/// How this program was started.
#[derive(Debug)]
pub(in crate::boot) struct Invocation {
    program: PathBuf,
    name: OsString,
    arguments: Vec<OsString>,
    /// Before `-C`.
    directory: PathBuf,
}

impl Invocation {
    /// To be called before the directory changes. A program that is replaced later by another file
    /// of its name is that other one.
    pub(in crate::boot) fn of_process() -> io::Result<Self> {
        let mut words = std::env::args_os();
        let name = words.next().unwrap_or_else(|| "evenkeel".into());
        Ok(Self {
            program: std::env::current_exe()?,
            name,
            arguments: words.collect(),
            directory: std::env::current_dir()?,
        })
    }

    /// Starts a worker and gives it the sockets that were listened on so far.
    pub(super) fn start(
        &self,
        listeners: &mastered::Listeners,
        is_clustered: bool,
        master_cli: Option<&str>,
    ) -> io::Result<Worker> {
        let (own, other) = handover::pair()?;
        fcntl(&other, FcntlArg::F_SETFD(FdFlag::empty()))?;
        let clustered = u8::from(is_clustered);
        let channel = format!("{}:{}:{clustered}", std::process::id(), other.as_raw_fd());
        let mut command = Command::new(&self.program);
        command
            .arg0(&self.name)
            .args(&self.arguments)
            .current_dir(&self.directory)
            .env(mastered::VARIABLE, channel)
            .env_remove(supervised::VARIABLE)
            .env("HAPROXY_MWORKER", "1");
        if let Some(address) = master_cli {
            command.env("HAPROXY_MASTER_CLI", address);
        }
        #[expect(clippy::zombie_processes, reason = "reaped by its process id")]
        let child = command::unblock_signals(&mut command).spawn()?;
        drop(other);
        let pid = i32::try_from(child.id()).map_err(io::Error::other)?;
        let worker = Worker {
            pid: Pid::from_raw(pid),
            stage: Stage::Loading,
            started: Instant::now(),
            reloads: 0,
            channel: Arc::new(own),
        };
        // A worker that ends before it has read them is noticed by its end.
        let _ = give(&worker, listeners);
        Ok(worker)
    }
}

fn give(worker: &Worker, listeners: &mastered::Listeners) -> io::Result<()> {
    for (name, sockets) in listeners {
        for socket in sockets {
            channel::send_listener(&*worker.channel, name, socket)?;
        }
    }
    channel::send_begin(&*worker.channel)
}
