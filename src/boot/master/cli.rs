//! The master CLI (`-S`; management guide, section 9.4): a thread for each connection, since the
//! master itself has nothing to wait for but signals and its workers.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::getpid;

use super::table::Table;
use super::worker::Stage;
use crate::boot::{Failure, channel, version};
use crate::listen::{self, Listener};
use crate::proxy::Bind;
use crate::proxy::keyword::bind as listening;
use crate::syntax::span::Span;
use crate::syntax::word::Word;

/// The bound listeners of `-S`.
pub(in crate::boot) struct Cli {
    pub(super) address: String,
    listeners: Vec<Listener>,
}

impl Cli {
    /// `words` are an address and options of a `bind` line.
    pub(in crate::boot) fn bind(words: &[String]) -> Result<Self, Failure> {
        let failed = |text: String| Failure::new(format!("master CLI : {text}"));
        let mut words = words.iter().map(|text| Word { text: text.clone(), span: Span::default() });
        let address = words.next().ok_or_else(|| failed("an address is missing".to_owned()))?;
        let listens = listening::sockets(&address).map_err(|error| failed(error.message))?;
        let mut options = Bind::on(crate::proxy::Listen::Fd(-1));
        while let Some(option) = words.next() {
            let mut value =
                || words.next().ok_or_else(|| failed(format!("'{option}' : missing value")));
            let number = |result: Result<u32, crate::syntax::diagnostic::Diagnostic>| {
                result.map(Some).map_err(|error| failed(error.message))
            };
            match option.text.as_str() {
                "mode" => options.mode = number(listening::octal(&value()?))?,
                "user" => options.uid = number(listening::user(&value()?))?,
                "group" => options.gid = number(listening::group(&value()?))?,
                "uid" => options.uid = number(listening::number(&value()?))?,
                "gid" => options.gid = number(listening::number(&value()?))?,
                "level" if value()?.text == "admin" => {}
                other => {
                    let text = format!("option '{other}' is not supported by evenkeel yet");
                    return Err(failed(text));
                }
            }
        }
        let mut listeners = Vec::new();
        for listen in listens {
            let bind = Bind { listen, ..options.clone() };
            let bound = listen::bind(&bind, 1, false)
                .map_err(|error| failed(format!("{error} for [{}]", bind.listen)))?;
            listeners.extend(bound);
        }
        Ok(Self { address: address.text, listeners })
    }

    /// Accepts from now on.
    pub(super) fn serve(self, table: Arc<Table>) -> io::Result<()> {
        let connections = Arc::new(AtomicUsize::new(0));
        for listener in self.listeners {
            let (table, connections) = (Arc::clone(&table), Arc::clone(&connections));
            match &listener {
                Listener::Tcp(listener) => listener.set_nonblocking(false)?,
                Listener::Unix(listener) => listener.set_nonblocking(false)?,
            }
            thread::Builder::new()
                .name("master-cli".to_owned())
                .spawn(move || accept(&listener, &table, &connections))?;
        }
        Ok(())
    }
}

trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}

fn accept(listener: &Listener, table: &Arc<Table>, connections: &Arc<AtomicUsize>) {
    loop {
        let accepted: io::Result<Box<dyn Stream>> = match listener {
            Listener::Tcp(listener) => listener.accept().and_then(|(io, _)| {
                io.set_read_timeout(Some(LONGEST_SILENCE))?;
                io.set_write_timeout(Some(LONGEST_SILENCE))?;
                Ok(Box::new(io) as _)
            }),
            Listener::Unix(listener) => listener.accept().and_then(|(io, _)| {
                io.set_read_timeout(Some(LONGEST_SILENCE))?;
                io.set_write_timeout(Some(LONGEST_SILENCE))?;
                Ok(Box::new(io) as _)
            }),
        };
        let Ok(io) = accepted else {
            // Out of descriptors, as a rule: no reason to spin.
            thread::sleep(Duration::from_millis(100));
            continue;
        };
        if connections.fetch_add(1, Relaxed) >= MOST_CONNECTIONS {
            connections.fetch_sub(1, Relaxed);
            continue;
        }
        let (table, own) = (Arc::clone(table), Arc::clone(connections));
        let started = thread::Builder::new().name("master-cli".to_owned()).spawn(move || {
            // A client that goes away ends its session.
            let _ = Session { table: &table, is_interactive: false, target: None }.run(io);
            own.fetch_sub(1, Relaxed);
        });
        if started.is_err() {
            connections.fetch_sub(1, Relaxed);
        }
    }
}

struct Session<'t> {
    table: &'t Table,
    is_interactive: bool,
    /// `@1` alone: where commands go from then on.
    target: Option<String>,
}

