//! `cache` (manual, section 6.2). Accepted: the actions that use a cache are refused by name.

use super::{Keyword, Kind, at_most, described, expects, lines};
use crate::config::document::Section as Written;
use crate::config::section::Said;
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::{Diagnostic, Report};

pub(super) const KIND: Kind = Kind {
    name: "cache",
    arguments: "<name>",
    documentation: "A cache; the actions that use one are not supported yet.",
    example: "cache small\n    total-max-size 4\n    max-age 60\n",
    lines: || described(KEYWORDS),
    read,
};

/// Sizes in bytes.
#[derive(Debug, Default)]
struct Cache {
    total: Option<u64>,
    object: Option<u64>,
}

fn read(written: &Written, said: &mut Said, report: &mut Report) {
    let Some(name) = written.name() else {
        let message = "'cache' expects a <name> argument";
        report.push(Diagnostic::alert(written.keyword().span, message));
        return;
    };
    if !at_most(written, 1, report) {
        return;
    }
    let mut cache = Cache::default();
    lines(written, KEYWORDS, &mut cache, &said.loading, report);
    match cache {
        Cache { total: None, .. } => {
            let message = format!("Size not specified for cache '{name}'");
            report.push(Diagnostic::alert(name.span, message));
        }
        Cache { total: Some(total), object: Some(object) } if object > total / 2 => {
            let message = format!(
                "\"max-object-size\" is limited to an half of \"total-max-size\" => {}",
                total / 2
            );
            report.push(Diagnostic::alert(name.span, message));
        }
        Cache { .. } => {}
    }
}

const KEYWORDS: &[Keyword<Cache>] = &[
    Keyword {
        name: "max-age",
        arguments: "<seconds>",
        documentation: "The longest time that an object is kept.",
        parse: |line, _| {
            if line.arguments.is_empty() {
                warn(line, "'max-age' expects an age parameter in seconds.");
            }
            Ok(())
        },
    },
    Keyword {
        name: "max-object-size",
        arguments: "<bytes>",
        documentation: "The largest object.",
        parse: |line, cache| {
            cache.object = Some(number(line, "max-object-size", 0)?);
            Ok(())
        },
    },
    Keyword {
        name: "max-secondary-entries",
        arguments: "<number>",
        documentation: "The most variants of an object.",
        parse: |line, _| number(line, "max-secondary-entries", 1).map(|_| ()),
    },
    Keyword {
        name: "process-vary",
        arguments: "{ on | off }",
        documentation: "Whether variants of objects are kept.",
        parse: |line, _| {
            if !line.arguments.first().is_some_and(|it| matches!(it.text.as_str(), "on" | "off")) {
                let message =
                    "'process-vary' expects \"on\" or \"off\" (enable or disable vary processing).";
                warn(line, message);
            }
            Ok(())
        },
    },
    Keyword {
        name: "total-max-size",
        arguments: "<megabytes>",
        documentation: "The size of the cache.",
        parse: |line, cache| {
            let megabytes = number(line, "total-max-size", 1)?;
            if megabytes > MAX_MEGABYTES {
                return Err(line.error(format!(
                    "\"total-max-size\" ({megabytes}) must not be greater than {MAX_MEGABYTES}"
                )));
            }
            cache.total = Some(megabytes << 20);
            Ok(())
        },
    },
];

fn number(line: &Statement<'_>, name: &str, least: u64) -> Result<u64, Diagnostic> {
    let word = expects(line, 0, &format!("{name} wrong value ''"))?;
    word.text
        .parse()
        .ok()
        .filter(|number| *number >= least)
        .ok_or_else(|| Diagnostic::alert(word.span, format!("{name} wrong value '{word}'")))
}

fn warn(line: &mut Statement<'_>, message: &str) {
    let span = line.span();
    line.report.push(Diagnostic::warning(span, message));
}

const MAX_MEGABYTES: u64 = 4095;
