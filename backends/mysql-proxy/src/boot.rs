//! Starting and stopping.
//!
//! Apart because it ties everything together: workers on threads of their own, and on the main
//! thread what is rare.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::runtime::{Builder, LocalRuntime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep, timeout};
use tracing::{error, info, warn};

use crate::config::Settings;
use crate::live::Shared;
use crate::server::check;
use crate::server::pool::Pool;
use crate::server::reset::quit;
use crate::session::Worker;
use crate::{admin, listen};

/// Runs the proxy until a signal ends it; the error is one sentence for the operator.
pub fn run(settings: Settings) -> Result<(), String> {
    let workers = workers(&settings);
    let cannot_listen = |address: SocketAddr| {
        move |error: std::io::Error| format!("cannot listen on {address}: {error}")
    };
    let listeners =
        listen::bind(settings.listen, workers).map_err(cannot_listen(settings.listen))?;
    let admin = match &settings.admin {
        None => None,
        Some(admin) => Some(TcpListener::bind(admin.listen).map_err(cannot_listen(admin.listen))?),
    };
    announce(&listeners, admin.as_ref(), workers);
    raise_file_limit(settings.max_connections);

    let shared = Arc::new(Shared::new(settings, workers));
    for (number, listener) in listeners.into_iter().enumerate() {
        let shared = Arc::clone(&shared);
        thread::Builder::new()
            .name(format!("worker-{number}"))
            .spawn(move || work(shared, number, listener))
            .map_err(|error| format!("cannot start a worker: {error}"))?;
    }
    runtime()?.block_on(control(shared, admin))
}

fn workers(settings: &Settings) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    settings.workers.map_or_else(cores, usize::from)
}

fn announce(listeners: &[TcpListener], admin: Option<&TcpListener>, workers: usize) {
    let address = |listener: &TcpListener| listener.local_addr().ok();
    let sessions = listeners.first().and_then(address).map(|address| address.to_string());
    let admin = admin.and_then(address).map(|address| address.to_string());
    info!(listen = sessions, admin, workers, "started");
}

/// Each session needs two sockets: the usual soft limit of 1024 files is soon too low.
fn raise_file_limit(max_connections: usize) {
    let needed = (2 * max_connections + SPARE_FILES) as u64;
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        let wanted = needed.min(hard).max(soft);
        setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).map(|()| wanted)
    });
    match raised {
        Ok(limit) if limit >= needed => {}
        Ok(limit) => warn!(limit, needed, "max_connections needs more open files than allowed"),
        Err(error) => warn!(%error, needed, "cannot raise the limit of open files"),
    }
}

fn runtime() -> Result<LocalRuntime, String> {
    Builder::new_current_thread()
        .enable_all()
        .build_local(Default::default())
        .map_err(|error| format!("cannot start a runtime: {error}"))
}

/// A worker's thread.
fn work(shared: Arc<Shared>, number: usize, listener: TcpListener) {
    let pool = &shared.settings.pool;
    let pool = Pool::new(pool.max_idle, pool.idle_timeout);
    let worker = Rc::new(Worker { shared, number, pool });
    let life = async {
        tokio::task::spawn_local(expire(Rc::clone(&worker)));
        if let Err(error) = listen::accept(Rc::clone(&worker), listener).await {
            error!(%error, "a worker cannot accept");
        }
        for connection in worker.pool.empty() {
            quit(connection).await;
        }
        // Sessions go on; the main thread decides when the process ends.
        std::future::pending::<()>().await;
    };
    match runtime() {
        Ok(runtime) => runtime.block_on(life),
        Err(error) => error!(error, "a worker cannot run"),
    }
}

/// Closes server connections that nobody has needed for a while.
async fn expire(worker: Rc<Worker>) {
    let pause = (worker.shared.settings.pool.idle_timeout / 4).max(Duration::from_millis(100));
    loop {
        sleep(pause).await;
        for connection in worker.pool.expire(Instant::now()) {
            quit(connection).await;
        }
    }
}

/// The main thread.
async fn control(shared: Arc<Shared>, admin: Option<TcpListener>) -> Result<(), String> {
    let no_signals = |error: std::io::Error| format!("cannot wait for signals: {error}");
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    for server in &shared.servers {
        tokio::task::spawn_local(check::run(Arc::clone(&shared), Arc::clone(server)));
    }
    if let Some(listener) = admin {
        let serve = admin::serve(Arc::clone(&shared), listener);
        tokio::task::spawn_local(serve);
    }

    either(terminate.recv(), interrupt.recv()).await;
    info!(sessions = shared.sessions.load(Relaxed), "stopping: no new sessions");
    shared.draining.send_replace(true);
    either(drained(&shared), again(&mut terminate, &mut interrupt)).await;
    info!("stopped");
    Ok(())
}

/// Waits for the last session, at most for the drain timeout.
async fn drained(shared: &Shared) {
    let empty = async {
        while shared.sessions.load(Relaxed) > 0 {
            sleep(DRAIN_POLL).await;
        }
    };
    if timeout(shared.settings.timeouts.drain, empty).await.is_err() {
        warn!(sessions = shared.sessions.load(Relaxed), "drain timeout: sessions are cut off");
    }
    // Goodbyes to pooled connections and refusals of late clients leave meanwhile.
    sleep(DRAIN_POLL).await;
}

async fn again(terminate: &mut Signal, interrupt: &mut Signal) {
    either(terminate.recv(), interrupt.recv()).await;
    warn!("stopping at once");
}

/// Waits for whichever is first.
async fn either<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    std::future::poll_fn(|cx| {
        if first.as_mut().poll(cx).is_ready() || second.as_mut().poll(cx).is_ready() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

/// For pooled connections, listeners, checks and the program itself.
const SPARE_FILES: usize = 256;
const DRAIN_POLL: Duration = Duration::from_millis(50);