impl Session<'_> {
    /// One line, or with `prompt` as many as come.
    fn run(mut self, io: Box<dyn Stream>) -> io::Result<()> {
        let mut io = BufReader::new(io);
        loop {
            let mut line = String::new();
            if io.by_ref().take(LONGEST_LINE).read_line(&mut line)? == 0 || !line.ends_with('\n') {
                return Ok(());
            }
            for command in line.trim().split(';').map(str::trim) {
                if command == "quit" {
                    return Ok(());
                }
                let answer = self.answer(command);
                io.get_mut().write_all(answer.as_bytes())?;
                // An answer ends with an empty line.
                io.get_mut().write_all(if answer.ends_with('\n') { b"\n" } else { b"\n\n" })?;
            }
            if !self.is_interactive {
                return Ok(());
            }
            let place = self.target.as_deref().unwrap_or("master");
            io.get_mut().write_all(format!("{place}> ").as_bytes())?;
        }
    }

    fn answer(&mut self, command: &str) -> String {
        if let Some(rest) = command.strip_prefix('@') {
            let (target, command) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if command.is_empty() {
                self.target = Some(target.to_owned()).filter(|target| target != "master");
                return String::new();
            }
            return match target {
                "master" => self.own(command.trim()),
                target => self.relay(target, command.trim()),
            };
        }
        match self.target.clone() {
            Some(target) => self.relay(&target, command),
            None => self.own(command),
        }
    }

    /// A command to the master.
    fn own(&mut self, command: &str) -> String {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words.as_slice() {
            [] => String::new(),
            ["help", ..] => format!("The following commands are valid at this level:\n{}", help()),
            ["show", "proc", ..] => self.processes(),
            ["show", "version", ..] => format!("{}\n", version::number()),
            ["show", "startup-logs", ..] => self.table.log(),
            ["reload", ..] => self.reload(false),
            ["hard-reload", ..] => self.reload(true),
            ["prompt", ..] => {
                self.is_interactive = !self.is_interactive;
                String::new()
            }
            ["echo", ..] => format!("{}\n", command["echo".len()..].trim_start()),
            _ => format!(
                "Unknown command: '{}'. Please enter one of the following commands only:\n{}",
                words[0],
                help()
            ),
        }
    }

    fn processes(&self) -> String {
        let mut text = String::new();
        let row = |text: &mut String, cells: [&str; 5]| {
            let cells = cells.map(|cell| format!("{cell:<15}"));
            text.push_str(&cells.join(" "));
            text.push('\n');
        };
        let state = self.table.lock();
        let version = version::number();
        row(&mut text, ["#<PID>", "<type>", "<reloads>", "<uptime>", "<version>"]);
        let pid = std::process::id().to_string();
        let reloads = format!("{} [failed: {}]", state.reloads, state.failed);
        row(&mut text, [&pid, "master", &reloads, &uptime(state.started.elapsed()), &version]);
        for old in [false, true] {
            let mut workers = state
                .workers
                .iter()
                .filter(|worker| worker.stage != Stage::Loading)
                .filter(|worker| (worker.stage == Stage::Old) == old)
                .peekable();
            if old && workers.peek().is_none() {
                continue;
            }
            text += if old { "# old workers\n" } else { "# workers\n" };
            for worker in workers {
                let (pid, reloads) = (worker.pid.to_string(), worker.reloads.to_string());
                row(
                    &mut text,
                    [&pid, "worker", &reloads, &uptime(worker.started.elapsed()), &version],
                );
            }
        }
        text
    }

    fn reload(&self, hard: bool) -> String {
        let over = self.table.over();
        if hard {
            self.table.lock().hard = true;
        }
        // The master's loop obeys its signals, one after the other.
        if kill(getpid(), Signal::SIGUSR2).is_err() {
            return "Success=0\n".to_owned();
        }
        let (success, log) = self.table.wait(over);
        format!("Success={}\n--\n{log}", u8::from(success))
    }

    /// A command to a worker: `1` is the current one, `!pid` any.
    fn relay(&self, target: &str, command: &str) -> String {
        let found = {
            let state = self.table.lock();
            let worker = state.workers.iter().find(|worker| match target.strip_prefix('!') {
                Some(pid) => worker.pid.to_string() == pid,
                None => target == "1" && worker.stage == Stage::Current,
            });
            worker.map(|worker| Arc::clone(&worker.channel))
        };
        let Some(worker) = found else {
            return format!("Can't find the target PID matching the prefix '@{target}'\n");
        };
        ask(&worker, command).unwrap_or_else(|error| format!("Can't talk to the worker: {error}\n"))
    }
}

/// The worker's answer, without the empty line at its end.
fn ask(worker: &std::os::fd::OwnedFd, command: &str) -> io::Result<String> {
    let (mut own, other) = UnixStream::pair()?;
    channel::send_session(worker, &other)?;
    drop(other);
    own.set_read_timeout(Some(LONGEST_ANSWER))?;
    own.write_all(format!("{command}\n").as_bytes())?;
    let mut answer = Vec::new();
    own.take(LARGEST_ANSWER).read_to_end(&mut answer)?;
    let mut answer = String::from_utf8_lossy(&answer).into_owned();
    if answer.ends_with("\n\n") {
        answer.pop();
    }
    Ok(answer)
}

fn uptime(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    format!("{days}d{hours:02}h{:02}m{:02}s", seconds / 60 % 60, seconds % 60)
}

fn help() -> String {
    COMMANDS.iter().fold(String::new(), |mut text, (command, what)| {
        let _ = writeln!(text, "  {command:<39} : {what}");
        text
    })
}

const COMMANDS: &[(&str, &str)] = &[
    ("@!<pid>", "sends a command to the process <pid>"),
    ("@<relative pid>", "sends a command to the worker of this number"),
    ("@master", "sends a command to the master"),
    ("echo <text>", "prints the text"),
    ("hard-reload", "reloads and terminates the former worker"),
    ("reload", "reloads and lets the former worker finish"),
    ("show proc", "shows the processes"),
    ("show startup-logs", "shows what the master said since the last reload began"),
    ("show version", "shows the version"),
    ("help", "lists the commands"),
    ("prompt", "toggles interactive mode with a prompt"),
    ("quit", "disconnects"),
];

const MOST_CONNECTIONS: usize = 10;
const LONGEST_LINE: u64 = 16 * 1024;
const LONGEST_SILENCE: Duration = Duration::from_secs(60);
const LONGEST_ANSWER: Duration = Duration::from_secs(10);
/// Bytes: statistics of tens of thousands of servers.
const LARGEST_ANSWER: u64 = 64 << 20;
