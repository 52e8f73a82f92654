//! The worker's end of master-worker mode: it takes the listening sockets of the worker before it,
//! gives its own to the master for the worker after it, and says when it serves.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use nix::unistd::Pid;
use tokio::net::UnixStream;

use super::Failure;
use super::channel::{self, Message};
use crate::listen::Listener;
use crate::proxy::Level;
use crate::sys::{fd, handover};
use crate::{admin, cluster};

/// Listening sockets by what they were bound with.
pub(super) type Listeners = HashMap<String, Vec<OwnedFd>>;

/// The connection to the master.
#[derive(Debug)]
pub(super) struct Master {
    channel: OwnedFd,
    /// Sockets of the worker before this one.
    pub(super) listeners: Listeners,
    /// The master is itself the proxy of a cluster.
    pub(super) is_clustered: bool,
}

impl Master {
    /// Takes up the connection, if this process was started by a master.
    pub(super) fn of_environment() -> Result<Option<Self>, Failure> {
        let Some(value) = std::env::var_os(VARIABLE) else { return Ok(None) };
        let value = value.to_string_lossy();
        let mut numbers = value.split(':').map_while(|number| number.parse::<i32>().ok());
        let (Some(master), Some(channel), Some(clustered)) =
            (numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(Failure::new(format!("{VARIABLE} is set, but not by evenkeel")));
        };
        cluster::follow_supervisor(Pid::from_raw(master))
            .map_err(|error| Failure::new(format!("cannot follow the master: {error}")))?;
        let lost = |error| Failure::new(format!("no connection to the master: {error}"));
        let channel = fd::inherit(channel).map_err(lost)?;
        let mut listeners = Listeners::new();
        while let Message::Listener(name, listener) =
            channel::receive(&channel, true).map_err(lost)?
        {
            listeners.entry(name).or_default().push(listener);
        }
        Ok(Some(Self { channel, listeners, is_clustered: clustered != 0 }))
    }

    /// Gives a listening socket to the master, who keeps it open.
    pub(super) fn keep(&self, name: &str, listener: &Listener) -> Result<(), Failure> {
        let sent = match listener {
            Listener::Tcp(listener) => channel::send_listener(&self.channel, name, listener),
            Listener::Unix(listener) => channel::send_listener(&self.channel, name, listener),
        };
        sent.map_err(|error| Failure::new(format!("cannot hand over a listener: {error}")))
    }

    /// The request to be killed with the master is forgotten when the user changes.
    pub(super) fn follow_again(&self) -> Result<(), Failure> {
        nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)
            .map_err(|error| Failure::new(format!("cannot follow the master: {error}")))
    }

    pub(super) fn announce(&self) {
        // A master that is gone has taken this process with it.
        let _ = channel::send_ready(&self.channel);
    }

    /// Serves the connections that the master hands over, with the rights of an administrator.
    pub(super) async fn serve_sessions(self, context: Rc<admin::Context>) {
        let Ok(channel) = handover::watch(self.channel) else { return };
        loop {
            let Ok(mut ready) = channel.readable().await else { return };
            match channel::receive(channel.get_ref(), false) {
                Ok(Message::Session(session)) => {
                    let io = std::os::unix::net::UnixStream::from(session);
                    let Ok(io) = io.set_nonblocking(true).and_then(|()| UnixStream::from_std(io))
                    else {
                        continue;
                    };
                    let context = Rc::clone(&context);
                    tokio::task::spawn_local(admin::serve(io, context, Level::Admin));
                }
                Ok(Message::End) => return,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    ready.clear_ready();
                }
                Ok(_) | Err(_) => return,
            }
        }
    }
}

/// `pid:descriptor:clustered` of the master, its end of the connection, and whether it is the
/// proxy of a cluster.
pub(super) const VARIABLE: &str = "EVENKEEL_WORKER";
