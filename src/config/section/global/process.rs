//! The process: threads, limits, identity.

use super::Keyword;
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "maxconn",
        no_prefix: false,
        arguments: "<number>",
        documentation: "Most client connections at once.",
        example: "maxconn 20000",
        parse: |line, global| {
            global.maxconn = number(line)?;
            Ok(())
        },
    },
    Keyword {
        name: "nbthread",
        no_prefix: false,
        arguments: "<number>",
        documentation: "Number of worker threads.",
        example: "nbthread 2",
        parse: |line, global| {
            let threads = number(line)?;
            if !(1..=MAX_THREADS).contains(&threads) {
                return Err(line.error(format!(
                    "'nbthread' value must be between 1 and {MAX_THREADS} (was {threads})."
                )));
            }
            global.threads = threads;
            Ok(())
        },
    },
];

fn number(line: &Statement<'_>) -> Result<usize, Diagnostic> {
    let word = line.only("an integer argument.")?;
    word.text.parse().map_err(|_| {
        Diagnostic::alert(
            word.span,
            format!("'{}' expects an integer argument, not '{word}'", line.name()),
        )
    })
}

/// HAProxy's limit with its usual 16 thread groups.
const MAX_THREADS: usize = 1024;
