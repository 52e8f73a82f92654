//! The supervisor's loop: a thread without a runtime that waits for packets, timers, signals, the
//! kernel's news and the proxy, and does nothing else. In steady state it allocates nothing.

use std::{
    io,
    os::fd::{AsRawFd, RawFd},
    process::ExitStatus,
    time::Duration,
};

use nix::sys::{
    signal::{SigSet, Signal},
    signalfd::{SfdFlags, SignalFd},
};

use super::{
    child::{self, Child},
    error::Error,
    instance::{Instance, Outside},
    interfaces::Interfaces,
    keeper::Keeper,
    log::{Level, Log},
    notify::Notifier,
    proxy::{End, Proxy},
    settings::Settings,
    state::Cause,
    status,
    time::Time,
};
use crate::sys::{
    clock,
    poll::Poller,
    realtime,
    route::{Address, Event, Route},
};

pub(crate) struct Supervisor<'s> {
    settings: &'s Settings,
    outside: Outside,
    signals: SignalFd,
    route: Route,
    interfaces: Interfaces,
    instances: Vec<Instance<'s>>,
    proxy: Proxy,
    buffer: Box<[u8; LONGEST_PACKET]>,
}

impl<'s> Supervisor<'s> {
    /// Opens everything and removes addresses that were left behind. On an error the child is still
    /// the caller's.
    pub(crate) fn open(
        settings: &'s Settings,
        child: Child,
        log: Log,
    ) -> Result<Self, (Child, Error)> {
        match Self::prepare(settings, log) {
            Ok(Parts { outside, signals, route, interfaces, instances }) => Ok(Self {
                settings,
                outside,
                signals,
                route,
                interfaces,
                instances,
                proxy: Proxy::new(child, now()),
                buffer: Box::new([0; LONGEST_PACKET]),
            }),
            Err(error) => Err((child, error)),
        }
    }

