//! The process: configuration, sockets, signals, and the end.

use std::error::Error;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;
use tracing::{info, warn};
use tracing_subscriber::EnvFilter;

use crate::access_log::{LogHandle, LogThread};
use crate::args::Args;
use crate::config::Config;
use crate::serve::{Bound, Phase, Running};
use crate::site::Site;

/// Runs the server to its end. An error is one sentence for the user.
pub fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let mut config = Config::load(&args.config)?;
    if !args.listen.is_empty() {
        config.listen.clone_from(&args.listen);
    }
    let site = Arc::new(Site::new(&config)?);
    if args.check {
        println!("{}: the configuration is valid", args.config.display());
        return Ok(());
    }
    log_to_stderr();
    let workers = args.workers.or(config.workers).unwrap_or_else(processors);
    let bound = Bound::new(&config.listen, workers)?;
    raise_descriptor_limit(site.limits.connections);
    let (log, log_thread) = LogThread::start(&config.access_log.path)
        .map_err(|error| format!("access log '{}': {error}", config.access_log.path))?
        .unzip();
    // A runtime of its own for signals, so that a busy worker cannot delay them.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the first connection: a signal that comes early must not kill.
        let mut signals = Signals::new()?;
        let addresses = bound.addresses().to_vec();
        let mut running = bound.start(&site, log.as_ref())?;
        for address in addresses {
            info!(%address, root = %config.root.display(), %workers, "listening");
        }
        signals.govern(&mut running, &site, log.as_ref()).await
    })?;
    drop(log);
    if let Some(thread) = log_thread {
        thread.finish();
    }
    Ok(())
}

/// The signals that end the server, and the one that reopens its log.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    user: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            user: signal(SignalKind::user_defined1())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Leads the server through its phases. Each further signal takes it to the next at once.
    async fn govern(
        &mut self,
        running: &mut Running,
        site: &Site,
        log: Option<&LogHandle>,
    ) -> io::Result<()> {
        tokio::select! {
            () = self.stop(log) => {}
            ended = running.finished() => return ended,
        }
        let drain = site.health.drain;
        info!(?drain, "draining: the health check fails from now on");
        running.enter(Phase::Draining);
        let _ = timeout(drain, self.stop(log)).await;
        info!("stopping: no new connections");
        running.enter(Phase::Stopping);
        tokio::select! {
            () = self.stop(log) => running.enter(Phase::Cut),
            ended = running.finished() => return ended,
        }
        running.finished().await
    }

    async fn stop(&mut self, log: Option<&LogHandle>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.user.recv() => return,
                _ = self.hangup.recv() => {
                    if let Some(log) = log {
                        log.reopen();
                    }
                }
            }
        }
    }
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Fails only when a subscriber is there already, which then logs.
    let _ = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_env_filter(filter)
        .try_init();
}

fn processors() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// A connection needs a descriptor for itself and one for the file it is sent.
fn raise_descriptor_limit(connections: NonZeroUsize) {
    let wanted = connections.get() as u64 * 2 + 64;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    let new = wanted.min(hard);
    if new > soft && setrlimit(Resource::RLIMIT_NOFILE, new, hard).is_err() {
        warn!(soft, wanted, "cannot raise the limit of open files");
    } else if hard < wanted {
        warn!(hard, wanted, "limit of open files is too low for limits.connections");
    }
}
