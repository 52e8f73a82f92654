//! The proxy under test, as a process.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::{PATIENCE, Peer, eventually};

/// A running proxy. It ends with the test.
pub(crate) struct Proxy {
    child: Child,
    directory: PathBuf,
    address: std::net::Ipv4Addr,
    errors: Arc<Mutex<String>>,
    output: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

/// The binary that is tested.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("EVENKEEL_TEST_BINARY")
        .map_or_else(|| env!("CARGO_BIN_EXE_evenkeel").into(), PathBuf::from)
}

/// Another binary than Evenkeel is tested: what only concerns Evenkeel is left out.
pub(crate) fn is_reference() -> bool {
    std::env::var_os("EVENKEEL_TEST_BINARY").is_some()
}

impl Proxy {
    /// Starts with a configuration in which `<front>`, `<front2>` and `<front3>` stand for
    /// addresses of its own and `<dir>` for a directory of its own. Returns when it serves.
    pub(crate) fn start(configuration: &str) -> Self {
        Self::start_with(configuration, &[])
    }

    /// As [`Self::start`], in `mode http` with timeouts that no test reaches.
    pub(crate) fn http(configuration: &str) -> Self {
        Self::start(&format!("defaults\n  mode http\n{TIMEOUTS}\n{configuration}"))
    }

    /// As [`Self::http`], in `mode tcp`.
    pub(crate) fn tcp(configuration: &str) -> Self {
        Self::start(&format!("defaults\n  mode tcp\n{TIMEOUTS}\n{configuration}"))
    }

    pub(crate) fn start_with(configuration: &str, arguments: &[&str]) -> Self {
        let mut proxy = Self::spawn(configuration, arguments);
        eventually("the proxy serves", || {
            if let Some(status) = proxy.child.try_wait().expect("wait for the proxy") {
                proxy.join_readers();
                panic!("the proxy ended with {status}:\n{}", proxy.errors());
            }
            proxy.try_admin("show info").filter(|text| !text.is_empty())
        });
        proxy
    }

    /// Starts without waiting for anything.
    pub(crate) fn spawn(configuration: &str, arguments: &[&str]) -> Self {
        let address = fresh_address();
        let directory = std::env::temp_dir().join(format!("evenkeel-{address}"));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).expect("a directory for the proxy");
        let file = directory.join("haproxy.cfg");
        let text = format!("{GLOBAL}\n{configuration}\n");
        std::fs::write(&file, substitute(&text, address, &directory)).expect("write haproxy.cfg");
        Self::launch(address, directory, &["-f".as_ref(), file.as_os_str()], arguments)
    }

    fn launch(
        address: std::net::Ipv4Addr,
        directory: PathBuf,
        files: &[&std::ffi::OsStr],
        arguments: &[&str],
    ) -> Self {
        let mut child = Command::new(binary())
            .args(files)
            .args(arguments.iter().map(|text| substitute(text, address, &directory)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("start the proxy");
        let (errors, output) = (Arc::default(), Arc::default());
        let readers = vec![
            collect(child.stderr.take().expect("stderr"), Arc::clone(&errors)),
            collect(child.stdout.take().expect("stdout"), Arc::clone(&output)),
        ];
        Self { child, directory, address, errors, output, readers }
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.directory.join("haproxy.cfg")
    }

    /// What `<front>` stands for.
    pub(crate) fn front(&self) -> SocketAddr {
        (self.address, PORT).into()
    }

    pub(crate) fn front2(&self) -> SocketAddr {
        (self.address, PORT + 1).into()
    }

    /// A client of `<front>`.
    pub(crate) fn client(&self) -> Peer {
        Peer::connect(self.front())
    }

    /// A client of `<front2>`.
    pub(crate) fn client2(&self) -> Peer {
        Peer::connect(self.front2())
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, such as `USR1`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// Waits for the end; what was written by then is complete afterwards.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let status = eventually("the proxy ends", || self.child.try_wait().expect("wait"));
        self.join_readers();
        status
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("wait").is_none()
    }

    /// What it wrote to standard error so far.
    pub(crate) fn errors(&self) -> String {
        self.errors.lock().expect("errors").clone()
    }

    /// What it wrote to standard output so far.
    pub(crate) fn output(&self) -> String {
        self.output.lock().expect("output").clone()
    }

    /// The runtime API's answer.
    pub(crate) fn admin(&self, command: &str) -> String {
        self.try_admin(command).expect("the runtime API answers")
    }

    /// A value of `show info`.
    pub(crate) fn info(&self, name: &str) -> u64 {
        let text = self.admin("show info");
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_else(|| panic!("no {name} in show info:\n{text}"));
        value.trim().parse().unwrap_or_else(|_| panic!("{name} is {value}"))
    }

    /// A value of `show stat` by proxy, server and column.
    pub(crate) fn stat(&self, proxy: &str, server: &str, column: &str) -> String {
        let text = self.admin("show stat");
        let mut lines = text.lines();
        let names = lines.next().expect("names of columns").trim_start_matches("# ");
        let at = names.split(',').position(|name| name == column).expect("the column");
        let row = lines
            .find(|line| line.starts_with(&format!("{proxy},{server},")))
            .unwrap_or_else(|| panic!("no {proxy}/{server} in show stat:\n{text}"));
        row.split(',').nth(at).expect("the value").to_owned()
    }

    fn try_admin(&self, command: &str) -> Option<String> {
        let mut socket = UnixStream::connect(self.directory.join("admin.sock")).ok()?;
        socket.set_read_timeout(Some(PATIENCE)).ok()?;
        socket.write_all(format!("{command}\n").as_bytes()).ok()?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    fn join_readers(&mut self) {
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the proxy's standard error:\n{}", self.errors());
        }
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Sends a signal to a process that the test started.
pub(crate) fn signal(pid: u32, name: &str) {
    use nix::sys::signal::{Signal, kill};
    let signal: Signal = format!("SIG{name}").parse().expect("a signal");
    kill(nix::unistd::Pid::from_raw(pid as i32), signal).expect("send a signal");
}

fn substitute(text: &str, address: std::net::Ipv4Addr, directory: &Path) -> String {
    text.replace("<front>", &format!("{address}:{PORT}"))
        .replace("<front2>", &format!("{address}:{}", PORT + 1))
        .replace("<front3>", &format!("{address}:{}", PORT + 2))
        .replace("<dir>", &directory.display().to_string())
}

/// An address of 127.0.0.0/8 that no other test uses: the process picks the network, each proxy
/// the host. Ports that are free now might be taken a moment later; addresses are not.
fn fresh_address() -> std::net::Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let host = NEXT.fetch_add(1, Relaxed);
    assert!(host < 255, "one process tests at most 254 proxies");
    let pid = std::process::id();
    std::net::Ipv4Addr::new(127, 1 + (pid >> 8 & 0x7f) as u8, (pid & 0xff) as u8, host as u8)
}

fn collect(mut from: impl Read + Send + 'static, to: Arc<Mutex<String>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(n) = from.read(&mut bytes) {
            if n == 0 {
                return;
            }
            to.lock().expect("text").push_str(&String::from_utf8_lossy(&bytes[..n]));
        }
    })
}

const PORT: u16 = 8000;

const GLOBAL: &str = "global\n  stats socket <dir>/admin.sock level admin";

const TIMEOUTS: &str = "  timeout connect 20s\n  timeout client 20s\n  timeout server 20s";
