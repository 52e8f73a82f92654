//! Counts and states of proxies and servers (manual, section 7.3.2).

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::{Fetch, Layer, Run};
use crate::exchange::Stream;
use crate::live;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::value::{Type, Value};
use crate::time::monotonic_ms;

const BACKEND: &[Shape] = &[Shape::Backend];
const FRONTEND: &[Shape] = &[Shape::Frontend];
const SERVER: &[Shape] = &[Shape::Server];

pub(super) const KEYWORDS: &[Fetch] = &[
    fetch("be_conn", (&[], BACKEND), "Connections of a backend.", "be_conn", |s, a| {
        number(backend(s, a)?.counters.sessions_current())
    }),
    fetch(
        "be_conn_free",
        (&[], BACKEND),
        "Connections that the servers of a backend may still take.",
        "be_conn_free",
        |s, a| free(backend(s, a)?),
    ),
    fetch(
        "be_sess_rate",
        (&[], BACKEND),
        "New sessions of a backend per second.",
        "be_sess_rate",
        |s, a| {
            let now = monotonic_ms();
            number(backend(s, a)?.counters.sum(|it| it.session_rate.per_second(now).into()))
        },
    ),
    fetch(
        "connslots",
        (&[], BACKEND),
        "Connections and places in queues that are left in a backend.",
        "connslots",
        |s, a| free(backend(s, a)?),
    ),
    fetch("nbsrv", (&[], BACKEND), "Servers of a backend that can be used.", "nbsrv", |s, a| {
        let servers = backend(s, a)?.servers.get()?;
        number(servers.iter().filter(|server| server.is_usable()).count() as u64)
    }),
    fetch(
        "queue",
        (&[], BACKEND),
        "Requests that wait in all queues of a backend.",
        "queue",
        |s, a| number(queued(backend(s, a)?)),
    ),
    fetch(
        "avg_queue",
        (&[], BACKEND),
        "Requests that wait, for each server that can be used.",
        "avg_queue",
        |s, a| {
            let backend = backend(s, a)?;
            let servers = backend.servers.get()?.iter().filter(|server| server.is_usable()).count();
            let queued = queued(backend);
            number(if servers == 0 { queued } else { queued.div_ceil(servers as u64) })
        },
    ),
    fetch("fe_conn", (&[], FRONTEND), "Connections of a frontend.", "fe_conn", |s, a| {
        number(frontend(s, a)?.counters.sessions_current())
    }),
    fetch(
        "fe_req_rate",
        (&[], FRONTEND),
        "Requests of a frontend per second.",
        "fe_req_rate",
        |s, a| {
            let now = monotonic_ms();
            number(frontend(s, a)?.counters.sum(|it| it.request_rate.per_second(now).into()))
        },
    ),
    fetch(
        "fe_sess_rate",
        (&[], FRONTEND),
        "New sessions of a frontend per second.",
        "fe_sess_rate",
        |s, a| {
            let now = monotonic_ms();
            number(frontend(s, a)?.counters.sum(|it| it.session_rate.per_second(now).into()))
        },
    ),
    fetch("srv_conn", (SERVER, &[]), "Connections of a server.", "", |_, a| {
        number(server(a)?.sessions())
    }),
    fetch(
        "srv_conn_free",
        (SERVER, &[]),
        "Connections that a server may still take; -1 without a limit.",
        "",
        |_, a| {
            let server = server(a)?;
            match u64::from(server.maxconn.load(Relaxed)) {
                0 => Some(Value::Int(-1)),
                limit => number(limit.saturating_sub(server.sessions())),
            }
        },
    ),
    Fetch {
        output: Type::Bool,
        ..fetch("srv_is_up", (SERVER, &[]), "Whether a server can be used.", "", |_, a| {
            Some(Value::Bool(server(a)?.is_usable()))
        })
    },
    fetch("srv_queue", (SERVER, &[]), "Requests that wait for a server.", "", |_, a| {
        number(server(a)?.queue.len() as u64)
    }),
    fetch("srv_sess_rate", (SERVER, &[]), "New sessions of a server per second.", "", |_, a| {
        let now = monotonic_ms();
        number(server(a)?.counters.sum(|it| it.session_rate.per_second(now).into()))
    }),
    fetch("srv_weight", (SERVER, &[]), "The weight of a server in force.", "", |_, a| {
        number(server(a)?.weight().into())
    }),
    fetch("srv_uweight", (SERVER, &[]), "The weight of a server as it was set.", "", |_, a| {
        number(server(a)?.weight().into())
    }),
];

type Of = for<'a> fn(&'a Stream<'_>, &'a Args) -> Option<Value<'a>>;

const fn fetch(
    name: &'static str,
    (required, optional): (&'static [Shape], &'static [Shape]),
    documentation: &'static str,
    example: &'static str,
    run: Of,
) -> Fetch {
    Fetch {
        name,
        required,
        optional,
        check: None,
        output: Type::Int,
        layer: Layer::Internal,
        documentation,
        example,
        run: Run::One(run),
    }
}

/// The backend that is named, or the one in use.
fn backend<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<&'a live::Proxy> {
    match args.get(0) {
        Some(Arg::Backend(slot)) => slot.get().map(Arc::as_ref),
        _ => stream.sides.backend,
    }
}

/// The frontend that is named, or the one in use.
fn frontend<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<&'a live::Proxy> {
    match args.get(0) {
        Some(Arg::Frontend(slot)) => slot.get().map(Arc::as_ref),
        _ => stream.sides.frontend,
    }
}

fn server(args: &Args) -> Option<&live::Server> {
    match args.get(0) {
        Some(Arg::Server(slot)) => slot.get().map(Arc::as_ref),
        _ => None,
    }
}

fn queued(backend: &live::Proxy) -> u64 {
    let own = backend.queue.len() as u64;
    own + backend
        .servers
        .get()
        .map_or(0, |servers| servers.iter().map(|server| server.queue.len() as u64).sum::<u64>())
}

/// What the servers that can be used may still take; -1 if one of them has no limit.
fn free<'a>(backend: &live::Proxy) -> Option<Value<'a>> {
    let mut free = 0;
    for server in backend.servers.get()?.iter().filter(|server| server.is_usable()) {
        match u64::from(server.maxconn.load(Relaxed)) {
            0 => return Some(Value::Int(-1)),
            limit => free += limit.saturating_sub(server.sessions()),
        }
    }
    number(free)
}

#[expect(clippy::unnecessary_wraps, reason = "what every fetch returns")]
fn number<'a>(value: u64) -> Option<Value<'a>> {
    Some(Value::Int(i64::try_from(value).unwrap_or(i64::MAX)))
}
