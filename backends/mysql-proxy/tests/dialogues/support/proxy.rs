//! The proxy's own binary, started with a configuration of the test's.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    process: Child,
    config: PathBuf,
}

/// Where a test's file may lie.
pub(crate) fn temporary(name: &str) -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("evenkeel-{}-{number}-{name}", std::process::id()))
}

impl Proxy {
    /// With one server, and `more` lines of configuration.
    pub(crate) fn start(server: SocketAddr, more: &str) -> Self {
        Self::start_with(&format!("servers: [{{name: db1, address: '{server}'}}]\n{more}\n"))
    }

    /// With this configuration, to which only the listeners are added.
    pub(crate) fn start_with(rest: &str) -> Self {
        let text = format!(
            "listen: 127.0.0.1:0\nadmin: {{listen: 127.0.0.1:0}}\n\
             log: {{format: json, level: info}}\n{rest}"
        );
        let config = temporary("proxy.yaml");
        std::fs::write(&config, text).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_evenkeel-mysql-proxy"))
            .arg("--config")
            .arg(&config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        assert!(line.contains(r#""message":"started""#), "{line}");
        let address = |key| field(&line, key).parse().unwrap();
        let (address, admin) = (address("listen"), address("admin"));
        // The log goes on; a full pipe must not stop the proxy.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { address, admin, process, config }
    }

    /// The status code and body of an admin page.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut socket = TcpStream::connect(self.admin).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\nHost: admin\r\n\r\n").unwrap();
        let mut reply = String::new();
        socket.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The value of a metric, named without its prefix.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let start = format!("evenkeel_mysql_{name} ");
        let (_, body) = self.get("/metrics");
        let value = body.lines().find_map(|line| line.strip_prefix(&start));
        value.unwrap_or_else(|| panic!("no metric {name}")).parse().unwrap()
    }

    pub(crate) fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for the process to end by itself.
    pub(crate) fn wait(&mut self, bound: Duration) -> ExitStatus {
        let mut status = None;
        eventually(bound, || {
            status = self.process.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.config);
    }
}

/// Waits until `holds`.
pub(crate) fn eventually(bound: Duration, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + bound;
    while !holds() {
        assert!(Instant::now() < deadline, "it does not come true within {bound:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn field<'a>(line: &'a str, key: &str) -> &'a str {
    let start = format!(r#""{key}":""#);
    let at = line.find(&start).unwrap() + start.len();
    line[at..].split('"').next().unwrap()
}
