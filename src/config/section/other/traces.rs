//! `traces` (manual, section 3.13): what HAProxy's developers ask for. Without effect.

use super::{Keyword, Kind, at_most, described, lines};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KIND: Kind = Kind {
    name: "traces",
    arguments: "",
    documentation: "Accepted with a warning, has no effect.",
    example: "traces\n    trace h1 sink buf1 level developer\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if !at_most(written, 0, report) {
            return;
        }
        report.push(Diagnostic::warning(
            written.keyword().span,
            "section 'traces' is accepted but has no effect",
        ));
        lines(written, KEYWORDS, &mut (), &said.loading, report);
    },
};

const KEYWORDS: &[Keyword<()>] = &[Keyword {
    name: "trace",
    arguments: "…",
    documentation: "A source of traces.",
    parse: |_, ()| Ok(()),
}];
