//! `option …` lines that turn one thing on or off. Those with a value of their own stand with
//! their subject.

mod forward_for;

pub(super) use forward_for::KEYWORDS as FORWARD_FOR;

use super::{Keyword, LogSettings, Options, Prefix, Sections, Settings, Statement};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::suggest;

pub(super) const HTTP: &[Keyword] = &[
    Keyword {
        documentation: "Connections to both sides stay open after a response.",
        example: "option http-keep-alive",
        parse: |line, settings| {
            switched(line)?;
            (settings.options.http_close, settings.options.server_close) = (false, false);
            Ok(())
        },
        ..switch("option http-keep-alive", Sections::ALL)
    },
    Keyword {
        documentation: "Both connections are closed after a response.",
        example: "option httpclose",
        parse: |line, settings| {
            let on = switched(line)?;
            settings.options.http_close = on;
            settings.options.server_close &= !on;
            Ok(())
        },
        ..switch("option httpclose", Sections::ALL)
    },
    Keyword {
        documentation: "The connection to the server is closed after a response.",
        example: "option http-server-close",
        parse: |line, settings| {
            let on = switched(line)?;
            settings.options.server_close = on;
            settings.options.http_close &= !on;
            Ok(())
        },
        ..switch("option http-server-close", Sections::ALL)
    },
    Keyword {
        documentation: "Client connections that carried no request are closed silently.",
        example: "option http-ignore-probes",
        parse: |line, settings| set(line, settings, |options| &mut options.ignore_probes),
        ..switch("option http-ignore-probes", Sections::FRONT)
    },
    Keyword {
        documentation: "The names of request fields are passed on as they are, which is the rule.",
        example: "option http-restrict-req-hdr-names preserve",
        arguments: "preserve",
        no_prefix: false,
        parse: |line, _| match line.first("'preserve', 'reject' or 'delete' option.")? {
            word if word.text == "preserve" => Ok(()),
            word => Err(line.unsupported(word)),
        },
        ..switch("option http-restrict-req-hdr-names", Sections::ALL)
    },
    Keyword {
        documentation: "Clients are not moved to HTTP/2 by its preface, which is the rule.",
        example: "option disable-h2-upgrade",
        parse: |line, _| switched(line).map(|_| ()),
        ..switch("option disable-h2-upgrade", Sections::FRONT)
    },
];

pub(super) const CONNECTIONS: &[Keyword] = &[
    Keyword {
        documentation: "After failed attempts another server is tried, also against the cookie.",
        example: "option redispatch",
        arguments: "[<interval>]",
        parse: |line, settings| {
            if !line.on() {
                settings.options.redispatch = None;
                return Ok(());
            }
            settings.options.redispatch = Some(match line.arguments.first() {
                Some(interval) => i32::try_from(line.integer(interval)).unwrap_or(-1),
                None => -1,
            });
            Ok(())
        },
        ..switch("option redispatch", Sections::BACK)
    },
    Keyword {
        documentation: "All backup servers share the load, not only the first usable one.",
        example: "option allbackups",
        parse: |line, settings| set(line, settings, |options| &mut options.all_backups),
        ..switch("option allbackups", Sections::BACK)
    },
    Keyword {
        documentation: "A request in a queue is dropped when its client closes; so in HTTP mode.",
        example: "option abortonclose",
        parse: |line, settings| {
            settings.options.abort_on_close = match line.prefix {
                Prefix::Default => None,
                _ => Some(switched(line)?),
            };
            Ok(())
        },
        ..switch("option abortonclose", Sections::ALL)
    },
    Keyword {
        documentation: "Bytes of requests may be spliced in the kernel.",
        example: "option splice-request",
        parse: |line, settings| splice(line, settings, |options| &mut options.splice_request),
        ..switch("option splice-request", Sections::ALL)
    },
    Keyword {
        documentation: "Bytes of responses may be spliced in the kernel.",
        example: "option splice-response",
        parse: |line, settings| splice(line, settings, |options| &mut options.splice_response),
        ..switch("option splice-response", Sections::ALL)
    },
    Keyword {
        documentation: "Bytes may be spliced in the kernel, both ways.",
        example: "option splice-auto",
        parse: |line, settings| {
            set(line, settings, |options| &mut options.splice_request)?;
            splice(line, settings, |options| &mut options.splice_response)
        },
        ..switch("option splice-auto", Sections::ALL)
    },
    Keyword {
        documentation: "TCP keep-alive packets on both sides.",
        example: "option tcpka",
        parse: |line, settings| {
            set(line, settings, |options| &mut options.client_keep_alive)?;
            set(line, settings, |options| &mut options.server_keep_alive)
        },
        ..switch("option tcpka", Sections::ALL)
    },
    Keyword {
        documentation: "TCP keep-alive packets to clients.",
        example: "option clitcpka",
        parse: |line, settings| set(line, settings, |options| &mut options.client_keep_alive),
        ..switch("option clitcpka", Sections::FRONT)
    },
    Keyword {
        documentation: "TCP keep-alive packets to servers.",
        example: "option srvtcpka",
        parse: |line, settings| set(line, settings, |options| &mut options.server_keep_alive),
        ..switch("option srvtcpka", Sections::BACK)
    },
];

