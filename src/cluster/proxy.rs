//! The proxy process as the supervisor sees it over its lives: starting, listening, dead, being
//! stopped. Pure but for the signals it sends, so that the supervisor only asks what it may do.

use std::{io, os::fd::OwnedFd, process::ExitStatus, time::Duration};

use nix::sys::signal::Signal;

use super::{
    child::{Child, Readiness},
    state::Cause,
    time::Time,
};

/// ```text
/// Starting -> Listening <-> Withdrawn        any -> Stopping -> ended
///     ^           |                          any -> SoftStopping -> ended
///     +-- Dead <--+
/// ```
#[derive(Debug)]
pub(crate) struct Proxy {
    child: Child,
    life: Life,
    started: Time,
    /// How long the next restart waits.
    backoff: Duration,
    /// Whether any child of ours ever listened.
    has_served: bool,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Life {
    Starting,
    Listening,
    Withdrawn,
    Dead { status: ExitStatus, restart_at: Time },
    Stopping { kill_at: Time },
    SoftStopping,
}

/// What the end of the child means.
#[derive(Debug)]
pub(crate) enum End {
    /// Nothing ended.
    No,
    /// It will be started again.
    Unexpected(ExitStatus),
    /// The supervisor's work is done as well.
    Final(ExitStatus),
}

impl Proxy {
    pub(crate) const fn new(child: Child, now: Time) -> Self {
        Self {
            child,
            life: Life::Starting,
            started: now,
            backoff: Duration::ZERO,
            has_served: false,
        }
    }

    pub(crate) const fn child(&self) -> &Child {
        &self.child
    }

    /// Whether the node may take part in elections, or why not.
    pub(crate) const fn able(&self) -> Result<(), Cause> {
        match self.life {
            Life::Listening => Ok(()),
            Life::Starting | Life::Withdrawn => Err(Cause::ProxyNotReady),
            Life::Dead { .. } => Err(Cause::ProxyDied),
            Life::Stopping { .. } => Err(Cause::Stopping),
            Life::SoftStopping => Err(Cause::SoftStopping),
        }
    }

    pub(crate) const fn deadline(&self) -> Option<Time> {
        match self.life {
            Life::Dead { restart_at: at, .. } | Life::Stopping { kill_at: at } => Some(at),
            _ => None,
        }
    }

    /// Reads what the child wrote; gives its pipe once it will say nothing more.
    pub(crate) fn listen(&mut self) -> Option<OwnedFd> {
        let life = match self.child.readiness()? {
            Readiness::Listening => Life::Listening,
            Readiness::Withdrawn => Life::Withdrawn,
            Readiness::Closed => return self.child.take_ready(),
        };
        if matches!(self.life, Life::Starting | Life::Listening | Life::Withdrawn) {
            self.life = life;
            self.has_served = true;
        }
        None
    }

    /// Looks whether the child has ended. One that ends before it ever listened, as with a wrong
    /// configuration, is not started again.
    pub(crate) fn check(&mut self, now: Time) -> io::Result<End> {
        if matches!(self.life, Life::Dead { .. }) {
            return Ok(End::No);
        }
        let Some(status) = self.child.reap()? else { return Ok(End::No) };
        let stopping = matches!(self.life, Life::Stopping { .. } | Life::SoftStopping);
        if stopping || !self.has_served {
            return Ok(End::Final(status));
        }
        if now.since(self.started) >= LONG_LIFE {
            self.backoff = Duration::ZERO;
        }
        self.life = Life::Dead { status, restart_at: now + self.backoff };
        self.backoff = (self.backoff * 2).clamp(SHORTEST_BACKOFF, LONGEST_BACKOFF);
        Ok(End::Unexpected(status))
    }

    /// The status of the dead child, once another should be started.
    pub(crate) fn restart_due(&self, now: Time) -> Option<ExitStatus> {
        match self.life {
            Life::Dead { status, restart_at } if now >= restart_at => Some(status),
            _ => None,
        }
    }

    pub(crate) fn replace(&mut self, child: Child, now: Time) {
        self.child = child;
        self.life = Life::Starting;
        self.started = now;
    }

    /// Asks the child to end; it is killed after `timeout`. The status if it is dead already.
    pub(crate) fn stop(
        &mut self,
        signal: Signal,
        timeout: Duration,
        now: Time,
    ) -> Option<ExitStatus> {
        if let Life::Dead { status, .. } = self.life {
            return Some(status);
        }
        self.child.signal(signal);
        if !matches!(self.life, Life::Stopping { .. }) {
            self.life = Life::Stopping { kill_at: now + timeout };
        }
        None
    }

    /// Asks the child to end when its connections have. The status if it is dead already.
    pub(crate) fn soft_stop(&mut self) -> Option<ExitStatus> {
        if let Life::Dead { status, .. } = self.life {
            return Some(status);
        }
        self.child.signal(Signal::SIGUSR1);
        if !matches!(self.life, Life::Stopping { .. }) {
            self.life = Life::SoftStopping;
        }
        None
    }

    /// Kills the child if it did not stop in time; whether it did.
    pub(crate) fn kill_if_late(&mut self, now: Time) -> bool {
        match self.life {
            Life::Stopping { kill_at } if now >= kill_at => {
                self.child.signal(Signal::SIGKILL);
                self.life = Life::Stopping { kill_at: now + LONGEST_BACKOFF };
                true
            }
            _ => false,
        }
    }
}

/// A child that lived this long is started again at once.
const LONG_LIFE: Duration = Duration::from_secs(10);
const SHORTEST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);
