//! Counters and states of proxies and servers (manual, section 7.3.2).

use super::{Fetch, Layer};
use crate::live;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::value::{Type, Value};
use crate::time::monotonic_ms;

macro_rules! state {
    ($name:literal, $shape:ident, $find:ident, $what:literal, $example:literal, $run:expr) => {
        Fetch::one($name, Type::Int, Layer::State, $what, |_, args| {
            let run: fn(&_) -> u64 = $run;
            $find(args).map(|it| Value::Int(run(it) as i64))
        })
        .with(&[Shape::$shape], &[])
        .example($example)
    };
}

pub(super) const KEYWORDS: &[Fetch] = &[
    state!("fe_conn", Frontend, proxy, "Connections of a frontend.", "", sessions),
    state!("fe_sess_rate", Frontend, proxy, "New sessions per second of a frontend.", "", |it| {
        rate(it, |counters| &counters.session_rate)
    }),
    state!("fe_req_rate", Frontend, proxy, "Requests per second of a frontend.", "", |it| {
        rate(it, |counters| &counters.request_rate)
    }),
    state!("be_conn", Backend, proxy, "Connections of a backend.", "", sessions),
    state!("be_sess_rate", Backend, proxy, "New sessions per second of a backend.", "", |it| {
        rate(it, |counters| &counters.session_rate)
    }),
    state!("queue", Backend, proxy, "Requests that wait in a backend.", "", queued),
    state!(
        "avg_queue",
        Backend,
        proxy,
        "Requests that wait in a backend for each of its servers.",
        "",
        |it| {
            let (servers, queued) = (usable(it), queued(it));
            if servers == 0 { queued } else { queued.div_ceil(servers) }
        }
    ),
    state!("nbsrv", Backend, proxy, "Usable servers of a backend.", "", usable),
    Fetch::one(
        "srv_is_up",
        Type::Bool,
        Layer::State,
        "Whether a server may be used.",
        |_, args| server(args).map(|server| Value::Bool(server.is_usable())),
    )
    .with(&[Shape::Server], &[])
    .example(""),
    state!("srv_conn", Server, server, "Connections of a server.", "", |it: &live::Server| {
        it.sessions()
    }),
    state!(
        "srv_queue",
        Server,
        server,
        "Requests that wait for a server.",
        "",
        |it: &live::Server| { it.queue.len() as u64 }
    ),
    state!(
        "srv_uweight",
        Server,
        server,
        "The weight that a server has now.",
        "",
        |it: &live::Server| { it.weight().into() }
    ),
    state!(
        "srv_sess_rate",
        Server,
        server,
        "New sessions per second of a server.",
        "",
        |it: &live::Server| {
            let now = monotonic_ms();
            it.counters.sum(|counters| counters.session_rate.per_second(now).into())
        }
    ),
];

fn proxy(args: &Args) -> Option<&live::Proxy> {
    match args.get(0) {
        Some(Arg::Frontend(slot) | Arg::Backend(slot)) => slot.get().map(|live| &**live),
        _ => None,
    }
}

fn server(args: &Args) -> Option<&live::Server> {
    match args.get(0) {
        Some(Arg::Server(slot)) => slot.get().map(|live| &**live),
        _ => None,
    }
}

fn sessions(proxy: &live::Proxy) -> u64 {
    proxy.counters.sessions_current()
}

fn rate(proxy: &live::Proxy, of: fn(&live::Counters) -> &crate::time::Rate) -> u64 {
    let now = monotonic_ms();
    proxy.counters.sum(|counters| of(counters).per_second(now).into())
}

fn queued(proxy: &live::Proxy) -> u64 {
    let servers = proxy
        .servers
        .get()
        .map_or(0, |servers| servers.iter().map(|server| server.queue.len() as u64).sum());
    proxy.queue.len() as u64 + servers
}

fn usable(proxy: &live::Proxy) -> u64 {
    let servers = proxy.servers.get();
    servers.map_or(0, |servers| servers.iter().filter(|server| server.is_usable()).count() as u64)
}
