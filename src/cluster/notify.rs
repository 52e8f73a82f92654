//! The operator's program that is run at each transition: one at a time and in order, by a thread of
//! its own, so that the loop never waits for a program to start.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use super::{
    error::Error,
    log::{Level, Log},
    settings::Settings,
    state::Transition,
};
use crate::sys::command::unblock_signals;

pub(crate) struct Notifier {
    /// `None` without a program, so that there is no thread either.
    thread: Option<Thread>,
    log: Log,
}

struct Thread {
    queue: SyncSender<[String; 3]>,
    /// Closed when the thread has ended.
    ended: Receiver<()>,
}

impl Notifier {
    pub(crate) fn start(settings: &Settings, log: Log) -> Result<Self, Error> {
        let Some(program) = &settings.notify else { return Ok(Self { thread: None, log }) };
        let (queue, jobs) = sync_channel(LONGEST_QUEUE);
        let (alive, ended) = sync_channel(0);
        let (program, node) = (program.clone(), settings.node.clone());
        thread::Builder::new()
            .name("notify".to_owned())
            .spawn(move || {
                jobs.iter().for_each(|job| run(&program, &node, &job, log));
                drop(alive);
            })
            .map_err(|error| Error::system("starting a thread for the hooks", error))?;
        Ok(Self { thread: Some(Thread { queue, ended }), log })
    }

    /// `PROGRAM NODE INSTANCE STATE REASON`; left out when too many wait already.
    pub(crate) fn tell(&self, instance: &str, moved: &Transition) {
        let Some(thread) = &self.thread else { return };
        let job = [instance.to_owned(), moved.to.to_string(), moved.reason.to_string()];
        if let Err(TrySendError::Full(_)) = thread.queue.try_send(job) {
            (self.log)(Level::Warning, format_args!("notify hangs: a transition is not told"));
        }
    }

    /// Waits until every transition was told, for a bounded time.
    pub(crate) fn finish(&mut self, most: Duration) {
        let Some(Thread { queue, ended }) = self.thread.take() else { return };
        drop(queue);
        if ended.recv_timeout(most) == Err(RecvTimeoutError::Timeout) {
            (self.log)(Level::Warning, format_args!("notify is still running"));
        }
    }
}

fn run(program: &Path, node: &str, [instance, state, reason]: &[String; 3], log: Log) {
    let mut command = Command::new(program);
    let started = unblock_signals(&mut command)
        .args([node, instance, state, reason])
        .stdin(Stdio::null())
        .spawn();
    let result = started.and_then(|child| wait(child, instance, log));
    if let Err(error) = result {
        log(Level::Warning, format_args!("notify {}: {error}", program.display()));
    }
}

fn wait(mut child: Child, instance: &str, log: Log) -> std::io::Result<()> {
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > LONGEST_RUN {
            log(Level::Warning, format_args!("notify for {instance} did not end: killed"));
            child.kill()?;
            child.wait()?;
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

const LONGEST_QUEUE: usize = 64;
const LONGEST_RUN: Duration = Duration::from_secs(30);
