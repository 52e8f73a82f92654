//! Columns 39 to 117: responses, times, connections and bytes.

use super::{BACKEND, Column, FRONTEND, HTTP, LISTENER, SERVER, column};
use crate::proxy::Mode;
use crate::stats::value::Value;
use crate::stats::value::Value::{Empty, S32, U32, U64};

pub(super) const COLUMNS: &[Column] = &[
    column(
        "hrsp_1xx",
        "MCPP",
        FRONTEND | SERVER | BACKEND | HTTP,
        "Total number of HTTP responses with status 100-199 returned by this object since the \
         worker process started",
        |row| row.responses(1),
    ),
    column(
        "hrsp_2xx",
        "MCPP",
        FRONTEND | SERVER | BACKEND | HTTP,
        "Total number of HTTP responses with status 200-299 returned by this object since the \
         worker process started",
        |row| row.responses(2),
    ),
    column(
        "hrsp_3xx",
        "MCPP",
        FRONTEND | SERVER | BACKEND | HTTP,
        "Total number of HTTP responses with status 300-399 returned by this object since the \
         worker process started",
        |row| row.responses(3),
    ),
    column(
        "hrsp_4xx",
        "MCPP",
        FRONTEND | SERVER | BACKEND | HTTP,
        "Total number of HTTP responses with status 400-499 returned by this object since the \
         worker process started",
        |row| row.responses(4),
    ),
    column(
        "hrsp_5xx",
        "MCPP",
        FRONTEND | SERVER | BACKEND | HTTP,
        "Total number of HTTP responses with status 500-599 returned by this object since the \
         worker process started",
        |row| row.responses(5),
    ),
    column(
        "hrsp_other",
        "MCPP",
        FRONTEND | SERVER | BACKEND | HTTP,
        "Total number of HTTP responses with status <100, >599 returned by this object since \
         the worker process started (error -1 included)",
        |row| row.responses(0),
    ),
    column("hanafail", "MOPV", SERVER, "Failed health checks details", |_| Empty),
    column(
        "req_rate",
        "MRPP",
        FRONTEND,
        "Number of HTTP requests processed over the last second on this object",
        |row| row.rate(|c| &c.request_rate),
    ),
    column(
        "req_rate_max",
        "MMPV",
        FRONTEND,
        "Highest value of http requests observed since the worker process started",
        |row| row.rate_max(|c| &c.request_rate),
    ),
    column(
        "req_tot",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of HTTP requests processed by this object since the worker process started",
        |row| row.requests(),
    ),
    column(
        "cli_abrt",
        "MCPP",
        SERVER | BACKEND,
        "Total number of requests or connections aborted by the client since the worker \
         process started",
        |row| row.sum(|c| &c.client_aborts),
    ),
    column(
        "srv_abrt",
        "MCPP",
        SERVER | BACKEND,
        "Total number of requests or connections aborted by the server since the worker \
         process started",
        |row| row.sum(|c| &c.server_aborts),
    ),
    column(
        "comp_in",
        "MCPP",
        FRONTEND | BACKEND,
        "Total number of bytes submitted to the HTTP compressor for this object since the \
         worker process started",
        |_| U64(0),
    ),
    column(
        "comp_out",
        "MCPP",
        FRONTEND | BACKEND,
        "Total number of bytes emitted by the HTTP compressor for this object since the worker \
         process started",
        |_| U64(0),
    ),
    column(
        "comp_byp",
        "MCPP",
        FRONTEND | BACKEND,
        "Total number of bytes that bypassed HTTP compression for this object since the worker \
         process started (CPU/memory/bandwidth limitation)",
        |_| U64(0),
    ),
    column(
        "comp_rsp",
        "MCPP",
        FRONTEND | BACKEND,
        "Total number of HTTP responses that were compressed for this object since the worker \
         process started",
        |_| U64(0),
    ),
    column(
        "lastsess",
        "MAPP",
        SERVER | BACKEND,
        "How long ago some traffic was seen on this object on this worker process, in seconds",
        |row| S32(row.last_session()),
    ),
    column(
        "last_chk",
        "MOPV",
        SERVER,
        "Short description of the latest health check report for this server (see also check_desc)",
        |row| row.last_check(|check| Value::owned(&check.detail)),
    ),
    column("last_agt", "MOPV", SERVER, "Last agent check contents or textual error", |_| Empty),
    column(
        "qtime",
        "MaPV",
        SERVER | BACKEND,
        "Time spent in the queue, in milliseconds, averaged over the 1024 last requests \
         (backend/server)",
        |row| row.average(|c| &c.queue_time),
    ),
    column(
        "ctime",
        "MaPV",
        SERVER | BACKEND,
        "Time spent waiting for a connection to complete, in milliseconds, averaged over the \
         1024 last requests (backend/server)",
        |row| row.average(|c| &c.connect_time),
    ),
    column(
        "rtime",
        "MaPV",
        SERVER | BACKEND,
        "Time spent waiting for a server response, in milliseconds, averaged over the 1024 \
         last requests (backend/server)",
        |row| row.average(|c| &c.response_time),
    ),
    column(
        "ttime",
        "MaPV",
        SERVER | BACKEND,
        "Total request+response time (request+queue+connect+response+processing), in \
         milliseconds, averaged over the 1024 last requests (backend/server)",
        |row| row.average(|c| &c.total_time),
    ),
    column("agent_status", "MOPV", SERVER, "Status of last agent check, one of:", |_| Empty),
    column(
        "agent_code",
        "MOPV",
        SERVER,
        "Numeric code reported by agent if any (unused for now)",
        |_| Empty,
    ),
    column("agent_duration", "MOPV", SERVER, "Time in ms taken to finish last check", |_| Empty),
    column(
        "check_desc",
        "MOPV",
        SERVER,
        "Textual description of the latest health check report for this server",
        |row| row.last_check(|check| Value::text(check.status.description())),
    ),
    column(
        "agent_desc",
        "MOPV",
        SERVER,
        "Short human-readable description of agent_status",
        |_| Empty,
    ),
    column(
        "check_rise",
        "CGSV",
        SERVER,
        "Number of successful health checks before declaring a server UP (server 'rise' setting)",
        |row| row.check_setting(|check, _| check.rise),
    ),
    column(
        "check_fall",
        "CGSV",
        SERVER,
        "Number of failed health checks before declaring a server DOWN (server 'fall' setting)",
        |row| row.check_setting(|check, _| check.fall),
    ),
    column(
        "check_health",
        "CGSV",
        SERVER,
        "Current server health check level (0..fall-1=DOWN, fall..rise-1=UP)",
        |row| row.check_setting(|_, position| position),
    ),
    column("agent_rise", "MOPV", SERVER, "Agent's \"rise\" parameter, normally 1", |_| Empty),
    column("agent_fall", "MOPV", SERVER, "Agent's \"fall\" parameter, normally 1", |_| Empty),
    column(
        "agent_health",
        "MOPV",
        SERVER,
        "Agent's health parameter, between 0 and rise+fall-1",
        |_| Empty,
    ),
    column(
        "addr",
        "CGSV",
        SERVER,
        "Server's address:port, shown only if show-legends is set, or at levels oper/admin for \
         the CLI",
        |row| row.address(),
    ),
    column(
        "cookie",
        "CNSV",
        SERVER | BACKEND,
        "Backend's cookie name or Server's cookie value, shown only if show-legends is set, or \
         at levels oper/admin for the CLI",
        |row| row.cookie(),
    ),
    column(
        "mode",
        "CGSV",
        FRONTEND | SERVER | BACKEND,
        "'mode' setting (tcp/http/health/cli/spop)",
        |row| Value::text(row.mode().name()),
    ),
    column(
        "algo",
        "CGSV",
        BACKEND,
        "Backend's load balancing algorithm, shown only if show-legends is set, or at levels \
         oper/admin for the CLI",
        |row| row.algorithm(),
    ),
    column(
        "conn_rate",
        "MRPP",
        FRONTEND,
        "Number of new connections accepted over the last second on the frontend for this \
         worker process",
        |row| row.rate(|c| &c.connection_rate),
    ),
    column(
        "conn_rate_max",
        "MMPV",
        FRONTEND,
        "Highest value of connections per second observed since the worker process started",
        |row| row.rate_max(|c| &c.connection_rate),
    ),
    column(
        "conn_tot",
        "MCPP",
        FRONTEND,
        "Total number of new connections accepted on this frontend since the worker process \
         started",
        |row| row.sum(|c| &c.connections_total),
    ),
    column(
        "intercepted",
        "MCPP",
        FRONTEND | HTTP,
        "Total number of HTTP requests intercepted on the frontend (redirects/stats/services) \
         since the worker process started",
        |row| row.sum(|c| &c.intercepted),
    ),
    column(
        "dcon",
        "MCPP",
        FRONTEND,
        "Total number of incoming connections blocked on a listener/frontend by a tcp-request \
         connection rule since the worker process started",
        |row| row.sum(|c| &c.denied_connections),
    ),
    column(
        "dses",
        "MCPP",
        FRONTEND,
        "Total number of incoming sessions blocked on a listener/frontend by a tcp-request \
         connection rule since the worker process started",
        |row| row.sum(|c| &c.denied_sessions),
    ),
    column(
        "wrew",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of failed HTTP header rewrites since the worker process started",
        |_| U64(0),
    ),
    column(
        "connect",
        "MCPP",
        SERVER | BACKEND,
        "Total number of outgoing connection attempts on this backend/server since the worker \
         process started",
        |row| row.sum(|c| &c.connects),
    ),
    column(
        "reuse",
        "MCPP",
        SERVER | BACKEND,
        "Total number of reused connection on this backend/server since the worker process started",
        |row| row.sum(|c| &c.reuses),
    ),
    column(
        "cache_lookups",
        "MCPP",
        FRONTEND | BACKEND | HTTP,
        "Total number of HTTP requests looked up in the cache on this frontend/backend since \
         the worker process started",
        |_| U64(0),
    ),
    column(
        "cache_hits",
        "MCPP",
        FRONTEND | BACKEND | HTTP,
        "Total number of HTTP requests not found in the cache on this frontend/backend since \
         the worker process started",
        |_| U64(0),
    ),
    column(
        "srv_icur",
        "MGPV",
        SERVER,
        "Current number of idle connections available for reuse on this server",
        |row| U32(row.idle_connections()),
    ),
    column(
        "src_ilim",
        "CLPS",
        SERVER,
        "Limit on the number of available idle connections",
        |row| row.idle_limit(),
    ),
    column(
        "qtime_max",
        "MMPV",
        SERVER | BACKEND,
        "Maximum observed time spent in the queue, in milliseconds (backend/server)",
        |row| row.longest(|c| &c.queue_time),
    ),
    column(
        "ctime_max",
        "MMPV",
        SERVER | BACKEND,
        "Maximum observed time spent waiting for a connection to complete, in milliseconds \
         (backend/server)",
        |row| row.longest(|c| &c.connect_time),
    ),
    column(
        "rtime_max",
        "MMPV",
        SERVER | BACKEND,
        "Maximum observed time spent waiting for a server response, in milliseconds \
         (backend/server)",
        |row| row.longest(|c| &c.response_time),
    ),
    column(
        "ttime_max",
        "MMPV",
        SERVER | BACKEND,
        "Maximum observed total request+response time \
         (request+queue+connect+response+processing), in milliseconds (backend/server)",
        |row| row.longest(|c| &c.total_time),
    ),
    column(
        "eint",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of internal errors since process started",
        |_| U64(0),
    ),
    column("idle_conn_cur", "MGPV", SERVER, "Current number of unsafe idle connections", |row| {
        U32(row.idle_connections())
    }),
    column("safe_conn_cur", "MGPV", SERVER, "Current number of safe idle connections", |_| U32(0)),
    column("used_conn_cur", "MGPV", SERVER, "Current number of connections in use", |row| {
        U32(row.counters.sessions_current() as u32)
    }),
    column("need_conn_est", "MGPV", SERVER, "Estimated needed number of connections", |row| {
        U32(row.counters.sessions_current() as u32)
    }),
    column(
        "uweight",
        "MaPV",
        SERVER | BACKEND,
        "Server's user weight, or sum of active servers' user weights for a backend",
        |row| U32(row.weight()),
    ),
    column(
        "agg_server_status",
        "MGPV",
        BACKEND,
        "Backend's aggregated gauge of servers' status",
        |_| U32(0),
    ),
    column(
        "agg_server_check_status",
        "MGPV",
        BACKEND,
        "[DEPRECATED] Backend's aggregated gauge of servers' status",
        |_| U32(0),
    ),
    column(
        "agg_check_status",
        "MGPV",
        BACKEND,
        "Backend's aggregated gauge of servers' state check status",
        |_| U32(0),
    ),
    column("srid", "MCPV", SERVER, "Server id revision, to prevent server id reuse mixups", |_| {
        U32(0)
    }),
    column(
        "sess_other",
        "MCPV",
        FRONTEND,
        "Total number of sessions other than HTTP since process started",
        |row| row.sum_if(Mode::Tcp, |c| &c.sessions_total),
    ),
    column(
        "h1sess",
        "MCPP",
        FRONTEND,
        "Total number of HTTP/1 sessions since process started",
        |row| row.sum_if(Mode::Http, |c| &c.sessions_total),
    ),
    column(
        "h2sess",
        "MCPP",
        FRONTEND,
        "Total number of HTTP/2 sessions since process started",
        |_| U64(0),
    ),
    column(
        "h3sess",
        "MCPP",
        FRONTEND,
        "Total number of HTTP/3 sessions since process started",
        |_| U64(0),
    ),
    column(
        "req_other",
        "MCPP",
        FRONTEND,
        "Total number of sessions other than HTTP processed by this object since the worker \
         process started",
        |_| U64(0),
    ),
    column(
        "h1req",
        "MCPP",
        FRONTEND,
        "Total number of HTTP/1 sessions processed by this object since the worker process started",
        |row| row.sum_if(Mode::Http, |c| &c.requests_total),
    ),
    column(
        "h2req",
        "MCPP",
        FRONTEND,
        "Total number of hTTP/2 sessions processed by this object since the worker process started",
        |_| U64(0),
    ),
    column(
        "h3req",
        "MCPP",
        FRONTEND,
        "Total number of HTTP/3 sessions processed by this object since the worker process started",
        |_| U64(0),
    ),
    column("proto", "SGPV", LISTENER, "Protocol", |_| U32(0)),
    column("priv_idle_cur", "MGPV", SERVER, "Current number of private idle connections", |_| {
        U32(0)
    }),
    column(
        "reqbin",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of request bytes received since process started",
        |row| row.sum(|c| &c.bytes_in),
    ),
    column(
        "reqbout",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of request bytes sent since process started",
        |row| row.sum(|c| &c.bytes_in),
    ),
    column(
        "resbin",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of response bytes received since process started",
        |row| row.sum(|c| &c.bytes_out),
    ),
    column(
        "resbout",
        "MCPP",
        FRONTEND | SERVER | BACKEND,
        "Total number of response bytes sent since process started",
        |row| row.sum(|c| &c.bytes_out),
    ),
];
