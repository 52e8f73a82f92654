//! `peers` (manual, section 12.1). Accepted: a stick table that would exchange its entries with
//! peers is refused where it says so.

use super::{Keyword, Kind, address, described, expects, lines, name, proxy_line};
use crate::log::Target;
use crate::proxy::keyword::{Settings, Statement};
use crate::syntax::diagnostic::Diagnostic;
use crate::table::Declaration;

pub(super) const KIND: Kind = Kind {
    name: "peers",
    arguments: "<name>",
    documentation: "Other proxies that share stick tables; tables with peers are not supported yet.",
    example: "peers pair\n    peer left 127.0.0.1:10000\n    peer right 127.0.0.1:10001\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if name(written, "missing name for peers section.", report).is_some() {
            lines(written, KEYWORDS, &mut Settings::default(), &said.loading, report);
        }
    },
};

const KEYWORDS: &[Keyword<Settings>] = &[
    proxy("bind", "[<address>]:<port> [<option>]*", "Where this peer listens."),
    Keyword {
        name: "default-bind",
        arguments: "[<option>]*",
        documentation: "Options of the listener.",
        parse: |_, _| Ok(()),
    },
    proxy("default-server", "[<option>]*", "Options of the peers that follow."),
    switch("disabled", "Switches the section off."),
    switch("enabled", "Switches the section on."),
    Keyword {
        name: "log",
        arguments: "global | <target> <facility> [<level>]",
        documentation: "Where events of peers are logged.",
        parse: |line, _| {
            if !line.on() {
                return Ok(());
            }
            let missing = "log : expects <address> and <facility> or global as arguments";
            if expects(line, 0, missing)?.text == "global" {
                return Ok(());
            }
            expects(line, 1, missing)?;
            Target::parse(line.arguments).map(|_| ())
        },
    },
    Keyword {
        name: "peer",
        arguments: "<name> [<address>:<port>] [<option>]*",
        documentation: "A peer, or this proxy itself.",
        parse: peer,
    },
    Keyword {
        name: "server",
        arguments: "<name> [<address>:<port>] [<option>]*",
        documentation: "As 'peer'.",
        parse: |line, settings| match line.arguments.len() {
            0 | 1 => Ok(()),
            _ => proxy_line(line, settings),
        },
    },
    Keyword {
        name: "shards",
        arguments: "<number>",
        documentation: "Over how many peers the entries are spread.",
        parse: |line, _| {
            let word = expects(line, 0, "'shards' : missing value")?;
            let positive = word.text.parse::<u32>().is_ok_and(|value| value > 0);
            positive.then_some(()).ok_or_else(|| {
                let message = "'shards' : expects a strictly positive integer argument";
                Diagnostic::alert(word.span, message)
            })
        },
    },
    Keyword {
        name: "table",
        arguments: "<name> type <type> size <size> [<option>]*",
        documentation: "A stick table that peers share.",
        parse: |line, _| {
            let words = line.arguments.get(1..).unwrap_or_default();
            let span = line.span();
            let report = &mut *line.report;
            let parsed = Declaration::parse(span, words, &mut |warning| report.push(warning));
            parsed.map(|_| ()).map_err(|mut error| {
                error.message = error.message.replacen("stick-table", "table", 1);
                error
            })
        },
    },
];

const fn proxy(
    name: &'static str,
    arguments: &'static str,
    documentation: &'static str,
) -> Keyword<Settings> {
    Keyword { name, arguments, documentation, parse: proxy_line }
}

const fn switch(name: &'static str, documentation: &'static str) -> Keyword<Settings> {
    Keyword { name, arguments: "", documentation, parse: |_, _| Ok(()) }
}

fn peer(line: &mut Statement<'_>, _: &mut Settings) -> Result<(), Diagnostic> {
    let name = line.arguments.first().map_or("", |word| word.text.as_str());
    let Some(place) = line.arguments.get(1) else {
        let message =
            format!("'peer {name}' : ignoring invalid peer definition (missing address:port)");
        let span = line.span();
        line.report.push(Diagnostic::warning(span, message));
        return Ok(());
    };
    address(place, &format!("'server (null)/{name}' : "))
}