pub(super) const LOGGING: &[Keyword] = &[
    Keyword {
        documentation: "Connections without any data are not logged.",
        example: "option dontlognull",
        parse: |line, settings| set_log(line, settings, |log| &mut log.dont_log_null),
        ..switch("option dontlognull", Sections::FRONT)
    },
    Keyword {
        documentation: "What went well is not logged.",
        example: "option dontlog-normal",
        parse: |line, settings| set_log(line, settings, |log| &mut log.dont_log_normal),
        ..switch("option dontlog-normal", Sections::FRONT)
    },
    Keyword {
        documentation: "What may be an error is logged at level 'err'.",
        example: "option log-separate-errors",
        parse: |line, settings| set_log(line, settings, |log| &mut log.separate_errors),
        ..switch("option log-separate-errors", Sections::FRONT)
    },
    Keyword {
        documentation: "Every change of a check's result is logged.",
        example: "option log-health-checks",
        parse: |line, settings| set_log(line, settings, |log| &mut log.health_checks),
        ..switch("option log-health-checks", Sections::BACK)
    },
];

/// Stands for every option that has no entry of its own.
pub(super) const OTHERS: &[Keyword] = &[Keyword {
    documentation: "Any other option is refused.",
    parse: |line, _| {
        let Some(name) = line.arguments.first() else {
            return Err(line.error("'option' expects an option name."));
        };
        let error = Diagnostic::alert(name.span, format!("unknown option '{name}'."));
        let known = super::keywords().map(|keyword| keyword.name);
        let options = known.filter_map(|name| name.strip_prefix("option "));
        Err(match suggest::nearest(&name.text, options) {
            Some(near) => error.hint(format!("did you mean '{near}'?")),
            None => error,
        })
    },
    arguments: "<name>",
    no_prefix: true,
    ..switch("option", Sections::ALL)
}];

const fn switch(name: &'static str, sections: Sections) -> Keyword {
    Keyword {
        name,
        sections,
        no_prefix: true,
        arguments: "",
        documentation: "",
        example: "",
        parse: |_, _| Ok(()),
    }
}

/// Whether the line turns the option on. `default` is off for all of them.
fn switched(line: &Statement<'_>) -> Result<bool, Diagnostic> {
    line.at_most(0)?;
    Ok(line.prefix == Prefix::None)
}

fn set(
    line: &Statement<'_>,
    settings: &mut Settings,
    field: fn(&mut Options) -> &mut bool,
) -> Result<(), Diagnostic> {
    *field(&mut settings.options) = switched(line)?;
    Ok(())
}

/// Splicing begins by itself where it is worth a pipe, so only switching it off would do something.
fn splice(
    line: &mut Statement<'_>,
    settings: &mut Settings,
    field: fn(&mut Options) -> &mut bool,
) -> Result<(), Diagnostic> {
    if line.prefix == Prefix::No {
        let keyword = line.keyword;
        if let Some(word) = keyword.last() {
            line.no_effect(word, " with 'no': large transfers are always spliced");
        }
    }
    set(line, settings, field)
}

fn set_log(
    line: &Statement<'_>,
    settings: &mut Settings,
    field: fn(&mut LogSettings) -> &mut bool,
) -> Result<(), Diagnostic> {
    *field(&mut settings.log) = switched(line)?;
    Ok(())
}
