//! The facts in HAProxy's order. Positions never change; some of HAProxy's exist only in some of
//! its builds and leave gaps.

use std::sync::atomic::Ordering::Relaxed;

use super::{
    Fact, descriptor_limit, fact, idle_percent, maxconn, rate, rate_max, sum, sum_u64, uptime,
};
use crate::stats::value::Value::{self, Empty, U32, U64};
use crate::stats::{PRODUCT, RELEASE_DATE, VERSION};

pub(super) const FACTS: &[Fact] = &[
    fact(0, "Name", "POSV", "Product name", |_| Value::text(PRODUCT)),
    fact(1, "Version", "POSV", "Product version", |_| Value::text(VERSION)),
    fact(2, "Release_date", "POSV", "Date of latest source code update", |_| {
        Value::text(RELEASE_DATE)
    }),
    fact(3, "Nbthread", "CGSV", "Number of started threads (global.nbthread)", |c| {
        U32(c.workers as u32)
    }),
    fact(4, "Nbproc", "CGSV", "Number of started worker processes (historical, always 1)", |_| {
        U32(1)
    }),
    fact(5, "Process_num", "KGPV", "Relative worker process number (1)", |_| U32(1)),
    fact(6, "Pid", "SGPV", "This worker process identifier for the system", |_| {
        U32(std::process::id())
    }),
    fact(
        7,
        "Uptime",
        "MDPV",
        "How long ago this worker process was started (days+hours+minutes+seconds)",
        |c| Value::owned(&uptime(c.uptime_s())),
    ),
    fact(8, "Uptime_sec", "MDPV", "How long ago this worker process was started (seconds)", |c| {
        U32(c.uptime_s() as u32)
    }),
    fact(
        9,
        "Memmax_MB",
        "CLPV",
        "Worker process's hard limit on memory usage in MB (-m on command line)",
        |_| U32(0),
    ),
    fact(10, "PoolAlloc_MB", "MGPV", "Amount of memory allocated in pools (in MB)", |_| U32(0)),
    fact(11, "PoolUsed_MB", "MGPV", "Amount of pool memory currently used (in MB)", |_| U32(0)),
    fact(
        12,
        "PoolFailed",
        "MCPV",
        "Number of failed pool allocations since this worker was started",
        |_| U32(0),
    ),
    fact(
        13,
        "Ulimit-n",
        "CLPV",
        "Hard limit on the number of per-process file descriptors",
        |_| U32(descriptor_limit()),
    ),
    fact(14, "Maxsock", "CLPV", "Hard limit on the number of per-process sockets", |_| {
        U32(descriptor_limit())
    }),
    fact(
        15,
        "Maxconn",
        "CLPV",
        "Hard limit on the number of per-process connections (configured or imposed by Ulimit-n)",
        maxconn,
    ),
    fact(
        16,
        "Hard_maxconn",
        "CLPV",
        "Hard limit on the number of per-process connections (imposed by Memmax_MB or Ulimit-n)",
        |c| U32(c.plan.global.maxconn as u32),
    ),
    fact(17, "CurrConns", "MGPV", "Current number of connections on this worker process", |c| {
        U32(c.process.connections() as u32)
    }),
    fact(
        18,
        "CumConns",
        "MCPV",
        "Total number of connections on this worker process since started",
        |c| sum(c, |s| &s.connections_total),
    ),
    fact(
        19,
        "CumReq",
        "MCPV",
        "Total number of requests on this worker process since started",
        |c| sum(c, |s| &s.requests_total),
    ),
    fact(
        20,
        "MaxSslConns",
        "MMPV",
        "Hard limit on the number of per-process SSL endpoints (front+back), 0=unlimited",
        |_| U32(0),
    ),
    fact(
        21,
        "CurrSslConns",
        "MGPV",
        "Current number of SSL endpoints on this worker process (front+back)",
        |_| U32(0),
    ),
    fact(
        22,
        "CumSslConns",
        "MCPV",
        "Total number of SSL endpoints on this worker process since started (front+back)",
        |_| U32(0),
    ),
    fact(
        23,
        "Maxpipes",
        "CLPV",
        "Hard limit on the number of pipes for splicing, 0=unlimited",
        |_| U32(0),
    ),
    fact(24, "PipesUsed", "MGPV", "Current number of pipes in use in this worker process", |_| {
        U32(0)
    }),
    fact(
        25,
        "PipesFree",
        "MGPV",
        "Current number of allocated and available pipes in this worker process",
        |_| U32(0),
    ),
    fact(
        26,
        "ConnRate",
        "MRPV",
        "Number of front connections created on this worker process over the last second",
        |c| rate(c, |s| &s.connection_rate),
    ),
    fact(27, "ConnRateLimit", "CLPV", "Hard limit for ConnRate (global.maxconnrate)", |_| U32(0)),
    fact(
        28,
        "MaxConnRate",
        "MMPV",
        "Highest ConnRate reached on this worker process since started (in connections per second)",
        |c| rate_max(c, |s| &s.connection_rate),
    ),
    fact(
        29,
        "SessRate",
        "MRPV",
        "Number of sessions created on this worker process over the last second",
        |c| rate(c, |s| &s.session_rate),
    ),
    fact(30, "SessRateLimit", "CLPV", "Hard limit for SessRate (global.maxsessrate)", |_| U32(0)),
    fact(
        31,
        "MaxSessRate",
        "MRPV",
        "Highest SessRate reached on this worker process since started (in sessions per second)",
        |c| rate_max(c, |s| &s.session_rate),
    ),
    fact(
        32,
        "SslRate",
        "MRPV",
        "Number of SSL connections created on this worker process over the last second",
        |_| U32(0),
    ),
    fact(33, "SslRateLimit", "CLPV", "Hard limit for SslRate (global.maxsslrate)", |_| U32(0)),
    fact(
        34,
        "MaxSslRate",
        "MMPV",
        "Highest SslRate reached on this worker process since started (in connections per second)",
        |_| U32(0),
    ),
    fact(
        35,
        "SslFrontendKeyRate",
        "MGPV",
        "Number of SSL keys created on frontends in this worker process over the last second",
        |_| U32(0),
    ),
    fact(
        36,
        "SslFrontendMaxKeyRate",
        "MMPV",
        "Highest SslFrontendKeyRate reached on this worker process since started (in SSL keys \
         per second)",
        |_| U32(0),
    ),
    fact(
        37,
        "SslFrontendSessionReuse_pct",
        "MGPV",
        "Percent of frontend SSL connections which did not require a new key",
        |_| U32(0),
    ),
    fact(
        38,
        "SslBackendKeyRate",
        "MRPV",
        "Number of SSL keys created on backends in this worker process over the last second",
        |_| U32(0),
    ),
    fact(
        39,
        "SslBackendMaxKeyRate",
        "MMPV",
        "Highest SslBackendKeyRate reached on this worker process since started (in SSL keys \
         per second)",
        |_| U32(0),
    ),
    fact(
        40,
        "SslCacheLookups",
        "MCPV",
        "Total number of SSL session ID lookups in the SSL session cache on this worker since \
         started",
        |_| U32(0),
    ),
    fact(
        41,
        "SslCacheMisses",
        "MCPV",
        "Total number of SSL session ID lookups that didn't find a session in the SSL session \
         cache on this worker since started",
        |_| U32(0),
    ),
    fact(
        42,
        "CompressBpsIn",
        "MRPV",
        "Number of bytes submitted to the HTTP compressor in this worker process over the last \
         second",
        |_| U32(0),
    ),
    fact(
        43,
        "CompressBpsOut",
        "MRPV",
        "Number of bytes emitted by the HTTP compressor in this worker process over the last \
         second",
        |_| U32(0),
    ),
    fact(
        44,
        "CompressBpsRateLim",
        "CLPV",
        "Limit of CompressBpsOut beyond which HTTP compression is automatically disabled",
        |_| U32(0),
    ),
    fact(
        47,
        "Tasks",
        "MGPV",
        "Total number of tasks in the current worker process (active + sleeping)",
        |_| U32(0),
    ),
    fact(
        48,
        "Run_queue",
        "MGPV",
        "Total number of active tasks+tasklets in the current worker process",
        |_| U32(0),
    ),
    fact(
        49,
        "Idle_pct",
        "MaPV",
        "Percentage of last second spent waiting in the current worker thread",
        |c| U32(idle_percent(c)),
    ),
    fact(50, "node", "COSV", "Node name (global.node)", |c| Value::owned(&c.node())),
    fact(51, "description", "COSV", "Node description (global.description)", |c| {
        c.plan.global.description.as_deref().map_or(Empty, Value::owned)
    }),
    fact(
        52,
        "Stopping",
        "MGPV",
        "1 if the worker process is currently stopping, otherwise zero",
        |c| U32(c.process.stopping().into()),
    ),
    fact(
        53,
        "Jobs",
        "MGPV",
        "Current number of active jobs on the current worker process (frontend connections, \
         master connections, listeners)",
        |c| U32(c.listeners() + c.process.connections() as u32),
    ),
    fact(
        54,
        "Unstoppable Jobs",
        "MGPV",
        "Current number of unstoppable jobs on the current worker process (master connections)",
        |_| U32(0),
    ),
    fact(
        55,
        "Listeners",
        "MGPV",
        "Current number of active listeners on the current worker process",
        |c| U32(c.listeners()),
    ),
    fact(
        56,
        "ActivePeers",
        "MGPV",
        "Current number of verified active peers connections on the current worker process",
        |_| U32(0),
    ),
    fact(
        57,
        "ConnectedPeers",
        "MGPV",
        "Current number of peers having passed the connection step on the current worker process",
        |_| U32(0),
    ),
    fact(
        58,
        "DroppedLogs",
        "MGPV",
        "Total number of dropped logs for current worker process since started",
        |c| sum(c, |s| &s.dropped_logs),
    ),
    fact(
        59,
        "BusyPolling",
        "MGPV",
        "1 if busy-polling is currently in use on the worker process, otherwise zero \
         (config.busy-polling)",
        |_| U32(0),
    ),
    fact(
        60,
        "FailedResolutions",
        "MGPV",
        "Total number of failed DNS resolutions in current worker process since started",
        |_| U32(0),
    ),
    fact(
        61,
        "TotalBytesOut",
        "MGPV",
        "Total number of bytes emitted by current worker process since started",
        |c| sum_u64(c, |s| &s.bytes_out),
    ),
    fact(
        62,
        "TotalSplicedBytesOut",
        "MGPV",
        "Total number of bytes emitted by current worker process through a kernel pipe since \
         started",
        |c| sum_u64(c, |s| &s.spliced_bytes_out),
    ),
    fact(
        63,
        "BytesOutRate",
        "MRPV",
        "Number of bytes emitted by current worker process over the last second",
        |_| U64(0),
    ),
    fact(
        64,
        "DebugCommandsIssued",
        "MGPV",
        "Number of debug commands issued on this process (anything > 0 is unsafe)",
        |_| U32(0),
    ),
    fact(
        65,
        "CumRecvLogs",
        "MCPV",
        "Total number of log messages received by log-forwarding listeners on this worker \
         process since started",
        |_| U32(0),
    ),
    fact(66, "Build info", "POSV", "Build info", |_| Value::text(VERSION)),
    fact(
        67,
        "Memmax_bytes",
        "CLPV",
        "Worker process's hard limit on memory usage in bytes (-m on command line)",
        |_| U32(0),
    ),
    fact(68, "PoolAlloc_bytes", "MGPV", "Amount of memory allocated in pools (in bytes)", |_| {
        U64(0)
    }),
    fact(69, "PoolUsed_bytes", "MGPV", "Amount of pool memory currently used (in bytes)", |_| {
        U64(0)
    }),
    fact(70, "Start_time_sec", "MDPV", "Start time in seconds", |c| {
        U32(c.process.started.load(Relaxed) as u32)
    }),
    fact(71, "Tainted", "SGPV", "Experimental features used", |_| Value::text("0")),
    fact(72, "TotalWarnings", "MCPV", "Total warnings issued", |c| {
        U32(c.process.warnings.load(Relaxed) as u32)
    }),
    fact(
        73,
        "MaxconnReached",
        "MCPV",
        "Number of times an accepted connection resulted in Maxconn being reached",
        |_| U32(0),
    ),
    fact(
        74,
        "BootTime_ms",
        "MDPV",
        "How long ago it took to parse and process the config before being ready (milliseconds)",
        |_| U32(0),
    ),
    fact(
        75,
        "Niced_tasks",
        "MGPV",
        "Total number of active tasks+tasklets in the current worker process (Run_queue) that \
         are niced",
        |_| U32(0),
    ),
    fact(76, "CurrStreams", "MGPV", "Current number of streams on this worker process", |c| {
        sum_u64(c, |s| &s.streams_current)
    }),
    fact(
        77,
        "CumStreams",
        "MGPV",
        "Total number of streams created on this worker process since started",
        |c| sum_u64(c, |s| &s.requests_total),
    ),
    fact(
        78,
        "BlockedTrafficWarnings",
        "MGPV",
        "Total number of warnings issued about traffic being blocked by too slow a task",
        |_| U32(0),
    ),
    fact(79, "PatternsAdded", "MGPV", "Total number of patterns added (acl/map entries)", |_| {
        U64(0)
    }),
    fact(80, "PatternsFreed", "MGPV", "Total number of patterns freed (acl/map entries)", |_| {
        U64(0)
    }),
    fact(
        81,
        "NbThreadGroups",
        "CGSV",
        "Number of started thread groups (global.thread-groups)",
        |_| U32(1),
    ),
];
