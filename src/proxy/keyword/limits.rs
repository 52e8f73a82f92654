//! How many: connections, waiting connections, attempts.

use super::{Keyword, Sections, Statement};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "maxconn",
        sections: Sections::FRONT,
        no_prefix: false,
        arguments: "<number>",
        documentation: "Most connections at once.",
        example: "maxconn 2000",
        parse: |line, settings| {
            settings.maxconn = Some(number(line)?);
            Ok(())
        },
    },
    Keyword {
        name: "fullconn",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "<number>",
        documentation: "The load at which servers are given all of their 'maxconn'.",
        example: "fullconn 1000",
        parse: |line, settings| {
            settings.fullconn = Some(number(line)?);
            Ok(())
        },
    },
    Keyword {
        name: "backlog",
        sections: Sections::FRONT,
        no_prefix: false,
        arguments: "<number>",
        documentation: "Most connections that wait to be accepted, a hint to the system.",
        example: "backlog 10000",
        parse: |line, settings| {
            settings.backlog = Some(i32::try_from(number(line)?).unwrap_or(i32::MAX));
            Ok(())
        },
    },
    Keyword {
        name: "retries",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "<number>",
        documentation: "How often a failed connection to a server is tried again.",
        example: "retries 3",
        parse: |line, settings| {
            settings.retries = Some(number(line)?);
            Ok(())
        },
    },
];

fn number(line: &Statement<'_>) -> Result<u32, Diagnostic> {
    let word = line.only("an integer argument.")?;
    word.text.parse().ok().filter(|number| i32::try_from(*number).is_ok()).ok_or_else(|| {
        Diagnostic::alert(
            word.span,
            format!("'{}' expects an integer argument, not '{}'", line.name(), word.text),
        )
    })
}
