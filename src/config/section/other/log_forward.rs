//! `log-forward` (manual, section 12.5). Its lines are checked, then it is refused: it would take
//! messages from the network and pass them on.

use super::{Keyword, Kind, described, expects, integer, lines, name, proxy_line, refuse, time};
use crate::log::Target;
use crate::proxy::keyword::{Settings, Statement};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KIND: Kind = Kind {
    name: "log-forward",
    arguments: "<name>",
    documentation: "Takes log lines and forwards them; not supported yet.",
    example: "",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if name(written, "missing name for log-forward section.", report).is_none() {
            return;
        }
        lines(written, KEYWORDS, &mut Settings::default(), &said.loading, report);
        refuse(written, report);
    },
};

const KEYWORDS: &[Keyword<Settings>] = &[
    Keyword {
        name: "backlog",
        arguments: "<number>",
        documentation: "The length of the kernel's queue.",
        parse: |line, _| integer(line, "'backlog' expects an integer argument."),
    },
    Keyword {
        name: "bind",
        arguments: "[<address>]:<port> [<option>]*",
        documentation: "Where lines come in over TCP.",
        parse: proxy_line,
    },
    Keyword {
        name: "dgram-bind",
        arguments: "[<address>]:<port> [<option>]*",
        documentation: "Where lines come in over UDP.",
        parse: |_, _| Ok(()),
    },
    Keyword {
        name: "log",
        arguments: "global | <target> [<option>]* <facility> [<level>]",
        documentation: "Where lines go.",
        parse: |line, _| {
            let missing = "log : expects <address> and <facility> or global as arguments";
            if !line.on() || expects(line, 0, missing)?.text == "global" {
                return Ok(());
            }
            expects(line, 1, missing)?;
            Target::parse(line.arguments).map(|_| ())
        },
    },
    Keyword {
        name: "maxconn",
        arguments: "<number>",
        documentation: "The most connections at once.",
        parse: |line, _| integer(line, "'maxconn' expects an integer argument."),
    },
    Keyword {
        name: "option",
        arguments: "{ assume-rfc6587-ntf | dont-parse-log | host <strategy> }",
        documentation: "How lines are read.",
        parse: option,
    },
    Keyword {
        name: "timeout client",
        arguments: "<time>",
        documentation: "How long a client may stay silent.",
        parse: |line, _| {
            expects(line, 0, "missing timeout client value.")?;
            time(line, 0, "timeout client")
        },
    },
];

fn option(line: &mut Statement<'_>, _: &mut Settings) -> Result<(), Diagnostic> {
    let name = expects(line, 0, "unknown option '' in log-forward section.")?;
    match name.text.as_str() {
        "assume-rfc6587-ntf" | "dont-parse-log" => match line.arguments.get(1) {
            None => Ok(()),
            Some(extra) => Err(Diagnostic::alert(
                extra.span,
                format!("'option {name}' cannot handle unexpected argument '{extra}'."),
            )),
        },
        "host" => {
            let known = ["replace", "fill", "keep", "append"];
            let strategy = line.arguments.get(1);
            strategy
                .is_some_and(|word| known.contains(&word.text.as_str()))
                .then_some(())
                .ok_or_else(|| {
                    Diagnostic::alert(
                        name.span,
                        "option 'host' expects {replace|fill|keep|append}.",
                    )
                })
        }
        other => {
            let message = format!("unknown option '{other}' in log-forward section.");
            Err(Diagnostic::alert(name.span, message))
        }
    }
}
