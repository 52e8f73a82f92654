//! `ring` (manual, section 3.5). Accepted: only `log ring@…` fills a ring, and it is refused.

use super::{Keyword, Kind, described, expects, lines, name, proxy_line, time};
use crate::proxy::keyword::Settings;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::size::size;

pub(super) const KIND: Kind = Kind {
    name: "ring",
    arguments: "<name>",
    documentation: "A buffer of events; logs into a ring are not supported yet.",
    example: "ring events\n    size 32764\n    maxlen 1200\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if name(written, "missing ring name.", report).is_some() {
            lines(written, KEYWORDS, &mut Settings::default(), &said.loading, report);
        }
    },
};

const KEYWORDS: &[Keyword<Settings>] = &[
    Keyword {
        name: "backing-file",
        arguments: "<path>",
        documentation: "A file that keeps the events.",
        parse: |line, _| {
            let path = expects(line, 0, "missing backing-file name.")?;
            Err(line.unsupported(path))
        },
    },
    Keyword {
        name: "description",
        arguments: "<text>",
        documentation: "A text for the runtime API.",
        parse: |line, _| expects(line, 0, "missing ring description text.").map(|_| ()),
    },
    Keyword {
        name: "format",
        arguments: "<format>",
        documentation: "The format of events.",
        parse: |line, _| {
            let word = expects(line, 0, "unknown format ''.")?;
            let known = ["iso", "local", "priority", "raw", "rfc3164", "rfc5424", "short", "timed"];
            known
                .contains(&word.text.as_str())
                .then_some(())
                .ok_or_else(|| Diagnostic::alert(word.span, format!("unknown format '{word}'.")))
        },
    },
    Keyword {
        name: "maxlen",
        arguments: "<bytes>",
        documentation: "The longest event.",
        parse: |line, _| {
            let word = expects(line, 0, "invalid size '' for new sink buffer.")?;
            line.integer(word);
            Ok(())
        },
    },
    Keyword {
        name: "server",
        arguments: "<name> <address>:<port> [<option>]*",
        documentation: "A syslog server that gets the events.",
        parse: |line, settings| proxy_line(line, settings),
    },
    Keyword {
        name: "size",
        arguments: "<bytes>",
        documentation: "The size of the buffer.",
        parse: |line, _| {
            let invalid = |text: &str| format!("invalid size '{text}' for new sink buffer.");
            let word = expects(line, 0, &invalid(""))?;
            size(&word.text)
                .ok()
                .filter(|bytes| *bytes > 0)
                .map(|_| ())
                .ok_or_else(|| Diagnostic::alert(word.span, invalid(&word.text)))
        },
    },
    Keyword {
        name: "timeout",
        arguments: "{ connect | server } <time>",
        documentation: "How long a server may take.",
        parse: |line, _| {
            let Some(what) = line.arguments.first() else { return Ok(()) };
            match what.text.as_str() {
                "connect" | "server" => time(line, 1, &format!("timeout {what}")),
                _ => Ok(()),
            }
        },
    },
];
