//! Rules of connections and their payload: `tcp-request`, `tcp-response`.

use super::rules::{misplaced, rule};
use super::{Keyword, Sections, Settings, Statement};
use crate::rule::action::Stage;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::duration::{Unit, duration_ms};

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "tcp-request connection",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: RULE,
        documentation: "A rule for connections, as soon as they are accepted.",
        example: "",
        parse: |line, settings| {
            only_in_front(line)?;
            if !settings.tcp_request_content.is_empty() {
                misplaced(line, "a 'tcp-request content' rule");
            } else if !settings.tcp_request_session.is_empty() {
                misplaced(line, "a 'tcp-request session' rule");
            } else {
                after_http(line, settings);
            }
            let rule = rule(line, Stage::TcpRequestConnection)?;
            settings.tcp_request_connection.push(rule);
            Ok(())
        },
    },
    Keyword {
        name: "tcp-request session",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: RULE,
        documentation: "A rule for connections, after their handshakes.",
        example: "",
        parse: |line, settings| {
            only_in_front(line)?;
            if settings.tcp_request_content.is_empty() {
                after_http(line, settings);
            } else {
                misplaced(line, "a 'tcp-request content' rule");
            }
            let rule = rule(line, Stage::TcpRequestSession)?;
            settings.tcp_request_session.push(rule);
            Ok(())
        },
    },
    Keyword {
        name: "tcp-request content",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: RULE,
        documentation: "A rule for what a client sends, before a server is chosen.",
        example: "tcp-request content reject if { src 192.0.2.1 }",
        parse: |line, settings| {
            after_http(line, settings);
            let rule = rule(line, Stage::TcpRequestContent)?;
            settings.tcp_request_content.push(rule);
            Ok(())
        },
    },
    Keyword {
        name: "tcp-request inspect-delay",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<time>",
        documentation: "How long to wait for what the rules of the content want to see.",
        example: "tcp-request inspect-delay 5s",
        parse: |line, settings| {
            settings.inspect_delay = Some(delay(line)?);
            Ok(())
        },
    },
    Keyword {
        name: "tcp-response content",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: RULE,
        documentation: "A rule for what a server sends first.",
        example: "",
        parse: |line, settings| {
            if line.section == super::Section::Frontend {
                return Err(line.error(
                    "tcp-response content is only allowed in 'backend' sections or 'defaults' \
                     section with a name",
                ));
            }
            let rule = rule(line, Stage::TcpResponseContent)?;
            settings.tcp_response_content.push(rule);
            Ok(())
        },
    },
    Keyword {
        name: "tcp-response inspect-delay",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "<time>",
        documentation: "How long to wait for what the rules of the response want to see.",
        example: "tcp-response inspect-delay 5s",
        parse: |line, settings| {
            settings.response_inspect_delay = Some(delay(line)?);
            Ok(())
        },
    },
    Keyword {
        name: "tcp-request",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "…",
        documentation: "Any other rule is refused.",
        example: "",
        parse: |line, _| Err(other(line, "'inspect-delay', 'connection', or 'content'")),
    },
    Keyword {
        name: "tcp-response",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "…",
        documentation: "Any other rule is refused.",
        example: "",
        parse: |line, _| Err(other(line, "'inspect-delay' or 'content'")),
    },
];

fn other(line: &Statement<'_>, expected: &str) -> Diagnostic {
    let (name, section, proxy) = (line.name(), line.section.name(), line.proxy);
    match line.arguments.first() {
        None => line.error(format!("missing argument for '{name}' in {section} '{proxy}'")),
        Some(word) => Diagnostic::alert(
            word.span,
            format!("'{name}' expects {expected} in {section} '{proxy}' (got '{word}')"),
        ),
    }
}

fn only_in_front(line: &Statement<'_>) -> Result<(), Diagnostic> {
    if line.section == super::Section::Backend {
        return Err(line.error(format!(
            "{} is not allowed because {} {} is not a frontend",
            line.name(),
            line.section.name(),
            line.proxy
        )));
    }
    Ok(())
}

fn after_http(line: &mut Statement<'_>, settings: &Settings) {
    if !settings.http_request.is_empty() {
        misplaced(line, "an 'http-request' rule");
    } else if !settings.redirects.is_empty() {
        misplaced(line, "a 'redirect' rule");
    } else if !settings.switches.is_empty() {
        misplaced(line, "a 'use_backend' rule");
    }
}

fn delay(line: &Statement<'_>) -> Result<u64, Diagnostic> {
    let (name, section, proxy) = (line.name(), line.section.name(), line.proxy);
    let expected =
        format!("'{name}' expects a positive delay in milliseconds, in {section} '{proxy}'");
    let Some(word) = line.arguments.first() else { return Err(line.error(expected)) };
    duration_ms(&word.text, Unit::Millisecond)
        .map_err(|error| Diagnostic::alert(word.span, format!("{expected} ({error})")))
}

const RULE: &str = "<action> [<argument>]* [{ if | unless } <condition>]";
