//! Timing events in milliseconds (manual, section 8.4); -1 for what did not happen.

use super::style::decimal;
use super::{Alias, Style};
use crate::exchange::{Stream, Times};

pub(super) const KEYWORDS: &[Alias] = &[
    Alias {
        name: "Th",
        documentation: "Time of handshakes on the connection.",
        run: |stream, _, out| decimal(out, handshake(&stream.times)),
    },
    Alias {
        name: "Ti",
        documentation: "Idle time before the request.",
        run: |stream, _, out| decimal(out, idle(&stream.times)),
    },
    Alias {
        name: "TR",
        documentation: "Time to receive the request from its first byte on.",
        run: |stream, _, out| decimal(out, request(&stream.times)),
    },
    Alias { name: "Tq", documentation: "Th + Ti + TR.", run: until_request },
    Alias {
        name: "Tw",
        documentation: "Time in the queues.",
        run: |stream, _, out| {
            decimal(out, Times::between(base(&stream.times), stream.times.queued));
        },
    },
    Alias {
        name: "Tc",
        documentation: "Time to connect to the server.",
        run: |stream, _, out| {
            decimal(out, Times::between(stream.times.queued, stream.times.connected));
        },
    },
    Alias {
        name: "Tr",
        documentation: "Time until the head of the response.",
        run: |stream, _, out| {
            decimal(out, Times::between(stream.times.connected, stream.times.response));
        },
    },
    Alias {
        name: "Td",
        documentation: "Time to transfer the response.",
        run: |stream, _, out| decimal(out, data(stream)),
    },
    Alias {
        name: "Ta",
        documentation: "Active time of the request, without idle time.",
        run: |stream, _, out| {
            decimal(out, Times::between(first_byte(&stream.times), stream.times.ended));
        },
    },
    Alias {
        name: "Tt",
        documentation: "Total time from the accept on.",
        run: |stream, _, out| {
            decimal(out, Times::between(stream.times.began, stream.times.ended));
        },
    },
    Alias {
        name: "Tu",
        documentation: "Time as the user sees it: everything but the idle time.",
        run: |stream, _, out| {
            let total = Times::between(stream.times.began, stream.times.ended);
            decimal(out, (total - idle(&stream.times).max(0)).max(-1));
        },
    },
];

fn until_request(stream: &Stream<'_>, _: Style, out: &mut Vec<u8>) {
    decimal(out, Times::between(stream.times.began, stream.times.request));
}

fn handshake(times: &Times) -> i64 {
    (times.handshake / 1000) as i64
}

fn idle(times: &Times) -> i64 {
    Times::between(times.began, first_byte(times)) - handshake(times)
}

fn request(times: &Times) -> i64 {
    Times::between(first_byte(times), times.request)
}

/// Without a connection to a server nothing was transferred, whatever the proxy answered.
fn data(stream: &Stream<'_>) -> i64 {
    let times = &stream.times;
    match (times.connected, stream.names.http) {
        (0, _) => -1,
        (_, true) => Times::between(times.response, times.ended),
        (connected, false) => Times::between(connected, times.ended),
    }
}

/// Where `Tw` begins: a relayed connection has no request.
fn base(times: &Times) -> u64 {
    if times.request == 0 { times.began } else { times.request }
}

/// A request of which not even the first byte came began with the connection.
fn first_byte(times: &Times) -> u64 {
    if times.first_byte == 0 { times.began + times.handshake } else { times.first_byte }
}
