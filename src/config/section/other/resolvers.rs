//! `resolvers` (manual, section 5.3.2). Accepted: a section that no server uses does nothing, and
//! a server that would use it is refused by its option.

use super::{Keyword, Kind, address, described, expects, lines, name, time};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

pub(super) const KIND: Kind = Kind {
    name: "resolvers",
    arguments: "<name>",
    documentation: "Name servers; servers that use them are not supported yet.",
    example: "resolvers local\n    nameserver first 127.0.0.1:53\n    hold valid 10s\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        let missing = "missing name for resolvers section.";
        if name(written, missing, report).is_none() {
            return;
        }
        let mut resolvers = Resolvers::default();
        lines(written, KEYWORDS, &mut resolvers, &said.loading, report);
    },
};

#[derive(Debug, Default)]
struct Resolvers {
    servers: Vec<(String, Span)>,
}

const KEYWORDS: &[Keyword<Resolvers>] = &[
    Keyword {
        name: "accepted_payload_size",
        arguments: "<bytes>",
        documentation: "The largest answer.",
        parse: |line, _| {
            let word = expects(line, 0, "'accepted_payload_size' expects <nb> as argument.")?;
            if (12..=65_535).contains(&line.integer(word)) {
                return Ok(());
            }
            let message = format!(
                "'accepted_payload_size' must be between 12 and 65535 inclusive (was {word})."
            );
            Err(Diagnostic::alert(word.span, message))
        },
    },
    Keyword {
        name: "hold",
        arguments: "{ nx | obsolete | other | refused | timeout | valid } <time>",
        documentation: "How long an answer of this kind is kept.",
        parse: |line, _| {
            let missing = "'hold' expects an <event> and a <time> as arguments.";
            let event = expects(line, 0, missing)?;
            expects(line, 1, missing)?;
            let known = ["nx", "obsolete", "other", "refused", "timeout", "valid"];
            if !known.contains(&event.text.as_str()) {
                let message = format!(
                    "'hold' unknown <event>: '{event}', expects either 'nx', 'timeout', 'valid', \
                     'obsolete' or 'other'."
                );
                return Err(Diagnostic::alert(event.span, message));
            }
            time(line, 1, "hold")
        },
    },
    Keyword {
        name: "nameserver",
        arguments: "<name> <address>:<port>",
        documentation: "A name server.",
        parse: |line, resolvers| {
            let missing = "'nameserver' expects <name> and <addr>[:<port>] as arguments.";
            let (name, place) = (expects(line, 0, missing)?, expects(line, 1, missing)?);
            if let Some((_, span)) = resolvers.servers.iter().find(|(other, _)| *other == name.text)
            {
                let message = format!(
                    "nameserver '{name}' has same name as another nameserver (declared at line {}).",
                    span.line
                );
                return Err(Diagnostic::alert(name.span, message));
            }
            address(place, &format!("'nameserver {name}' : "))?;
            resolvers.servers.push((name.text.clone(), name.span));
            Ok(())
        },
    },
    Keyword {
        name: "parse-resolv-conf",
        arguments: "",
        documentation: "Takes the name servers of /etc/resolv.conf too.",
        parse: |_, _| Ok(()),
    },
    Keyword {
        name: "resolve_retries",
        arguments: "<number>",
        documentation: "How often a question is repeated.",
        parse: |line, _| {
            let word = expects(line, 0, "'resolve_retries' expects <nb> as argument.")?;
            line.integer(word);
            Ok(())
        },
    },
    Keyword {
        name: "timeout",
        arguments: "{ resolve | retry } <time>",
        documentation: "The time between questions, and that until one is repeated.",
        parse: |line, _| {
            let missing = "'timeout' expects 'retry' or 'resolve' and <time> as arguments.";
            let event = expects(line, 0, missing)?;
            if !matches!(event.text.as_str(), "retry" | "resolve") {
                let message = format!(
                    "'timeout' expects 'retry' or 'resolve' and <time> as arguments got '{event}'."
                );
                return Err(Diagnostic::alert(event.span, message));
            }
            expects(line, 1, &format!("'timeout {event}' expects <time> as argument."))?;
            time(line, 1, &format!("timeout {event}"))
        },
    },
];
