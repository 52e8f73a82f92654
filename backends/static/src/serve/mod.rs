//! Sockets, threads and time: binds, accepts, reads, sends, drains, stops. What is sent is decided
//! elsewhere.

mod buffers;
mod clock;
mod connection;
mod inbox;
mod listen;
mod phase;
mod send;
mod worker;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, watch};

use crate::access_log::LogHandle;
use crate::site::Site;

pub use listen::BindError;
pub use phase::Phase;

use worker::Share;

/// Sockets that listen, one of each address per worker; no connection is accepted yet.
#[derive(Debug)]
pub struct Bound {
    addresses: Vec<SocketAddr>,
    /// One list per worker.
    sockets: Vec<Vec<TcpListener>>,
}

/// A server at work on threads of its own.
#[derive(Debug)]
pub struct Running {
    phases: Vec<watch::Sender<Phase>>,
    exits: mpsc::UnboundedReceiver<io::Result<()>>,
}

impl Bound {
    pub fn new(addresses: &[SocketAddr], workers: NonZeroUsize) -> Result<Self, BindError> {
        let mut sockets: Vec<_> = (0..workers.get()).map(|_| Vec::new()).collect();
        let mut bound = Vec::new();
        for &address in addresses {
            let shared = listen::bind(address, workers)?;
            bound.extend(shared.first().and_then(|socket| socket.local_addr().ok()));
            for (worker, socket) in sockets.iter_mut().zip(shared) {
                worker.push(socket);
            }
        }
        Ok(Self { addresses: bound, sockets })
    }

    /// Where the server listens; a port 0 has become a real one.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Starts one thread per worker.
    pub fn start(self, site: &Arc<Site>, log: Option<&LogHandle>) -> io::Result<Running> {
        let room = site.limits.connections.get().div_ceil(self.sockets.len().max(1));
        let (exit, exits) = mpsc::unbounded_channel();
        let mut phases = Vec::new();
        for (number, listeners) in self.sockets.into_iter().enumerate() {
            // A channel each, so that a worker's connections share nothing with another's.
            let (sender, phase) = watch::channel(Phase::Serving);
            phases.push(sender);
            let share = Share { site: site.clone(), listeners, log: log.cloned(), phase, room };
            let exit = exit.clone();
            thread::Builder::new().name(format!("worker-{number}")).spawn(move || {
                // Nobody listens any more only when the process is ending.
                let _ = exit.send(worker::run(share));
            })?;
        }
        Ok(Running { phases, exits })
    }
}

impl Running {
    /// Moves all workers on to `phase`; never back.
    pub fn enter(&self, phase: Phase) {
        for sender in &self.phases {
            sender.send_if_modified(|current| {
                let later = phase > *current;
                *current = phase.max(*current);
                later
            });
        }
    }

    /// Waits until every worker has ended; the first failure among them otherwise.
    pub async fn finished(&mut self) -> io::Result<()> {
        while let Some(result) = self.exits.recv().await {
            result?;
        }
        Ok(())
    }
}
