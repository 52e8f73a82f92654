//! Worker threads: one runtime each, pinned to a core.

use std::cell::OnceCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::listeners::WorkerListener;
use crate::health;
use crate::listen::accept;
use crate::live;
use crate::log::{Sender, SenderSettings};
use crate::proxy::Plan;
use crate::session::Worker;
use crate::time::Clock;

/// What the control thread tells a worker.
#[derive(Clone, Copy, Debug)]
pub(super) enum Command {
    /// Accept nothing more; end when the last connection does.
    StopSoftly,
}

/// A running worker.
pub(super) struct Handle {
    pub(super) commands: UnboundedSender<Command>,
    pub(super) thread: JoinHandle<()>,
}

/// How many cores this process may use.
pub(super) fn available() -> usize {
    cores().len().max(1)
}

/// Starts one thread for each set of listeners.
pub(super) fn spawn(
    plan: &Arc<Plan>,
    process: &Arc<live::Process>,
    settings: &SenderSettings,
    listeners: Vec<Vec<WorkerListener>>,
) -> io::Result<Vec<Handle>> {
    let cores = cores();
    let pinned = listeners.len() <= cores.len();
    let workers = listeners.len();
    let mut handles = Vec::with_capacity(workers);
    for (number, listeners) in listeners.into_iter().enumerate() {
        let (plan, process) = (Arc::clone(plan), Arc::clone(process));
        let settings = settings.clone();
        let core = pinned.then(|| cores[number]);
        let (commands, receiver) = unbounded_channel();
        let thread =
            std::thread::Builder::new().name(format!("worker-{number}")).spawn(move || {
                if let Some(core) = core {
                    pin(core);
                }
                let start = Start { number, workers, plan, process, settings, listeners };
                if let Err(error) = start.run(receiver) {
                    super::alert(&format!("worker {number} cannot run: {error}"));
                    std::process::exit(1);
                }
            })?;
        handles.push(Handle { commands, thread });
    }
    Ok(handles)
}

struct Start {
    number: usize,
    workers: usize,
    plan: Arc<Plan>,
    process: Arc<live::Process>,
    settings: SenderSettings,
    listeners: Vec<WorkerListener>,
}

impl Start {
    fn run(self, commands: UnboundedReceiver<Command>) -> io::Result<()> {
        let clock = Rc::new(Clock::new());
        CLOCK.with(|current| drop(current.set(Rc::clone(&clock))));
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            // Polls between two looks for events: as many as HAProxy's loop takes on.
            .event_interval(POLLS)
            // The one clock reading of a loop turn.
            .on_thread_unpark(refresh_clock)
            .build_local(LocalOptions::default())?;
        runtime.block_on(self.serve(clock, commands));
        // Whatever is still running is dropped with the runtime.
        runtime.shutdown_background();
        Ok(())
    }

    async fn serve(self, clock: Rc<Clock>, mut commands: UnboundedReceiver<Command>) {
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
        // A control thread that is gone takes the process with it.
        if let Some(Command::StopSoftly) = commands.recv().await {
            accepting.iter().for_each(tokio::task::JoinHandle::abort);
            worker.stop_softly();
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
