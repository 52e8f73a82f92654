//! `timeout …`.

use super::{Keyword, Sections, Settings, Statement};
use crate::proxy::Timeouts;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::duration::{Unit, tolerant_duration_ms};

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        documentation: "How long a client may stay silent.",
        example: "timeout client 30s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.client),
        ..keyword("timeout client", Sections::FRONT)
    },
    Keyword {
        documentation: "How long a client may stay silent once its direction is closed.",
        example: "timeout client-fin 10s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.client_fin),
        ..keyword("timeout client-fin", Sections::FRONT)
    },
    Keyword {
        documentation: "How long a complete request head may take to arrive.",
        example: "timeout http-request 5s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.http_request),
        ..keyword("timeout http-request", Sections::ALL)
    },
    Keyword {
        documentation: "How long a client connection may wait for its next request.",
        example: "timeout http-keep-alive 15s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.http_keep_alive),
        ..keyword("timeout http-keep-alive", Sections::ALL)
    },
    Keyword {
        documentation: "How long a tarpitted request is held.",
        example: "timeout tarpit 10s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.tarpit),
        ..keyword("timeout tarpit", Sections::ALL)
    },
    Keyword {
        documentation: "How long a server may stay silent.",
        example: "timeout server 30s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.server),
        ..keyword("timeout server", Sections::BACK)
    },
    Keyword {
        documentation: "How long a server may stay silent once its direction is closed.",
        example: "timeout server-fin 10s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.server_fin),
        ..keyword("timeout server-fin", Sections::BACK)
    },
    Keyword {
        documentation: "How long connecting to a server may take.",
        example: "timeout connect 5s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.connect),
        ..keyword("timeout connect", Sections::BACK)
    },
    Keyword {
        documentation: "How long a request may wait for a server's free slot.",
        example: "timeout queue 30s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.queue),
        ..keyword("timeout queue", Sections::BACK)
    },
    Keyword {
        documentation: "How long a tunnel may stay silent in both directions.",
        example: "timeout tunnel 1h",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.tunnel),
        ..keyword("timeout tunnel", Sections::BACK)
    },
    Keyword {
        documentation: "How long a check may take once it is connected.",
        example: "timeout check 10s",
        parse: |line, settings| set(line, settings, |timeouts| &mut timeouts.check),
        ..keyword("timeout check", Sections::BACK)
    },
    Keyword {
        documentation: "Any other timeout is refused.",
        parse: |line, _| {
            let got = line.arguments.first().map_or("", |word| word.text.as_str());
            Err(line.error(format!(
                "'timeout' supports 'client', 'server', 'connect', 'check', 'queue', \
                 'handshake', 'http-keep-alive', 'http-request', 'tunnel', 'tarpit', \
                 'client-fin' and 'server-fin' (got '{got}')"
            )))
        },
        ..keyword("timeout", Sections::ALL)
    },
];

const fn keyword(name: &'static str, sections: Sections) -> Keyword {
    Keyword {
        name,
        sections,
        no_prefix: false,
        arguments: "<time>",
        documentation: "",
        example: "",
        parse: |_, _| Ok(()),
    }
}

fn set(
    line: &mut Statement<'_>,
    settings: &mut Settings,
    field: fn(&mut Timeouts) -> &mut Option<u64>,
) -> Result<(), Diagnostic> {
    let name = line.name();
    let value = line.only("an integer value (in milliseconds)")?;
    let span = value.span;
    let (milliseconds, warning) = tolerant_duration_ms(&value.text, Unit::Millisecond)
        .map_err(|error| Diagnostic::alert(span, format!("{error} in '{name}'")))?;
    if let Some(warning) = warning {
        line.report.push(Diagnostic::warning(span, warning));
    }
    *field(&mut settings.timeouts) = Some(milliseconds).filter(|value| *value != 0);
    Ok(())
}