    fn prepare(settings: &'s Settings, log: Log) -> Result<Parts<'s>, Error> {
        let signals = catch_signals().map_err(|error| Error::system("signals", error))?;
        let mut route = Route::open().map_err(|error| Error::system("netlink", error))?;
        let mut interfaces = Interfaces::named_in(settings);
        let existing = interfaces
            .read(&mut route)
            .map_err(|error| Error::system("reading the interfaces", error))?;
        let (instances, addresses): (_, Vec<_>) = (0..settings.instances.len())
            .map(|position| Instance::open(settings, position, &interfaces, &existing, &mut route))
            .collect::<Result<_, _>>()?;
        let (lease, realtime) = (settings.address_lease(), settings.realtime_priority());
        let keeper = Keeper::start(addresses.into_iter(), lease, realtime)
            .map_err(|error| Error::system("starting a thread for the addresses", error))?;
        let poller = Poller::new().map_err(|error| Error::system("epoll", error))?;
        let notifier = Notifier::start(settings, log)?;
        let outside = Outside { keeper, poller, log, notifier, changed: true };
        Ok(Parts { outside, signals, route, interfaces, instances })
    }

    /// Runs until the proxy ended for good. Whatever happens, the addresses are given up first.
    pub(crate) fn run(
        mut self,
        restart: &mut dyn FnMut() -> io::Result<Child>,
    ) -> Result<ExitStatus, Error> {
        self.go_real_time();
        let result = self.serve(restart);
        self.leave(Cause::Stopping);
        self.outside.keeper.finish(LONGEST_FINISH);
        self.outside.notifier.finish(LONGEST_FINISH);
        if result.is_err() {
            // Nobody would look after it.
            self.proxy.child().signal(Signal::SIGTERM);
        }
        self.write_status();
        result
    }

    fn serve(
        &mut self,
        restart: &mut dyn FnMut() -> io::Result<Child>,
    ) -> Result<ExitStatus, Error> {
        self.watch().map_err(|error| Error::system("epoll", error))?;
        self.reconsider(now());
        self.write_status();
        loop {
            if let Some(status) = self.turn()? {
                return Ok(status);
            }
            if let Some(status) = self.proxy.restart_due(now()) {
                self.restart(status, restart)?;
            }
            self.write_status();
        }
    }

    /// One wait and what follows it; a status ends the loop. Packets come before timers: a node that
    /// stood still must hear what it missed before it acts on its silence.
    fn turn(&mut self) -> Result<Option<ExitStatus>, Error> {
        let ready = self
            .outside
            .poller
            .wait(self.deadline())
            .map_err(|error| Error::system("waiting", error))?;
        let now = now();
        let mut news = News::default();
        for token in ready {
            match token {
                SIGNALS => news.signals = true,
                ROUTE => news.route = true,
                CHILD => news.child = true,
                READY => news.ready = true,
                KEEPER => self.hear_keeper(now),
                position => {
                    if let Some(instance) = self.instances.get_mut(position as usize) {
                        instance.receive(&mut self.buffer[..], now, &mut self.outside);
                    }
                }
            }
        }
        for instance in &mut self.instances {
            instance.wake(now, &mut self.outside);
        }
        self.attend(&news, now)
    }

    fn hear_keeper(&mut self, now: Time) {
        self.outside.keeper.acknowledge();
        for (position, instance) in self.instances.iter_mut().enumerate() {
            if let Some(outcome) = self.outside.keeper.outcome(position) {
                instance.settled(outcome, now, &mut self.outside);
            }
        }
    }

    fn attend(&mut self, news: &News, now: Time) -> Result<Option<ExitStatus>, Error> {
        if news.child
            && let Some(status) = self.child_ended(now)?
        {
            return Ok(Some(status));
        }
        if news.ready
            && let Some(closed) = self.proxy.listen()
        {
            self.outside.forget(closed);
        }
        let lost = if news.route { self.follow_route()? } else { Vec::new() };
        let retry = self.instances.iter().any(|instance| instance.is_retry_due(now));
        if news.child || news.ready || news.route || retry {
            self.reconsider(now);
        }
        for address in &lost {
            for instance in &mut self.instances {
                instance.lost(address, now, &mut self.outside);
            }
        }
        if news.signals
            && let Some(status) = self.obey_signals(now)
        {
            return Ok(Some(status));
        }
        if self.proxy.kill_if_late(now) {
            self.say(Level::Warning, format_args!("the proxy did not stop in time: killed"));
        }
        Ok(None)
    }

    fn deadline(&self) -> Option<Duration> {
        let instances = self.instances.iter().filter_map(Instance::deadline);
        instances.chain(self.proxy.deadline()).min().map(|at| at.since(Time::default()))
    }

    fn child_ended(&mut self, now: Time) -> Result<Option<ExitStatus>, Error> {
        match self
            .proxy
            .check(now)
            .map_err(|error| Error::system("waiting for the proxy", error))?
        {
            End::No => Ok(None),
            End::Final(status) => Ok(Some(status)),
            End::Unexpected(status) => {
                self.forget_child();
                self.leave(Cause::ProxyDied);
                self.say(Level::Alert, format_args!("the proxy ended: {status}"));
                Ok(None)
            }
        }
    }

    /// Its descriptors would report its end for ever.
    fn forget_child(&self) {
        let child = self.proxy.child();
        self.outside.forget(child.pidfd());
        if let Some(ready) = child.ready() {
            self.outside.forget(ready);
        }
    }

    fn restart(
        &mut self,
        status: ExitStatus,
        restart: &mut dyn FnMut() -> io::Result<Child>,
    ) -> Result<(), Error> {
        child::keep_private(self.descriptors());
        let started = restart();
        child::keep_private(Vec::new());
        let child = started.map_err(|source| Error::Restart { status, source })?;
        self.say(
            Level::Notice,
            format_args!("the proxy is started again, process {}", child.pid()),
        );
        self.proxy.replace(child, now());
        self.watch_child().map_err(|error| Error::system("epoll", error))
    }

    /// SIGTERM and SIGINT stop, SIGUSR1 stops softly. The others are the proxy's own business for
    /// now; a reload of the cluster's settings would begin here.
    fn obey_signals(&mut self, now: Time) -> Option<ExitStatus> {
        while let Ok(Some(info)) = self.signals.read_signal() {
            let Ok(signal) = Signal::try_from(info.ssi_signo.cast_signed()) else { continue };
            let ended = match signal {
                Signal::SIGTERM | Signal::SIGINT => {
                    self.leave(Cause::Stopping);
                    self.proxy.stop(Signal::SIGTERM, self.settings.stop_timeout(), now)
                }
                Signal::SIGUSR1 => {
                    self.leave(Cause::SoftStopping);
                    self.proxy.soft_stop()
                }
                other => {
                    self.proxy.child().signal(other);
                    None
                }
            };
            if ended.is_some() {
                return ended;
            }
        }
        None
    }

    /// Takes over what the kernel tells of interfaces; gives the addresses that disappeared.
    fn follow_route(&mut self) -> Result<Vec<Address>, Error> {
        let Self { interfaces, route, .. } = self;
        let mut lost = Vec::new();
        let result = route.events(|event| {
            interfaces.apply(&event);
            if let Event::AddressGone(address) = event {
                lost.push(address);
            }
        });
        match result {
            Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => {
                let read = interfaces.read(route);
                read.map_err(|error| Error::system("reading the interfaces", error))?;
            }
            other => other.map_err(|error| Error::system("netlink", error))?,
        }
        Ok(lost)
    }

    fn reconsider(&mut self, now: Time) {
        for instance in &mut self.instances {
            instance.reconsider(self.proxy.able(), &self.interfaces, now, &mut self.outside);
        }
    }

    fn leave(&mut self, cause: Cause) {
        let now = now();
        for instance in &mut self.instances {
            instance.shut_down(cause, now, &mut self.outside);
        }
    }

    fn watch(&self) -> io::Result<()> {
        self.outside.poller.add(&self.signals, SIGNALS)?;
        self.outside.poller.add(self.route.watch(), ROUTE)?;
        self.outside.poller.add(self.outside.keeper.watch(), KEEPER)?;
        self.watch_child()
    }

    fn watch_child(&self) -> io::Result<()> {
        let child = self.proxy.child();
        self.outside.poller.add(child.pidfd(), CHILD)?;
        child.ready().map_or(Ok(()), |ready| self.outside.poller.add(ready, READY))
    }

    /// Both are a help, not a condition: where they are not permitted, timers may be late under load.
    fn go_real_time(&self) {
        let Some(priority) = self.settings.realtime_priority() else { return };
        let late = "the node may act late under load";
        if let Err(error) = realtime::round_robin(priority) {
            let need = "CAP_SYS_NICE, or realtime: off";
            self.say(Level::Warning, format_args!("not real-time, {late} ({need}): {error}"));
        }
        if let Err(error) = realtime::lock_memory() {
            let need = "CAP_IPC_LOCK, or realtime: off";
            self.say(Level::Warning, format_args!("memory not locked, {late} ({need}): {error}"));
        }
    }

    fn write_status(&mut self) {
        let Some(path) = &self.settings.status_file else { return };
        if !std::mem::take(&mut self.outside.changed) {
            return;
        }
        let instances: Vec<_> = self.instances.iter().map(Instance::status).collect();
        if let Err(error) = status::write(path, &self.settings.node, &instances) {
            self.say(Level::Warning, format_args!("writing {}: {error}", path.display()));
        }
    }

    fn descriptors(&self) -> Vec<RawFd> {
        let Outside { keeper, poller, .. } = &self.outside;
        let child = self.proxy.child();
        let mut all = vec![self.signals.as_raw_fd(), child.pidfd().as_raw_fd()];
        all.extend(child.ready().map(|ready| ready.as_raw_fd()));
        all.extend(self.route.descriptors());
        all.extend(keeper.descriptors());
        all.extend(poller.descriptors());
        all.extend(self.instances.iter().flat_map(Instance::descriptors));
        all
    }

    fn say(&self, level: Level, line: std::fmt::Arguments<'_>) {
        (self.outside.log)(level, line);
    }
}

/// What is opened before the child is taken over.
struct Parts<'s> {
    outside: Outside,
    signals: SignalFd,
    route: Route,
    interfaces: Interfaces,
    instances: Vec<Instance<'s>>,
}

/// What a wait brought beside packets.
#[derive(Default)]
struct News {
    signals: bool,
    route: bool,
    child: bool,
    ready: bool,
}

fn now() -> Time {
    Time::new(clock::since_boot())
}

fn catch_signals() -> nix::Result<SignalFd> {
    let signals: SigSet = CAUGHT.into_iter().collect();
    signals.thread_block()?;
    SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

const CAUGHT: [Signal; 5] =
    [Signal::SIGTERM, Signal::SIGINT, Signal::SIGUSR1, Signal::SIGUSR2, Signal::SIGHUP];

/// Tokens of the poller; those below are positions of instances.
const SIGNALS: u64 = 1 << 32;
const ROUTE: u64 = SIGNALS + 1;
const CHILD: u64 = SIGNALS + 2;
const READY: u64 = SIGNALS + 3;
const KEEPER: u64 = SIGNALS + 4;

/// How long removing the addresses may take at the end, and the hooks after that. A lease does the
/// rest for the addresses.
const LONGEST_FINISH: Duration = Duration::from_secs(2);

/// More than any advertisement with its IP header and options.
const LONGEST_PACKET: usize = 2048;
