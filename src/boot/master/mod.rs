//! Master-worker mode (management guide, section 3, `-W`): the process that was started watches the
//! one that works, starts the next for a reload and tells the last to finish. Apart from
//! `boot::supervised`, which knows one proxy and the addresses it serves; a reload has two.

mod cli;
mod notify;
mod table;
mod worker;

use std::io;
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::Arc;

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::Pid;

use super::Failure;
use super::channel::{self, Message};
use super::mastered::Listeners;
use super::supervised::Readiness;
use crate::sys::poll::Poller;

use notify::Notifier;
use table::Table;
use worker::Stage;

pub(super) use cli::Cli;
pub(super) use worker::Invocation;

/// What the command line and the `global` section say to the master.
pub(super) struct Settings {
    pub(super) invocation: Invocation,
    /// `-Ws`
    pub(super) notify: bool,
    /// `master-worker no-exit-on-failure`
    pub(super) stays_on_failure: bool,
    /// `mworker-max-reloads`
    pub(super) most_reloads: Option<u32>,
    /// Says that the first worker serves, or not.
    pub(super) first: Box<dyn FnOnce() -> Result<(), Failure>>,
}

/// Runs until the last worker has ended.
pub(super) fn run(
    settings: Settings,
    cli: Option<Cli>,
    readiness: Readiness,
) -> Result<ExitCode, Failure> {
    let failed = |error: io::Error| Failure::new(format!("master : {error}"));
    let notifier = Notifier::new(settings.notify);
    let Settings { invocation, stays_on_failure, most_reloads, first, .. } = settings;
    let table = Arc::new(Table::default());
    let mut master = Master {
        invocation,
        stays_on_failure,
        most_reloads,
        first: Some(first),
        notifier,
        readiness,
        cli_address: cli.as_ref().map(|cli| cli.address.clone()),
        signals: catch_signals().map_err(|error| failed(error.into()))?,
        poller: Poller::new().map_err(failed)?,
        table: Arc::clone(&table),
        kept: Listeners::new(),
        coming: Listeners::new(),
        reload_waits: false,
        stopping: false,
        status: 0,
    };
    master.poller.add(&master.signals, SIGNALS).map_err(failed)?;
    master.start().map_err(failed)?;
    if let Some(cli) = cli {
        cli.serve(table).map_err(failed)?;
    }
    master.serve()
}

struct Master {
    invocation: Invocation,
    stays_on_failure: bool,
    most_reloads: Option<u32>,
    /// Until the first worker serves.
    first: Option<Box<dyn FnOnce() -> Result<(), Failure>>>,
    notifier: Notifier,
    readiness: Readiness,
    cli_address: Option<String>,
    signals: SignalFd,
    poller: Poller,
    table: Arc<Table>,
    /// The sockets that the current worker listens on, and those of the one that is loading.
    kept: Listeners,
    coming: Listeners,
    /// A reload was asked for while another was under way.
    reload_waits: bool,
    stopping: bool,
    /// Of the current worker, once it has ended.
    status: u8,
}

impl Master {
    fn serve(mut self) -> Result<ExitCode, Failure> {
        let failed = |error: io::Error| Failure::new(format!("master : {error}"));
        loop {
            let ready = self.poller.wait(None).map_err(failed)?;
            let mut ended = false;
            for token in ready {
                match token {
                    SIGNALS => ended |= self.obey_signals().map_err(failed)?,
                    pid => self.hear(pid)?,
                }
            }
            if ended && let Some(status) = self.bury()? {
                return Ok(status);
            }
        }
    }

    fn start(&mut self) -> io::Result<()> {
        let cli = self.cli_address.as_deref();
        let clustered = self.readiness.is_supervised();
        self.coming.clear();
        let worker = self.invocation.start(&self.kept, clustered, cli)?;
        self.table.say("NOTICE", &format!("Initializing new worker ({})", worker.pid));
        self.poller.add(worker.channel.as_fd(), worker.pid.as_raw().cast_unsigned().into())?;
        self.table.lock().workers.push(worker);
        Ok(())
    }

    /// Reads what a worker says.
    fn hear(&mut self, token: u64) -> Result<(), Failure> {
        let Some((pid, channel)) = self.table.channel(token) else { return Ok(()) };
        loop {
            match channel::receive(&*channel, false) {
                Ok(Message::Listener(name, socket)) => {
                    self.coming.entry(name).or_default().push(socket);
                }
                Ok(Message::Ready) => self.succeed(pid)?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Ok(_) | Err(_) => {
                    // Its end is told by a signal.
                    let _ = self.poller.remove(channel.as_fd());
                    return Ok(());
                }
            }
        }
    }

    /// A worker serves: those before it finish.
    fn succeed(&mut self, pid: Pid) -> Result<(), Failure> {
        self.table.say("NOTICE", "Loading success.");
        self.kept = std::mem::take(&mut self.coming);
        {
            let mut table = self.table.lock();
            let signal = if table.hard { Signal::SIGTERM } else { Signal::SIGUSR1 };
            for worker in &mut table.workers {
                if worker.pid == pid {
                    worker.stage = Stage::Current;
                } else if worker.stage != Stage::Loading {
                    worker.stage = Stage::Old;
                    worker.signal(signal);
                }
            }
            table.failed = 0;
            table.hard = false;
        }
        if let Some(first) = self.first.take() {
            first()?;
            self.readiness.announce();
        }
        self.notifier.ready();
        if self.stopping {
            self.table.signal_all(Signal::SIGTERM);
        }
        self.settle(true)
    }

