//! A node: this binary executed again in a namespace as the supervisor, and once more as its proxy,
//! which answers every connection with the node's name.

use std::{
    env, fmt,
    fs::{self, File},
    io::{self, Read, Write},
    net::TcpListener,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::{Child as Process, Command, ExitCode, ExitStatus, Stdio, exit},
    thread,
    time::Duration,
};

use evenkeel::cluster::{self, Child, Settings, log::Level};
use nix::{
    sys::{
        prctl::set_pdeathsig,
        signal::{Signal, kill},
    },
    unistd::{ForkResult, Pid, fork, getpid, getppid, pipe},
};

use super::{
    allocations,
    lab::{Lab, VIP, wait_for},
};

/// A supervisor in its namespace. Killed when dropped.
pub(crate) struct Node {
    process: Process,
    status: PathBuf,
    errors: PathBuf,
}

/// What to put into `cluster.yaml`.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) priority: u8,
    pub(crate) addresses: String,
    /// Further lines of the node.
    pub(crate) head: String,
    /// Further lines of the instance.
    pub(crate) more: String,
    /// How long the proxy takes before it listens.
    pub(crate) slow: Duration,
    /// Whether the proxy is forked without exec, as a server does that has no other binary.
    pub(crate) fork: bool,
}

impl Wish {
    pub(crate) fn priority(priority: u8) -> Self {
        let addresses = format!("{VIP}/24");
        Self {
            priority,
            addresses,
            head: String::new(),
            more: String::new(),
            slow: Duration::ZERO,
            fork: false,
        }
    }

    pub(crate) fn more(self, line: &str) -> Self {
        Self { more: format!("{}    {line}\n", self.more), ..self }
    }

    fn write(&self, lab: &Lab, host: &str) -> PathBuf {
        let path = lab.file(&format!("{host}.yaml"));
        let status = lab.file(&format!("{host}.status"));
        let text = format!(
            "node: {host}\nstatus_file: {}\nstop_timeout: 2s\n{}instances:\n  - name: VI_1\n    \
             interface: eth0\n    virtual_router_id: 51\n    priority: {}\n    addresses: ['{}']\n{}",
            status.display(),
            self.head,
            self.priority,
            self.addresses,
            self.more
        );
        fs::write(&path, text).unwrap();
        path
    }
}

impl Node {
    pub(crate) fn start(lab: &Lab, host: &str, wish: &Wish) -> Self {
        Self::start_with(lab, host, wish, &[])
    }

    /// Through a `wrapper` command such as `setpriv`.
    pub(crate) fn start_with(lab: &Lab, host: &str, wish: &Wish, wrapper: &[&str]) -> Self {
        let settings = wish.write(lab, host);
        let status = lab.file(&format!("{host}.status"));
        let _ = fs::remove_file(&status);
        let errors = lab.file(&format!("{host}.errors"));
        let append = File::options().create(true).append(true).open(&errors).unwrap();
        let process = Command::new("ip")
            .args(["netns", "exec", &lab.namespace(host)])
            .args(wrapper)
            .arg(env::current_exe().unwrap())
            .env(NODE, settings)
            .env(SLOW, wish.slow.as_millis().to_string())
            .envs(wish.fork.then_some((FORK, "1")))
            .stderr(append)
            .spawn()
            .unwrap();
        Self { process, status, errors }
    }

    /// Runs a node that must refuse to start; its status and what it wrote.
    pub(crate) fn refuse(lab: &Lab, host: &str, wish: &Wish, wrapper: &[&str]) -> (i32, String) {
        let mut node = Self::start_with(lab, host, wish, wrapper);
        let code = node.wait(Duration::from_secs(5)).code().unwrap();
        (code, node.log())
    }

    pub(crate) fn wait_until(&self, state: &str) -> Duration {
        wait_for(&format!("state {state}\n{}", self.log()), Duration::from_secs(5), || {
            self.state().as_deref() == Some(state)
        })
    }

    pub(crate) fn state(&self) -> Option<String> {
        Some(self.instance()?["state"].as_str()?.to_owned())
    }

    /// `FROM -> TO (REASON)` of each transition.
    pub(crate) fn history(&self) -> Vec<String> {
        let instance = self.instance().unwrap();
        let shown = |past: &serde_yaml::Value| {
            let [from, to, why] = ["from", "to", "reason"].map(|key| past[key].as_str().unwrap());
            format!("{from} -> {to} ({why})")
        };
        instance["history"].as_sequence().unwrap().iter().map(shown).collect()
    }

