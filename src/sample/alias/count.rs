//! Numbers of bytes, connections, retries and requests.

use super::Alias;
use super::style::decimal;

pub(super) const KEYWORDS: &[Alias] = &[
    Alias {
        name: "B",
        documentation: "Bytes from the server to the client.",
        run: |stream, _, out| decimal(out, stream.outcome.bytes_out),
    },
    Alias {
        name: "U",
        documentation: "Bytes from the client to the server.",
        run: |stream, _, out| decimal(out, stream.outcome.bytes_in),
    },
    Alias {
        name: "ac",
        documentation: "Connections of the process.",
        run: |stream, _, out| decimal(out, stream.outcome.process_connections),
    },
    Alias {
        name: "fc",
        documentation: "Connections of the frontend.",
        run: |stream, _, out| decimal(out, stream.outcome.frontend_connections),
    },
    Alias {
        name: "bc",
        documentation: "Connections of the backend.",
        run: |stream, _, out| decimal(out, stream.outcome.backend_connections),
    },
    Alias {
        name: "sc",
        documentation: "Connections of the server.",
        run: |stream, _, out| decimal(out, stream.outcome.server_connections),
    },
    Alias {
        name: "rc",
        documentation: "Retries, after a plus sign if another server was tried.",
        run: |stream, _, out| {
            if stream.outcome.redispatched {
                out.push(b'+');
            }
            decimal(out, stream.outcome.retries);
        },
    },
    Alias {
        name: "sq",
        documentation: "Requests ahead in the server's queue.",
        run: |stream, _, out| decimal(out, stream.outcome.server_queue),
    },
    Alias {
        name: "bq",
        documentation: "Requests ahead in the backend's queue.",
        run: |stream, _, out| decimal(out, stream.outcome.backend_queue),
    },
    Alias {
        name: "lc",
        documentation: "Lines that the frontend logged before.",
        run: |stream, style, out| style.number(out, stream.outcome.log_number),
    },
    Alias {
        name: "rt",
        documentation: "The number of the request or of the relayed connection.",
        run: |stream, style, out| style.number(out, stream.id),
    },
];