    /// The reload is over; another may have been asked for.
    fn settle(&mut self, success: bool) -> Result<(), Failure> {
        self.table.settle(success);
        if std::mem::take(&mut self.reload_waits) {
            self.reload().map_err(|error| Failure::new(format!("master : {error}")))?;
        }
        Ok(())
    }

    /// Starts the worker that will take over.
    fn reload(&mut self) -> io::Result<()> {
        if self.stopping {
            return Ok(());
        }
        if self.table.is_loading() {
            self.reload_waits = true;
            return Ok(());
        }
        self.notifier.reloading();
        let hard = self.table.lock().hard;
        self.table.begin();
        let how = if hard { " (hard-reload)" } else { "" };
        self.table.say("NOTICE", &format!("Reloading HAProxy{how}"));
        self.end_the_oldest();
        if let Err(error) = self.start() {
            self.table.say("ALERT", &format!("cannot start a worker: {error}"));
            self.notifier.reload_failed();
            self.table.lock().failed += 1;
            self.table.settle(false);
        }
        Ok(())
    }

    /// `mworker-max-reloads`
    fn end_the_oldest(&self) {
        let Some(most) = self.most_reloads else { return };
        for worker in &self.table.lock().workers {
            if worker.stage == Stage::Old && worker.reloads > most {
                worker.signal(Signal::SIGTERM);
            }
        }
    }

    /// Whether a child may have ended.
    fn obey_signals(&mut self) -> io::Result<bool> {
        let mut ended = false;
        while let Ok(Some(info)) = self.signals.read_signal() {
            let Ok(signal) = Signal::try_from(info.ssi_signo.cast_signed()) else { continue };
            match signal {
                Signal::SIGCHLD => ended = true,
                Signal::SIGUSR2 | Signal::SIGHUP => self.reload()?,
                Signal::SIGTERM | Signal::SIGINT | Signal::SIGUSR1 => self.stop(signal),
                other => self.table.signal_all(other),
            }
        }
        // Without any worker left there is no end to wait for.
        Ok(ended || (self.stopping && self.table.lock().workers.is_empty()))
    }

    fn stop(&mut self, signal: Signal) {
        self.notifier.stopping();
        self.stopping = true;
        // As long as a copy is open, clients would wait at a socket that nobody accepts on.
        self.kept.clear();
        self.coming.clear();
        self.table.signal_all(signal);
    }

    /// Looks which workers have ended, and what follows; a status ends the master.
    fn bury(&mut self) -> Result<Option<ExitCode>, Failure> {
        for (worker, (status, words)) in self.table.reap() {
            let pid = worker.pid;
            match worker.stage {
                Stage::Loading => self.fail(pid, &words, status)?,
                Stage::Old => {
                    let text = format!("Former worker ({pid}) exited with code {words}");
                    self.table.say("WARNING", &text);
                }
                Stage::Current => self.lose(pid, &words, status),
            }
        }
        let none_left = self.table.lock().workers.is_empty();
        if none_left && (self.stopping || self.first.is_some()) {
            let status = self.status;
            if status != 0 {
                self.table.say("WARNING", &format!("All workers exited. Exiting... ({status})"));
            }
            // That SIGTERM was obeyed is no failure, as HAProxy has it.
            return Ok(Some(ExitCode::from(if status == 143 { 0 } else { status })));
        }
        Ok(None)
    }

    /// A worker ended before it served: those before it stay.
    fn fail(&mut self, pid: Pid, words: &str, status: u8) -> Result<(), Failure> {
        let text = format!("Failed to load worker ({pid}) exited with code {words}");
        self.table.say("WARNING", &text);
        self.coming.clear();
        {
            let mut table = self.table.lock();
            table.failed += 1;
            table.hard = false;
        }
        if self.first.is_some() {
            self.status = status;
            return Ok(());
        }
        self.notifier.reload_failed();
        self.settle(false)
    }

    fn lose(&mut self, pid: Pid, words: &str, status: u8) {
        self.status = status;
        if self.stopping {
            let text = format!("Current worker ({pid}) exited with code {words}");
            self.table.say("NOTICE", &text);
            return;
        }
        self.table.say("ALERT", &format!("Current worker ({pid}) exited with code {words}"));
        if self.stays_on_failure {
            return;
        }
        self.table.say("ALERT", "exit-on-failure: killing every processes with SIGTERM");
        self.stop(Signal::SIGTERM);
    }
}

fn catch_signals() -> nix::Result<SignalFd> {
    let signals: SigSet = CAUGHT.into_iter().collect();
    signals.thread_block()?;
    SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

const CAUGHT: [Signal; 8] = [
    Signal::SIGCHLD,
    Signal::SIGTERM,
    Signal::SIGINT,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGHUP,
    Signal::SIGTTIN,
    Signal::SIGTTOU,
];

/// The poller's token of the signals; the others are process ids.
const SIGNALS: u64 = 1 << 32;
