//! How the stream ended: status and termination state (manual, section 8.5).

use super::style::decimal;
use super::{Alias, Style};
use crate::exchange::Stream;

pub(super) const KEYWORDS: &[Alias] = &[
    Alias { name: "ST", documentation: "The status sent to the client.", run: status },
    Alias {
        name: "ts",
        documentation: "The termination state.",
        run: |stream, _, out| termination(stream, out),
    },
    Alias {
        name: "tsc",
        documentation: "The termination state with that of the persistence cookie.",
        run: |stream, _, out| {
            termination(stream, out);
            out.push(stream.outcome.client_cookie.unwrap_or(b'-'));
            out.push(stream.outcome.server_cookie.unwrap_or(b'-'));
        },
    },
];

/// -1 where no answer was sent.
fn status(stream: &Stream<'_>, _: Style, out: &mut Vec<u8>) {
    match stream.outcome.status {
        0 => decimal(out, -1),
        status => decimal(out, status),
    }
}

fn termination(stream: &Stream<'_>, out: &mut Vec<u8>) {
    out.push(stream.outcome.cause as u8);
    out.push(stream.outcome.phase as u8);
}
