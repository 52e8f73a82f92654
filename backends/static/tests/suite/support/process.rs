//! The binary itself, for what only a process can show: signals, exit status, standard streams.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    stderr: BufReader<ChildStderr>,
}

impl Process {
    /// Starts the server with the configuration `file` and waits until it listens.
    pub(crate) fn start(file: &Path) -> Self {
        let mut child = command().arg("--config").arg(file).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "the server did not start");
            if let Some((_, rest)) = line.split_once("listening address=") {
                break rest.split(' ').next().unwrap().parse().unwrap();
            }
        };
        Self { child, address, stderr }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Waits for the end: whether it was status 0, and what was written to both streams.
    pub(crate) fn finish(mut self, within: Duration) -> (bool, String, String) {
        let deadline = Instant::now() + within;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "the server did not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        let (mut out, mut err) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.stderr.read_to_string(&mut err).unwrap();
        (status.success(), out, err)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails when it has ended, as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the binary with `arguments`, with which it must end at once.
pub(crate) fn run_to_end(arguments: &[&str]) -> Output {
    let mut child = command().args(arguments).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{arguments:?} did not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenkeel-static"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).env_remove("RUST_LOG");
    command
}
