//! Where and how a proxy logs.

use std::sync::Arc;

use super::{Keyword, LogFormat, LogTarget, Sections, Statement};
use crate::log::{LineFormat, Target};
use crate::sample::Stage;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "log",
        sections: Sections::ALL,
        no_prefix: true,
        arguments: "{ global | <target> [len <length>] [format <format>] <facility> [<level> [<minlevel>]] }",
        documentation: "Sends log lines to the targets of the global section, or to one of its own.",
        example: "log global",
        parse: |line, settings| {
            if !line.on() {
                if !line.arguments.is_empty() {
                    return Err(line.error("log : 'no log' does not expect arguments"));
                }
                settings.log.targets.clear();
                return Ok(());
            }
            match line.arguments {
                [] => {
                    return Err(
                        line.error("log : expects <address> and <facility> or global as arguments")
                    );
                }
                [only] if only.text == "global" => settings.log.targets.push(LogTarget::Global),
                words => settings.log.targets.push(LogTarget::Own(Arc::new(Target::parse(words)?))),
            }
            Ok(())
        },
    },
    Keyword {
        name: "log-format",
        sections: Sections::FRONT,
        no_prefix: false,
        arguments: "<string>",
        documentation: "The format of traffic lines.",
        example: "log-format \"%[src] %HP\"",
        parse: |line, settings| {
            let text = line.first("an argument.")?;
            if let Some(second) = line.arguments.get(1) {
                return Err(Diagnostic::alert(
                    second.span,
                    "log-format expects only one argument, don't forget to escape spaces!",
                ));
            }
            let format =
                LineFormat::parse(&text.text, &line.context(Stage::Log)).map_err(|error| {
                    Diagnostic::alert(text.span, format!("failed to parse log-format : {error}"))
                })?;
            settings.log.format = Some((LogFormat::Own(format), line.span()));
            Ok(())
        },
    },
    Keyword {
        name: "log-tag",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<string>",
        documentation: "The name before the process number in log lines.",
        example: "log-tag shop",
        parse: |line, settings| {
            let tag = line.first("a tag for use in syslog.")?;
            settings.log.tag = Some(tag.text.clone());
            Ok(())
        },
    },
    Keyword {
        name: "option httplog",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "[clf]",
        documentation: "Logs requests, responses and timers of HTTP.",
        example: "option httplog",
        parse: |line, settings| {
            let format = if clf(line)? { LogFormat::HttpClf } else { LogFormat::Http };
            if in_backend(line) {
                return Ok(());
            }
            settings.log.format = Some((format, line.span()));
            Ok(())
        },
    },
    Keyword {
        name: "option tcplog",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "[clf]",
        documentation: "Logs connections with their timers.",
        example: "option tcplog",
        parse: |line, settings| {
            let format = if clf(line)? { LogFormat::TcpClf } else { LogFormat::Tcp };
            if in_backend(line) {
                return Ok(());
            }
            settings.log.format = Some((format, line.span()));
            Ok(())
        },
    },
];

/// Whether `clf` follows.
fn clf(line: &Statement<'_>) -> Result<bool, Diagnostic> {
    match line.arguments {
        [] => Ok(false),
        [clf] if clf.text == "clf" => Ok(true),
        [other, ..] => Err(Diagnostic::alert(
            other.span,
            format!("keyword '{}' only supports option 'clf'.", line.keyword[1]),
        )),
    }
}

/// HAProxy warns that backends do not log.
fn in_backend(line: &mut Statement<'_>) -> bool {
    let ignored = line.section == super::Section::Backend;
    if ignored {
        let message = format!(
            "backend '{}' : '{}' directive is ignored in backends.",
            line.proxy,
            line.name()
        );
        line.report.push(Diagnostic::warning(line.span(), message));
    }
    ignored
}
