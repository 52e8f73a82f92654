//! A small network of namespaces: a bridge as the switch, two nodes and a client on it.
//!
//! ```text
//!   a (10.9.0.11)   b (10.9.0.12)   c (10.9.0.13)
//!        \________________|________________/
//!                     lan (bridge)
//! ```

use std::{
    fs,
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Output, exit},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sched::{CloneFlags, setns},
    sys::signal::{SigSet, Signal},
};

/// Removes its namespaces when dropped.
pub(crate) struct Lab {
    name: String,
    directory: PathBuf,
}

pub(crate) const VIP: &str = "10.9.0.1";
pub(crate) const VIP6: &str = "fd00:9::1";
const HOSTS: [(&str, u8); 3] = [("a", 11), ("b", 12), ("c", 13)];

impl Lab {
    pub(crate) fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(&name);
        fs::create_dir_all(&directory).unwrap();
        let lab = Self { name, directory };
        let lan = lab.namespace("lan");
        ip(&["netns", "add", &lan]);
        ip(&["-n", &lan, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0"]);
        ip(&["-n", &lan, "link", "set", "br0", "up"]);
        for (host, number) in HOSTS {
            lab.add_host(host, number);
        }
        lab
    }

    fn add_host(&self, host: &str, number: u8) {
        let (lan, own) = (self.namespace("lan"), self.namespace(host));
        ip(&["netns", "add", &own]);
        // Otherwise the link-local address is tentative for a second or two.
        let command = "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad";
        run(Command::new("ip").args(["netns", "exec", &own, "sh", "-c", command]));
        let port = port(host);
        let peer = ["peer", "name", &port, "netns", &lan];
        ip(&[&["-n", &own, "link", "add", "eth0", "type", "veth"], &peer[..]].concat());
        ip(&["-n", &lan, "link", "set", &port, "master", "br0", "up"]);
        ip(&["-n", &own, "link", "set", "lo", "up"]);
        ip(&["-n", &own, "address", "add", &format!("10.9.0.{number}/24"), "dev", "eth0"]);
        let v6 = format!("fd00:9::{number}/64");
        ip(&["-n", &own, "address", "add", &v6, "dev", "eth0", "nodad"]);
        ip(&["-n", &own, "link", "set", "eth0", "up"]);
    }

    pub(crate) fn namespace(&self, host: &str) -> String {
        format!("{}-{host}", self.name)
    }

    /// A file for this lab alone.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Runs `work` on a thread of `host`'s network.
    pub(crate) fn on<T: Send + 'static>(
        &self,
        host: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> thread::JoinHandle<T> {
        let path = Path::new("/run/netns").join(self.namespace(host));
        let namespace = File::open(path).unwrap();
        thread::spawn(move || {
            setns(namespace, CloneFlags::CLONE_NEWNET).unwrap();
            work()
        })
    }

    /// `ip` in the namespace of `host`.
    pub(crate) fn ip(&self, host: &str, arguments: &[&str]) -> String {
        ip(&[&["-n", &self.namespace(host)], arguments].concat())
    }

    pub(crate) fn has_address(&self, host: &str, address: &str) -> bool {
        let shown = self.ip(host, &["-o", "address", "show", "dev", "eth0"]);
        shown.contains(&format!(" {address}/"))
    }

    pub(crate) fn hardware(&self, host: &str) -> String {
        let shown = self.ip(host, &["-o", "link", "show", "dev", "eth0"]);
        shown.split_whitespace().skip_while(|word| *word != "link/ether").nth(1).unwrap().to_owned()
    }

    /// Which hardware address the client would send to.
    pub(crate) fn client_believes(&self, address: &str) -> String {
        let shown = self.ip("c", &["neighbour", "show", address]);
        shown
            .split_whitespace()
            .skip_while(|word| *word != "lladdr")
            .nth(1)
            .unwrap_or("")
            .to_owned()
    }

    /// Between the two nodes alone; the client hears both.
    pub(crate) fn split(&self, split: bool) {
        let value = if split { "on" } else { "off" };
        for host in ["a", "b"] {
            let bridge = ["-n", &self.namespace("lan"), "link", "set", "dev", &port(host)];
            run(Command::new("bridge").args(bridge).args(["isolated", value]));
        }
    }

    /// The cable of `host`.
    pub(crate) fn plug(&self, host: &str, plugged: bool) {
        self.ip("lan", &["link", "set", &port(host), if plugged { "up" } else { "down" }]);
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        remove(&self.name);
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Waits until `condition` holds; how long that took.
pub(crate) fn wait_for(what: &str, most: Duration, condition: impl Fn() -> bool) -> Duration {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < most, "not within {most:?}: {what}");
        thread::sleep(Duration::from_millis(2));
    }
    started.elapsed()
}

/// Its end of the cable at the switch.
fn port(host: &str) -> String {
    format!("port-{host}")
}

/// What a killed run of this binary left behind.
pub(crate) fn remove_leftovers() {
    for name in namespaces() {
        let Some((pid, _)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-')) else {
            continue;
        };
        if !Path::new("/proc").join(pid).exists() {
            remove(&name);
        }
    }
}

pub(crate) fn clean_up_on_signals() {
    let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM].into_iter().collect();
    signals.thread_block().unwrap();
    thread::spawn(move || {
        let _ = signals.wait();
        remove(&format!("{PREFIX}{}-", std::process::id()));
        exit(1);
    });
}

pub(crate) fn ip(arguments: &[&str]) -> String {
    let output = run(Command::new("ip").args(arguments));
    String::from_utf8(output.stdout).unwrap()
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    output
}

/// All namespaces whose name begins so.
fn remove(prefix: &str) {
    for name in namespaces().iter().filter(|name| name.starts_with(prefix)) {
        let _ = Command::new("ip").args(["netns", "del", name]).output();
    }
}

fn namespaces() -> Vec<String> {
    let entries = fs::read_dir("/run/netns").into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

static NEXT: AtomicU32 = AtomicU32::new(0);
const PREFIX: &str = "evk-";
