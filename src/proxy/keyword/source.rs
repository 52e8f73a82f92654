//! From which address servers are connected to.

use super::{Keyword, Sections, address};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "source",
    sections: Sections::BACK,
    no_prefix: false,
    arguments: "<address>[:<port>]",
    documentation: "The address to connect to servers from.",
    example: "source 127.0.0.1",
    parse: |line, settings| {
        let Some(word) = line.arguments.first() else {
            return Err(line.error("'source' expects <addr>[:<port>]."));
        };
        if let Some(other) = line.arguments.get(1) {
            return Err(line.unsupported(other));
        }
        settings.source =
            Some(address::source(&word.text).map_err(|error| {
                Diagnostic::alert(word.span, format!("'source {word}' : {error}"))
            })?);
        Ok(())
    },
}];
