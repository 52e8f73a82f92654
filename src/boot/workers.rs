//! Worker threads: one runtime each, pinned to a core.

use std::cell::OnceCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use tokio::runtime::{Builder, LocalOptions, LocalRuntime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::listeners::WorkerListener;
use crate::health;
use crate::listen::accept;
use crate::live;
use crate::log::{Sender, SenderSettings};
use crate::proxy::Plan;
use crate::session::Worker;
use crate::time::Clock;

/// What the control tasks tell a worker.
#[derive(Clone, Copy, Debug)]
pub(super) enum Command {
    /// Accept nothing more; end when the last connection does.
    StopSoftly,
}

/// A running worker.
pub(super) struct Handle {
    pub(super) commands: UnboundedSender<Command>,
    /// `None` for the worker that shares its thread with the control tasks.
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// The worker came to its end.
    pub(super) fn is_finished(&self) -> bool {
        self.thread.as_ref().map_or_else(|| self.commands.is_closed(), JoinHandle::is_finished)
    }
}

/// How many cores this process may use.
pub(super) fn available() -> usize {
    cores().len().max(1)
}

/// Starts one thread for each set of listeners but the first, whose worker is returned with its
/// runtime for the thread that called: it runs the control tasks as well. A process with one worker
/// has one thread then, and the kernel need not count references to its descriptors.
pub(super) fn spawn(
    plan: &Arc<Plan>,
    process: &Arc<live::Process>,
    settings: &SenderSettings,
    listeners: Vec<Vec<WorkerListener>>,
) -> io::Result<(First, Vec<Handle>)> {
    let cores = cores();
    let pinned = listeners.len() <= cores.len();
    let workers = listeners.len();
    let mut first = None;
    let mut handles = Vec::with_capacity(workers);
    for (number, listeners) in listeners.into_iter().enumerate() {
        let start = Start {
            number,
            workers,
            core: pinned.then(|| cores[number]),
            plan: Arc::clone(plan),
            process: Arc::clone(process),
            settings: settings.clone(),
            listeners,
        };
        let (commands, receiver) = unbounded_channel();
        if number == 0 {
            handles.push(Handle { commands, thread: None });
            first = Some(First { start, commands: receiver });
            continue;
        }
        let name = format!("worker-{number}");
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            let run = |runtime: &LocalRuntime| runtime.block_on(start.serve(receiver));
            if let Err(error) = runtime().map(|runtime| run(&runtime)) {
                super::alert(&format!("worker {number} cannot run: {error}"));
                std::process::exit(1);
            }
        })?;
        handles.push(Handle { commands, thread: Some(thread) });
    }
    let first = first.ok_or_else(|| io::Error::other("no worker"))?;
    Ok((first, handles))
}

/// The worker that shares its thread with the control tasks.
pub(super) struct First {
    start: Start,
    commands: UnboundedReceiver<Command>,
}

impl First {
    /// Runs `control` beside the worker, until `control` ends.
    pub(super) fn run_with<T>(self, control: impl Future<Output = T>) -> io::Result<T> {
        let runtime = runtime()?;
        Ok(runtime.block_on(async {
            let worker = tokio::task::spawn_local(self.start.serve(self.commands));
            let result = control.await;
            worker.abort();
            result
        }))
    }
}

/// A worker's runtime.
fn runtime() -> io::Result<LocalRuntime> {
    Builder::new_current_thread()
        .enable_io()
        .enable_time()
        // Polls between two looks for events: as many as HAProxy's loop takes on.
        .event_interval(POLLS)
        // The one clock reading of a loop turn.
        .on_thread_unpark(refresh_clock)
        .build_local(LocalOptions::default())
}

struct Start {
    number: usize,
    workers: usize,
    core: Option<usize>,
    plan: Arc<Plan>,
    process: Arc<live::Process>,
    settings: SenderSettings,
    listeners: Vec<WorkerListener>,
}

impl Start {
    /// Serves until a soft stop has come to its end.
    async fn serve(self, mut commands: UnboundedReceiver<Command>) {
        if let Some(core) = self.core {
            pin(core);
        }
        tracing::debug!(worker = self.number, core = self.core, "starting");
        let clock = Rc::new(Clock::new());
        CLOCK.with(|current| drop(current.set(Rc::clone(&clock))));
        let log = Rc::new(Sender::new(self.settings));
        let worker = Worker::new(self.number, self.workers, self.plan, self.process, clock, log);
        tokio::task::spawn_local(Rc::clone(&worker.wheel).drive(Rc::clone(&worker.clock)));
        tokio::task::spawn_local(housekeeping(Rc::clone(&worker)));
        health::start(&worker.plan, self.number, self.workers, Rc::clone(&worker.log));
        let accepting: Vec<_> = self
            .listeners
            .into_iter()
            .map(|own| {
                let worker = Rc::clone(&worker);
                tokio::task::spawn_local(accept(worker, own.frontend, own.bind, own.listener))
            })
            .collect();
        // Control tasks that are gone take the process with them.
        if let Some(Command::StopSoftly) = commands.recv().await {
            accepting.iter().for_each(tokio::task::JoinHandle::abort);
            worker.stop_softly();
            tracing::debug!(worker = worker.number, left = worker.connections(), "stopping");
            while worker.connections() > 0 {
                let ended = worker.ended.notified();
                let _ = tokio::time::timeout(Duration::from_millis(100), ended).await;
            }
        }
    }
}

/// Once a second: the wall clock, idle server connections, counters that are sampled.
async fn housekeeping(worker: Rc<Worker>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        worker.clock.synchronise();
        worker.tick();
    }
}

/// The cores that this process may run on, by number.
fn cores() -> Vec<usize> {
    sched_getaffinity(Pid::from_raw(0)).map_or_else(
        |_| Vec::new(),
        |set| (0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false)).collect(),
    )
}

/// Refusal does no harm: the scheduler decides then.
fn pin(core: usize) {
    let mut set = CpuSet::new();
    if set.set(core).is_ok() {
        let _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
}

/// The default of 61 asks the kernel more often than a busy worker needs.
const POLLS: u32 = 200;

fn refresh_clock() {
    CLOCK.with(|current| {
        if let Some(clock) = current.get() {
            clock.refresh();
        }
    });
}

thread_local! {
    static CLOCK: OnceCell<Rc<Clock>> = const { OnceCell::new() };
}
