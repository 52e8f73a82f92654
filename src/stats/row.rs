//! Lines of the statistics: which there are, in which order, and what they know.

use std::borrow::Cow;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;

use super::Context;
use super::state::ServerState;
use super::value::Value::{self, Empty, U32, U64};
use crate::live::{Average, CheckResult, CheckStatus, Counter, Counters, PerWorker, Queue};
use crate::proxy::{Backend, CheckSettings, Frontend, Mode, Server};
use crate::time::Rate;

/// A line: a frontend, a server, or a backend.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub kind: Kind<'a>,
    pub counters: &'a PerWorker<Counters>,
    context: Context<'a>,
    /// Whether addresses, cookies and algorithms may be told.
    legends: bool,
    /// Whether a backend's status tells how many of its servers are up.
    counts: bool,
}

/// What a line is about.
#[derive(Clone, Copy)]
pub enum Kind<'a> {
    Frontend(&'a Frontend),
    Server(&'a Backend, &'a Server),
    Backend(&'a Backend),
}

impl<'a> Row<'a> {
    pub(super) fn new(context: Context<'a>, kind: Kind<'a>, legends: bool, counts: bool) -> Self {
        let counters = match kind {
            Kind::Frontend(frontend) => &frontend.live.counters,
            Kind::Server(_, server) => &server.live.counters,
            Kind::Backend(backend) => &backend.live.counters,
        };
        Self { kind, counters, context, legends, counts }
    }

    #[must_use]
    pub fn proxy(&self) -> &'a str {
        match self.kind {
            Kind::Frontend(frontend) => &frontend.name,
            Kind::Server(backend, _) | Kind::Backend(backend) => &backend.name,
        }
    }

    /// `FRONTEND`, `BACKEND` or the server's name.
    #[must_use]
    pub fn service(&self) -> &'a str {
        match self.kind {
            Kind::Frontend(_) => "FRONTEND",
            Kind::Server(_, server) => &server.name,
            Kind::Backend(_) => "BACKEND",
        }
    }

    #[must_use]
    pub fn proxy_id(&self) -> u32 {
        match self.kind {
            Kind::Frontend(frontend) => frontend.id,
            Kind::Server(backend, _) | Kind::Backend(backend) => backend.id,
        }
    }

    /// The server's number; 0 for a frontend or a backend.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.server().map_or(0, |server| server.id)
    }

    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.kind {
            Kind::Frontend(frontend) => frontend.mode,
            Kind::Server(backend, _) | Kind::Backend(backend) => backend.mode,
        }
    }

    #[must_use]
    pub fn server(&self) -> Option<&'a Server> {
        match self.kind {
            Kind::Server(_, server) => Some(server),
            _ => None,
        }
    }

    /// The words of the `status` column.
    #[must_use]
    pub fn status(&self) -> Cow<'a, str> {
        match self.kind {
            Kind::Frontend(frontend) if frontend.live.disabled.load(Relaxed) => "PAUSED".into(),
            Kind::Frontend(_) => "OPEN".into(),
            Kind::Server(_, server) => ServerState::of(server).status(server),
            Kind::Backend(backend) => {
                let word = if backend.live.up.load(Relaxed) { "UP" } else { "DOWN" };
                if self.counts {
                    let ready = self.active() + self.backup();
                    format!("{word} ({ready}/{})", backend.servers.len()).into()
                } else {
                    word.into()
                }
            }
        }
    }

    /// 0 is a frontend, 1 a backend, 2 a server.
    pub(super) fn kind(&self) -> u32 {
        match self.kind {
            Kind::Frontend(_) => 0,
            Kind::Backend(_) => 1,
            Kind::Server(..) => 2,
        }
    }

    pub(super) fn queue(&self) -> Option<&'a Queue> {
        match self.kind {
            Kind::Frontend(_) => None,
            Kind::Server(_, server) => Some(&server.live.queue),
            Kind::Backend(backend) => Some(&backend.live.queue),
        }
    }

    /// Workers reach their highest values at different moments: their sum is a bound that the
    /// limit makes tighter.
    pub(super) fn sessions_max(&self) -> u32 {
        let sum = self.counters.sum(|c| c.sessions_max.get()) as u32;
        match (self.kind, self.session_limit()) {
            (Kind::Frontend(_) | Kind::Server(..), U32(limit)) if limit > 0 => sum.min(limit),
            _ => sum,
        }
    }

    pub(super) fn session_limit(&self) -> Value<'a> {
        match self.kind {
            Kind::Frontend(frontend) => match frontend.live.maxconn.load(Relaxed) {
                0 => super::info::maxconn(&self.context),
                limit => U32(limit),
            },
            Kind::Server(_, server) => positive(server.live.maxconn.load(Relaxed)),
            Kind::Backend(backend) => U32(backend.fullconn),
        }
    }

    pub(super) fn queue_limit(&self) -> Value<'a> {
        self.server().map_or(Empty, |server| positive(server.maxqueue))
    }

    pub(super) fn idle_limit(&self) -> Value<'a> {
        let limit = self.server().and_then(|server| server.pool_max_conn);
        limit.map_or(Empty, |limit| U32(limit as u32))
    }

    pub(super) fn idle_connections(&self) -> u32 {
        self.counters.sum(|c| c.idle_connections.get()) as u32
    }

    /// A server's weight, or the sum of those a backend would choose from.
    pub(super) fn weight(&self) -> u32 {
        match self.kind {
            Kind::Frontend(_) => 0,
            Kind::Server(_, server) => server.live.weight(),
            Kind::Backend(backend) => {
                backend.eligible().map(|(_, server)| server.live.weight()).sum()
            }
        }
    }

    pub(super) fn active(&self) -> u32 {
        self.ready(false)
    }

    pub(super) fn backup(&self) -> u32 {
        self.ready(true)
    }

    fn ready(&self, backup: bool) -> u32 {
        match self.kind {
            Kind::Frontend(_) => 0,
            Kind::Server(_, server) => u32::from(server.backup == backup),
            Kind::Backend(backend) => {
                let servers = backend.servers.iter();
                servers.filter(|s| s.backup == backup && s.live.is_eligible()).count() as u32
            }
        }
    }

    pub(super) fn down_transitions(&self) -> Value<'a> {
        match self.kind {
            Kind::Frontend(_) => Empty,
            Kind::Server(_, server) if server.check.is_none() => Empty,
            Kind::Server(_, server) => U64(server.live.down_transitions.load(Relaxed)),
            Kind::Backend(backend) => U64(backend.live.down_transitions.load(Relaxed)),
        }
    }

    /// Seconds since the last change of state.
    pub(super) fn last_change(&self) -> u32 {
        let at = match self.kind {
            Kind::Frontend(_) => return 0,
            Kind::Server(_, server) => server.live.last_change.load(Relaxed),
            Kind::Backend(backend) => backend.live.last_change.load(Relaxed),
        };
        self.now_s().saturating_sub(at) as u32
    }

    pub(super) fn downtime(&self) -> Value<'a> {
        let (before, up) = match self.kind {
            Kind::Frontend(_) => return Empty,
            Kind::Server(_, server) if server.check.is_none() => return Empty,
            Kind::Server(_, server) => {
                (server.live.downtime.load(Relaxed), server.live.is_usable())
            }
            Kind::Backend(backend) => {
                (backend.live.downtime.load(Relaxed), backend.live.up.load(Relaxed))
            }
        };
        U32(before as u32 + if up { 0 } else { self.last_change() })
    }

    /// Seconds since the last session; -1 is never.
    pub(super) fn last_session(&self) -> i32 {
        match self.counters.max(|c| c.last_session.get()) {
            0 => -1,
            at => self.now_s().saturating_sub(at) as i32,
        }
    }

    pub(super) fn address(&self) -> Value<'a> {
        use crate::proxy::ServerAddress;
        let Some(server) = self.server().filter(|_| self.legends) else { return Empty };
        match &**server.address.load() {
            ServerAddress::Unix(_) | ServerAddress::Abstract(_) => Value::text("unix"),
            address => Value::owned(&address.to_string()),
        }
    }

    pub(super) fn cookie(&self) -> Value<'a> {
        let name = match self.kind {
            _ if !self.legends => None,
            Kind::Frontend(_) => None,
            Kind::Server(_, server) => server.cookie.as_deref(),
            Kind::Backend(backend) => backend.persistence.as_ref().map(|p| p.name.as_str()),
        };
        name.map_or(Empty, Value::text)
    }

    pub(super) fn algorithm(&self) -> Value<'a> {
        match self.kind {
            Kind::Backend(backend) if self.legends => Value::text(backend.algorithm.name()),
            _ => Empty,
        }
    }

    pub(super) fn check(&self, value: impl Fn(&Server) -> Value<'a>) -> Value<'a> {
        self.server().filter(|server| server.check.is_some()).map_or(Empty, value)
    }

    /// Of the last check, unless checks are paused for maintenance.
    pub(super) fn last_check(&self, value: impl Fn(&CheckResult) -> Value<'a>) -> Value<'a> {
        self.check(|server| {
            if ServerState::of(server) == ServerState::Maintenance {
                return Empty;
            }
            let mut check =
                server.live.check.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if check.status == CheckStatus::Unknown {
                // Before the first result HAProxy calls it so.
                check.status = CheckStatus::Initialising;
            }
            value(&check)
        })
    }

    pub(super) fn check_setting(&self, value: impl Fn(&CheckSettings, i32) -> i32) -> Value<'a> {
        let Some(server) = self.server() else { return Empty };
        match &server.check {
            Some(check) if ServerState::of(server) != ServerState::Maintenance => {
                U32(value(check, server.live.check_position.load(Relaxed)).max(0) as u32)
            }
            _ => Empty,
        }
    }

    pub(super) fn sum(&self, of: impl Fn(&Counters) -> &Counter) -> Value<'a> {
        U64(self.counters.sum(|c| of(c).get()))
    }

    pub(super) fn sum_if(&self, mode: Mode, of: impl Fn(&Counters) -> &Counter) -> Value<'a> {
        if self.mode() == mode { self.sum(of) } else { U64(0) }
    }

    /// A frontend's are always told, those of servers and backends only in HTTP mode.
    pub(super) fn requests(&self) -> Value<'a> {
        match (self.kind, self.mode()) {
            (Kind::Server(..) | Kind::Backend(_), Mode::Tcp) => Empty,
            _ => self.sum(|c| &c.requests_total),
        }
    }

    pub(super) fn responses(&self, class: usize) -> Value<'a> {
        self.sum(|c| &c.responses[class])
    }

    pub(super) fn rate(&self, of: impl Fn(&Counters) -> &Rate) -> Value<'a> {
        let now_ms = self.context.now_ms;
        U32(self.counters.sum(|c| of(c).per_second(now_ms).into()) as u32)
    }

    pub(super) fn rate_max(&self, of: impl Fn(&Counters) -> &Rate) -> Value<'a> {
        U32(self.counters.sum(|c| of(c).max().into()) as u32)
    }

    pub(super) fn average(&self, of: impl Fn(&Counters) -> &Average) -> Value<'a> {
        U32(self.counters.average(of) as u32)
    }

    pub(super) fn longest(&self, of: impl Fn(&Counters) -> &Average) -> Value<'a> {
        U32(self.counters.max(|c| of(c).max()) as u32)
    }

    fn now_s(&self) -> u64 {
        self.context.now_ms / 1000
    }
}

/// Limits of 0 mean "none" and are not shown.
fn positive<'a>(limit: u32) -> Value<'a> {
    if limit == 0 { Empty } else { U32(limit) }
}
