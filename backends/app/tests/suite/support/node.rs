//! A running `evenkeel-app`.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::browser::Browser;

pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    process: Child,
    log: Receiver<String>,
    _directory: TempDir,
}

impl Node {
    /// Starts the program and waits until it listens. `settings` is YAML on top of what every
    /// scenario wants: a free port, cheap hashes, a quick end.
    pub(crate) fn launch(name: &str, database_url: &str, settings: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("app.yaml");
        std::fs::write(&file, configuration(name, settings)).unwrap();
        let mut process = program()
            .arg("--config")
            .arg(&file)
            .env("EVENKEEL_APP_DATABASE_URL", database_url)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = lines(BufReader::new(process.stderr.take().unwrap()));
        let listening = log.recv_timeout(PATIENCE).expect("a first line in the log");
        let listening: serde_json::Value = serde_json::from_str(&listening).expect(&listening);
        assert_eq!(listening["message"], "listening");
        let address = listening["address"].as_str().unwrap().parse().unwrap();
        Self { address, process, log, _directory: directory }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    pub(crate) fn wait_until_ready(&self) {
        wait_for("the node to be ready", || self.browser().get("/readyz").status == 200);
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(name, self.process.id());
    }

    /// The lines after the first that were logged since this was last asked.
    pub(crate) fn log_so_far(&self) -> String {
        self.log.try_iter().collect::<Vec<_>>().join("\n")
    }

    /// Waits for the process to end by itself; returns its status and what it had logged.
    pub(crate) fn ended(&mut self) -> (ExitStatus, Vec<String>) {
        let mut status = None;
        wait_for("the node to end", || {
            status = self.process.try_wait().unwrap();
            status.is_some()
        });
        (status.unwrap(), self.log.iter().collect())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Already gone is just as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenkeel-app"));
    command.env_remove("EVENKEEL_APP_DATABASE_URL");
    command
}

pub(crate) fn signal(name: &str, pid: u32) {
    let status = Command::new("kill").args(["-s", name, &pid.to_string()]).status().unwrap();
    assert!(status.success(), "kill -s {name} {pid}");
}

/// Asks again and again, for as long as a busy machine may need.
pub(crate) fn wait_for(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !happened() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn configuration(name: &str, settings: &str) -> String {
    let mut text = format!("node: {name}\nlisten: 127.0.0.1:0\n{settings}\n");
    for (key, default) in [
        ("seed_demo", "true"),
        ("password", "{memory_kib: 64, passes: 1}"),
        ("drain", "{announce: 0s, timeout: 5s}"),
        ("log", "{format: json}"),
    ] {
        if !settings.lines().any(|line| line.starts_with(&format!("{key}:"))) {
            text += &format!("{key}: {default}\n");
        }
    }
    text
}

/// Read on a thread of its own, so that the node never waits for a full pipe.
fn lines(reader: impl BufRead + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in reader.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

const PATIENCE: Duration = Duration::from_secs(30);
