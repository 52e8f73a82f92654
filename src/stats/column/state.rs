//! Columns 0 to 38: names, sessions, errors, state of servers and their checks.

use std::sync::atomic::Ordering::Relaxed;

use super::{BACKEND, Column, FRONTEND, HTTP, SERVER, column};
use crate::stats::value::Value;
use crate::stats::value::Value::{Empty, U32, U64};

pub(super) const COLUMNS: &[Column] = &[
    column("pxname", "KNSV", FRONTEND | SERVER | BACKEND, "Proxy name", |row| {
        Value::text(row.proxy())
    }),
    column("svname", "KNSV", FRONTEND | SERVER | BACKEND, "Server name", |row| {
        Value::text(row.service())
    }),
    column("qcur", "MGPV", SERVER | BACKEND, "Number of current queued connections", |row| {
        U32(row.queue().map_or(0, |queue| queue.len() as u32))
    }),
    column(
        "qmax",
        "MMPV",
        SERVER | BACKEND,
        "Highest value of queued connections encountered since process started",
        |row| U32(row.queue().map_or(0, |queue| queue.longest() as u32)),
    ),
    column(
        "scur",
        "MGPV",
        FRONTEND | SERVER | BACKEND,
        "Number of current sessions on the frontend, backend or server",
        |row| U32(row.counters.sessions_current() as u32),
    ),
    column(
        "smax",
        "MMPV",
        FRONTEND | SERVER | BACKEND,
        "Highest value of current sessions encountered since process started",
        |row| U32(row.sessions_max()),
    ),
    column(
        "slim",
        "CLPV",
        FRONTEND | SERVER | BACKEND,
        "Frontend/listener/server's maxconn, backend's fullconn",
        |row| row.session_limit(),
    ),
    column(
        "stot",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of sessions since process started",
        |row| row.sum(|c| &c.sessions_total),
    ),
    column(
        "bin",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of request bytes since process started",
        |row| row.sum(|c| &c.bytes_in),
    ),
    column(
        "bout",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of response bytes since process started",
        |row| row.sum(|c| &c.bytes_out),
    ),
    column(
        "dreq",
        "MCPP",
        FRONTEND | BACKEND,
        "Total number of denied requests since process started",
        |row| row.sum(|c| &c.denied_requests),
    ),
    column(
        "dresp",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of denied responses since process started",
        |row| row.sum(|c| &c.denied_responses),
    ),
    column(
        "ereq",
        "MCPP",
        FRONTEND,
        "Total number of invalid requests since process started",
        |row| row.sum(|c| &c.request_errors),
    ),
    column(
        "econ",
        "MCPP",
        SERVER | BACKEND,
        "Total number of failed connections to server since the worker process started",
        |row| row.sum(|c| &c.connection_errors),
    ),
    column(
        "eresp",
        "MCPP",
        SERVER | BACKEND,
        "Total number of invalid responses since the worker process started",
        |row| row.sum(|c| &c.response_errors),
    ),
    column(
        "wretr",
        "MCPP",
        SERVER | BACKEND,
        "Total number of server connection retries since the worker process started",
        |row| row.sum(|c| &c.retries),
    ),
    column(
        "wredis",
        "MCPP",
        SERVER | BACKEND,
        "Total number of server redispatches due to connection failures since the worker \
         process started",
        |row| row.sum(|c| &c.redispatches),
    ),
    column(
        "status",
        "SGPV",
        FRONTEND | SERVER | BACKEND,
        "Frontend/listen status: OPEN/WAITING/FULL/STOP; backend: UP/DOWN; server: last check \
         status",
        |row| Value::Text(row.status()),
    ),
    column(
        "weight",
        "MaPV",
        SERVER | BACKEND,
        "Server's effective weight, or sum of active servers' effective weights for a backend",
        |row| U32(row.weight()),
    ),
    column(
        "act",
        "SGPV",
        SERVER | BACKEND,
        "Total number of active UP servers with a non-zero weight",
        |row| U32(row.active()),
    ),
    column(
        "bck",
        "SGPV",
        SERVER | BACKEND,
        "Total number of backup UP servers with a non-zero weight",
        |row| U32(row.backup()),
    ),
    column(
        "chkfail",
        "MCPP",
        SERVER,
        "Total number of failed individual health checks per server/backend, since the worker \
         process started",
        |row| row.check(|server| U64(server.live.failed_checks.load(Relaxed))),
    ),
    column(
        "chkdown",
        "MCPP",
        SERVER | BACKEND,
        "Total number of failed checks causing UP to DOWN server transitions, per \
         server/backend, since the worker process started",
        |row| row.down_transitions(),
    ),
    column(
        "lastchg",
        "MAPP",
        SERVER | BACKEND,
        "How long ago the last server state changed, in seconds",
        |row| U32(row.last_change()),
    ),
    column(
        "downtime",
        "MCPV",
        SERVER | BACKEND,
        "Total time spent in DOWN state, for server or backend",
        |row| row.downtime(),
    ),
    column(
        "qlimit",
        "CLPS",
        SERVER,
        "Configured maxqueue for the server, or nothing in the",
        |row| row.queue_limit(),
    ),
    column(
        "pid",
        "KGPV",
        FRONTEND | SERVER | BACKEND,
        "Relative worker process number (1)",
        |_| U32(1),
    ),
    column(
        "iid",
        "KGSV",
        FRONTEND | SERVER | BACKEND,
        "Frontend or Backend numeric identifier ('id' setting)",
        |row| U32(row.proxy_id()),
    ),
    column(
        "sid",
        "KGSV",
        FRONTEND | SERVER | BACKEND,
        "Server numeric identifier ('id' setting)",
        |row| U32(row.id()),
    ),
    column("throttle", "MGPV", SERVER, "Current throttle percentage for the server, when", |_| {
        Empty
    }),
    column(
        "lbtot",
        "MCPP",
        SERVER | BACKEND,
        "Total number of requests routed by load balancing since the worker process started \
         (ignores queue pop and stickiness)",
        |row| row.sum(|c| &c.selected),
    ),
    column("tracked", "CGSV", SERVER, "Id of proxy/server if tracking is enabled.", |_| Empty),
    column(
        "type",
        "CGSV",
        FRONTEND | SERVER | BACKEND,
        "Type of the object (Listener, Frontend, Backend, Server)",
        |row| U32(row.kind()),
    ),
    column(
        "rate",
        "MRPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of sessions processed by this object over the last second (sessions for \
         listeners/frontends, requests for backends/servers)",
        |row| row.rate(|c| &c.session_rate),
    ),
    column(
        "rate_lim",
        "CLPV",
        FRONTEND,
        "Limit on the number of sessions accepted in a second (frontend only, 'rate-limit \
         sessions' setting)",
        |_| U32(0),
    ),
    column(
        "rate_max",
        "MMPV",
        FRONTEND | SERVER | BACKEND,
        "Highest value of sessions per second observed since the worker process started",
        |row| row.rate_max(|c| &c.session_rate),
    ),
    column(
        "check_status",
        "MOPV",
        SERVER,
        "Status report of the server's latest health check, prefixed with '*' if a check is \
         currently in progress",
        |row| row.last_check(|check| Value::text(check.status.code())),
    ),
    column(
        "check_code",
        "MOPV",
        SERVER | HTTP,
        "HTTP/SMTP/LDAP status code reported by the latest server health check",
        |row| row.last_check(|check| check.code.map_or(Empty, |code| U32(code.into()))),
    ),
    column(
        "check_duration",
        "MDPV",
        SERVER,
        "Total duration of the latest server health check, in milliseconds",
        |row| row.last_check(|check| check.duration_ms.map_or(Empty, U64)),
    ),
];
