//! One thread with its own runtime, sockets, buffers and log lines. Connections never leave it.

use std::cell::RefCell;
use std::io;
use std::net::TcpListener as StdListener;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

use crate::access_log::{AccessLog, LogHandle};
use crate::site::Site;

use super::buffers::Buffers;
use super::clock::Clock;
use super::connection::Connection;
use super::phase::{Phase, reached};

/// What a worker is given to start with.
pub(super) struct Share {
    pub(super) site: Arc<Site>,
    pub(super) listeners: Vec<StdListener>,
    pub(super) log: Option<LogHandle>,
    pub(super) phase: watch::Receiver<Phase>,
    /// How many connections it may hold.
    pub(super) room: usize,
}

/// What the connections of a worker have in common.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) site: Arc<Site>,
    pub(super) phase: watch::Receiver<Phase>,
    pub(super) buffers: Buffers,
    pub(super) clock: Clock,
    pub(super) log: RefCell<AccessLog>,
}

/// Serves until told to stop.
pub(super) fn run(share: Share) -> io::Result<()> {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_io().enable_time().build_local(LocalOptions::default())?;
    runtime.block_on(serve(share))
}

async fn serve(share: Share) -> io::Result<()> {
    let Share { site, listeners, log, mut phase, room } = share;
    let worker = Rc::new(Worker {
        phase: phase.clone(),
        buffers: Buffers::new(site.limits.head.0),
        clock: Clock::default(),
        log: RefCell::new(AccessLog::new(site.log_format, log)),
        site,
    });
    let everyone = u32::try_from(room).unwrap_or(u32::MAX >> 3).min(u32::MAX >> 3);
    let room = Arc::new(Semaphore::new(everyone as usize));
    let mut accepting: Vec<JoinHandle<()>> = Vec::new();
    for listener in listeners {
        let listener = TcpListener::from_std(listener)?;
        accepting.push(spawn_local(accept(worker.clone(), listener, room.clone())));
    }
    spawn_local(flush_regularly(worker.clone()));

    reached(&mut phase, Phase::Stopping).await;
    let ended = async {
        for loops in accepting {
            let _ = loops.await;
        }
        // Every connection holds a permit until it ends.
        let _ = room.acquire_many(everyone).await;
    };
    tokio::select! {
        ended = timeout(worker.site.timeouts.shutdown, ended) => {
            if ended.is_err() {
                warn!(left = everyone as usize - room.available_permits(), "cutting connections");
            }
        }
        () = reached(&mut phase, Phase::Cut) => {}
    }
    worker.log.borrow_mut().flush();
    Ok(())
}

/// Accepts until the server stops, and then what the kernel has already accepted for it.
async fn accept(worker: Rc<Worker>, listener: TcpListener, room: Arc<Semaphore>) {
    let mut phase = worker.phase.clone();
    loop {
        let permit = tokio::select! {
            permit = room.clone().acquire_owned() => permit,
            () = reached(&mut phase, Phase::Stopping) => return,
        };
        let accepted = tokio::select! {
            biased;
            accepted = listener.accept() => accepted,
            () = reached(&mut phase, Phase::Stopping) => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = Connection::new(stream, peer, worker.clone());
                spawn_local(async move {
                    connection.run().await;
                    drop(permit);
                });
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {
                debug!(%error, "client left before it was accepted");
            }
            Err(error) => {
                warn!(%error, "cannot accept");
                // Out of descriptors, most likely: some will come back with time.
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn flush_regularly(worker: Rc<Worker>) {
    loop {
        sleep(LOG_DELAY).await;
        worker.log.borrow_mut().flush();
    }
}

/// How long a line of the access log may stay in memory.
const LOG_DELAY: Duration = Duration::from_millis(250);
