//! `-D`, `-p` and `-sf`; and how much a process costs that has nothing to do.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Proxy, binary, eventually, signal};

/// A process that is not our child, ended with the test.
struct Daemon(u32);

impl Daemon {
    fn of(pid_file: &std::path::Path) -> Self {
        let text = std::fs::read_to_string(pid_file).expect("read the pid file");
        Self(text.trim().parse().expect("a process id"))
    }

    fn is_running(&self) -> bool {
        // A zombie that nobody has waited for yet has ended all the same.
        std::fs::read_to_string(format!("/proc/{}/stat", self.0))
            .is_ok_and(|stat| !stat.contains(") Z "))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.is_running() {
            signal(self.0, "KILL");
        }
    }
}

#[test]
fn a_daemon_writes_its_pid_and_is_replaced_by_the_next() {
    let mut starting = Proxy::spawn(
        "frontend web\n  mode http\n  bind <front>\n  timeout client 5s\n  \
         http-request return status 200 content-type text/plain string ok",
        &["-D", "-p", "<dir>/pid"],
    );
    assert_eq!(starting.wait().code(), Some(0), "{}", starting.errors());
    let pid_file = starting.directory().join("pid");
    let first = Daemon::of(&pid_file);
    let mut client = starting.client();
    client.get("/");
    assert_eq!(client.response().text(), "ok");

    let status = Command::new(binary())
        .arg("-f")
        .arg(starting.file())
        .args(["-D", "-p"])
        .arg(&pid_file)
        .args(["-sf", &first.0.to_string()])
        .stderr(Stdio::null())
        .status()
        .expect("start the next");
    assert!(status.success());
    let second = Daemon::of(&pid_file);
    assert_ne!(first.0, second.0);
    client.is_gone();
    eventually("the first ends", || (!first.is_running()).then_some(()));
    let mut client = starting.client();
    client.get("/");
    assert_eq!(client.response().text(), "ok");
}

/// Processor time is counted, not time on the wall: a loop that spins would use all of it.
#[test]
fn a_hundred_waiting_clients_cost_next_to_nothing() {
    let proxy = Proxy::http(
        "frontend web\n  bind <front>\n  http-request return status 200 string ok content-type a/b",
    );
    let clients: Vec<_> = (0..100)
        .map(|_| {
            let mut client = proxy.client();
            client.get("/");
            client.response();
            client
        })
        .collect();
    let before = ticks(proxy.pid());
    std::thread::sleep(Duration::from_secs(2));
    let used = ticks(proxy.pid()) - before;
    assert!(used < 40, "{used} hundredths of a second in two seconds");
    drop(clients);
}

/// User and system time of a process, in hundredths of a second.
fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("read /proc");
    let after_name = stat.rsplit(") ").next().expect("fields after the name");
    let field = |n: usize| after_name.split(' ').nth(n).expect("a field").parse::<u64>();
    field(11).expect("a number") + field(12).expect("a number")
}
