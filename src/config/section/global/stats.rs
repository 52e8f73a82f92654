//! The statistics socket.

use super::Keyword;
use crate::proxy::keyword::{Statement, bind as listening};
use crate::proxy::{Level, StatsSocket};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::suggest;
use crate::syntax::value::duration::{Unit, duration_ms};

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "stats socket",
        no_prefix: false,
        arguments: "[<address:port>|<path>] [<option>]*",
        documentation: "Listens for commands of the runtime API.",
        example: "stats socket /run/evenkeel.sock mode 660 level admin",
        parse: |line, global| {
            let sockets = stats_sockets(line)?;
            global.stats_sockets.extend(sockets);
            Ok(())
        },
    },
    Keyword {
        name: "stats timeout",
        no_prefix: false,
        arguments: "<timeout>",
        documentation: "How long a connection to the statistics socket may stay silent.",
        example: "stats timeout 30s",
        parse: |line, global| {
            let value = line.only("a positive value")?;
            global.stats_timeout =
                duration_ms(&value.text, Unit::Millisecond).map_err(|error| {
                    Diagnostic::alert(value.span, format!("'stats timeout' : {error}"))
                })?;
            Ok(())
        },
    },
    Keyword {
        name: "stats maxconn",
        no_prefix: false,
        arguments: "<connections>",
        documentation: "Accepted, has no effect.",
        example: "stats maxconn 10",
        parse: |line, _| {
            let value = line.only("a positive value")?;
            if line.integer(value) <= 0 {
                return Err(line.error("'stats maxconn' expects a positive value"));
            }
            line.no_effect(value, "");
            Ok(())
        },
    },
    Keyword {
        name: "stats",
        no_prefix: false,
        arguments: "{ socket | timeout | maxconn } …",
        documentation: "Any other parameter is refused.",
        example: "",
        parse: |line, _| {
            let got = line.arguments.first().map_or("", |word| word.text.as_str());
            if got == "bind-process" {
                return Err(line.error("'stats bind-process' is not supported anymore."));
            }
            if got == "calculate-max-counters" {
                return calculate_max_counters(line);
            }
            Err(line.error(format!(
                "'stats' only supports 'socket', 'maxconn', 'bind-process', \
                 'calculate-max-counters'  and 'timeout' (got '{got}')"
            )))
        },
    },
];

/// They always are: `off` only saves HAProxy some work.
fn calculate_max_counters(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    let value = line.arguments.get(1).map_or("", |word| word.text.as_str());
    match value {
        "on" | "off" => Ok(()),
        _ => Err(line.error(format!(
            "'calculate-max-counters' only supports 'on' and 'off', received '{value}'"
        ))),
    }
}

fn stats_sockets(line: &mut Statement<'_>) -> Result<Vec<StatsSocket>, Diagnostic> {
    let address = line.arguments.first().ok_or_else(|| {
        line.error("'stats socket' in global section expects an address or a path to a UNIX socket")
    })?;
    let mut template = StatsSocket {
        listen: crate::proxy::Listen::Fd(-1),
        level: Level::default(),
        mode: None,
        uid: None,
        gid: None,
    };
    let mut words = line.arguments[1..].iter();
    while let Some(word) = words.next() {
        if !OPTIONS.contains(&word.text.as_str()) {
            let error =
                Diagnostic::alert(word.span, format!("'stats socket' : unknown keyword '{word}'"));
            return Err(match suggest::nearest(&word.text, OPTIONS.iter().copied()) {
                Some(near) => error.hint(format!("did you mean '{near}'?")),
                None => error,
            });
        }
        let value = words
            .next()
            .ok_or_else(|| Diagnostic::alert(word.span, format!("'{word}' : missing value")))?;
        match word.text.as_str() {
            "mode" => template.mode = Some(listening::octal(value)?),
            "user" => template.uid = Some(listening::user(value)?),
            "group" => template.gid = Some(listening::group(value)?),
            "uid" => template.uid = Some(listening::number(value)?),
            "gid" => template.gid = Some(listening::number(value)?),
            "level" => template.level = level(value)?,
            "process" => return Err(Diagnostic::alert(word.span, listening::PROCESS_IS_GONE)),
            _ => line.no_effect(word, " yet"),
        }
    }
    let listens = listening::sockets(address)?;
    Ok(listens.into_iter().map(|listen| StatsSocket { listen, ..template.clone() }).collect())
}

fn level(word: &crate::syntax::word::Word) -> Result<Level, Diagnostic> {
    match word.text.as_str() {
        "user" => Ok(Level::User),
        "operator" => Ok(Level::Operator),
        "admin" => Ok(Level::Admin),
        other => Err(Diagnostic::alert(
            word.span,
            format!("'level' only supports 'user', 'operator', and 'admin' (got '{other}')"),
        )),
    }
}

const OPTIONS: &[&str] = &[
    "mode",
    "user",
    "group",
    "uid",
    "gid",
    "level",
    "expose-fd",
    "severity-output",
    "name",
    "maxconn",
    "backlog",
    "id",
    "nice",
    "process",
    "thread",
    "interface",
];