    fn instance(&self) -> Option<serde_yaml::Value> {
        let text = fs::read_to_string(&self.status).ok()?;
        let status: serde_yaml::Value = serde_yaml::from_str(&text).ok()?;
        Some(status["instances"][0].clone())
    }

    /// How many packets were counted under `name`.
    pub(crate) fn received(&self, name: &str) -> u64 {
        self.instance().unwrap()["received"][name].as_u64().unwrap()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.errors).unwrap_or_default()
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.process.id().cast_signed())
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// The process id of the proxy.
    pub(crate) fn proxy(&self) -> Pid {
        let pid = self.process.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        Pid::from_raw(children.split_whitespace().next().unwrap().parse().unwrap())
    }

    /// Its exit status, which must come in time.
    pub(crate) fn wait(&mut self, most: Duration) -> ExitStatus {
        let step = Duration::from_millis(2);
        for _ in 0..most.as_millis() / step.as_millis() {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            thread::sleep(step);
        }
        panic!("the node does not end within {most:?}\n{}", self.log());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            println!("{}", self.log());
        }
    }
}

pub(crate) fn is_alive(pid: Pid) -> bool {
    let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    state.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.contains(" Z "))
}

/// The supervisor's and the proxy's `main`; `None` in the test runner itself.
pub(crate) fn run_if_asked() -> Option<ExitCode> {
    if env::var_os(PROXY).is_some() {
        return Some(finish(proxy(getppid(), io::stdout())));
    }
    let settings = env::var_os(NODE)?;
    // Nodes must not outlive the test that started them.
    set_pdeathsig(Signal::SIGKILL).unwrap();
    let settings = match Settings::load(Path::new(&settings)) {
        Ok(settings) => settings,
        Err(error) => return Some(finish(Err(io::Error::other(error)))),
    };
    let mut start = if env::var_os(FORK).is_some() { fork_proxy } else { start_proxy };
    let result = start().and_then(|child| {
        cluster::supervise(&settings, child, &mut start, log_with_allocations)
            .map_err(io::Error::other)
    });
    Some(match result {
        Ok(status) => ExitCode::from(status.code().unwrap_or(128) as u8),
        Err(error) => finish(Err(error)),
    })
}

fn finish(result: io::Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    eprintln!("{error}");
    ExitCode::FAILURE
}

fn start_proxy() -> io::Result<Child> {
    let mut process =
        Command::new(env::current_exe()?).env(PROXY, "1").stdout(Stdio::piped()).spawn()?;
    let ready: OwnedFd = process.stdout.take().map(OwnedFd::from).unwrap();
    Child::new(Pid::from_raw(process.id().cast_signed()), ready)
}

fn fork_proxy() -> io::Result<Child> {
    let (reader, writer) = pipe()?;
    let supervisor = getpid();
    // SAFETY: this process has one thread, so the child may do whatever its parent could.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => Child::new(child, reader),
        ForkResult::Child => {
            drop(reader);
            let result = proxy(supervisor, File::from(writer));
            exit(i32::from(result.is_err()));
        }
    }
}

/// `allocations N` goes before each line, not counting what the line itself costs.
fn log_with_allocations(level: Level, line: fmt::Arguments<'_>) {
    eprintln!("allocations {}", allocations::count());
    cluster::log::to_stderr(level, line);
}

fn proxy(supervisor: Pid, mut ready: impl Write) -> io::Result<()> {
    cluster::follow_supervisor(supervisor)?;
    let slow = env::var(SLOW).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    thread::sleep(Duration::from_millis(slow));
    let settings = Settings::load(Path::new(&env::var_os(NODE).unwrap())).unwrap();
    let listener = TcpListener::bind(("::", PORT))?;
    ready.write_all(b"1")?;
    ready.flush()?;
    for connection in listener.incoming() {
        let mut connection = connection?;
        let name = settings.node.clone();
        thread::spawn(move || {
            let _ = connection.write_all(name.as_bytes());
            let _ = connection.shutdown(std::net::Shutdown::Write);
            let _ = connection.read(&mut [0; 16]);
        });
    }
    Ok(())
}

pub(crate) const PORT: u16 = 8080;
const NODE: &str = "EVENKEEL_TEST_NODE";
const PROXY: &str = "EVENKEEL_TEST_PROXY";
const SLOW: &str = "EVENKEEL_TEST_SLOW";
const FORK: &str = "EVENKEEL_TEST_FORK";
