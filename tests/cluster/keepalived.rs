//! keepalived as the other node.

use std::{
    fs,
    path::PathBuf,
    process::{Child as Process, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::lab::{Lab, VIP, wait_for};

/// Stopped when dropped.
pub(crate) struct Keepalived {
    process: Process,
    log: PathBuf,
}

impl Keepalived {
    /// Version 3 by multicast with 30 ms; `more` are further lines of the instance.
    pub(crate) fn start(lab: &Lab, host: &str, priority: u8, more: &str) -> Self {
        Self::start_for(lab, host, priority, &format!("{VIP}/24"), more)
    }

    pub(crate) fn start_for(
        lab: &Lab,
        host: &str,
        priority: u8,
        address: &str,
        more: &str,
    ) -> Self {
        // One that was killed leaves files behind that its successor takes for a running daemon's.
        let name = format!("keepalived-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let path = lab.file(&format!("{name}.conf"));
        let text = format!(
            "global_defs {{\n vrrp_version 3\n}}\nvrrp_instance VI_1 {{\n state BACKUP\n \
             interface eth0\n virtual_router_id 51\n priority {priority}\n advert_int 0.03\n {more}\n \
             virtual_ipaddress {{\n  {address}\n }}\n}}\n"
        );
        fs::write(&path, text).unwrap();
        let log = lab.file(&format!("{name}.log"));
        let output = fs::File::create(&log).unwrap();
        let process = Command::new("ip")
            .args(["netns", "exec", &lab.namespace(host)])
            .args(["keepalived", "--dont-fork", "--log-console", "--log-detail", "--vrrp"])
            .arg("--use-file")
            .arg(path)
            .arg("--pid")
            .arg(lab.file(&format!("{name}.pid")))
            .arg("--vrrp_pid")
            .arg(lab.file(&format!("{name}.vrrp.pid")))
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        Self { process, log }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The state that it entered last.
    pub(crate) fn state(&self) -> Option<&'static str> {
        let log = self.log();
        ["MASTER", "BACKUP", "FAULT"]
            .into_iter()
            .filter_map(|state| Some((log.rfind(&format!("Entering {state} STATE"))?, state)))
            .max()
            .map(|(_, state)| state)
    }

    pub(crate) fn wait_until(&self, state: &str) -> Duration {
        wait_for(&format!("keepalived in {state}"), Duration::from_secs(5), || {
            self.state() == Some(state)
        })
    }

    /// SIGTERM, without waiting for the second that it takes to end.
    pub(crate) fn stop(&self) {
        kill(self.pid(), Signal::SIGTERM).unwrap();
    }

    /// Waits for the end after [`Self::stop`]: it removes its addresses a moment after priority 0.
    pub(crate) fn ended(mut self) {
        let log = self.log.clone();
        let process = std::cell::RefCell::new(&mut self.process);
        wait_for(&format!("{} to end", log.display()), Duration::from_secs(5), || {
            process.borrow_mut().try_wait().unwrap().is_some()
        });
    }

    /// All its processes at one moment: killing the parent alone would let the child say goodbye.
    pub(crate) fn crash(&self) {
        let all = self.processes();
        all.iter().for_each(|pid| kill(*pid, Signal::SIGSTOP).unwrap());
        all.iter().for_each(|pid| kill(*pid, Signal::SIGKILL).unwrap());
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.process.id().cast_signed())
    }

    fn processes(&self) -> Vec<Pid> {
        let pid = self.pid();
        let children =
            fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|child| child.parse().ok());
        [pid].into_iter().chain(children.map(Pid::from_raw)).collect()
    }
}

impl Drop for Keepalived {
    fn drop(&mut self) {
        for pid in self.processes() {
            let _ = kill(pid, Signal::SIGKILL);
        }
        let _ = self.process.wait();
        if std::thread::panicking() {
            println!("{}", self.log());
        }
    }
}

static NEXT: AtomicU32 = AtomicU32::new(0);
