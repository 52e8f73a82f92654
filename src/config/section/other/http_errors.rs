//! `http-errors` (manual, section 12.4): answers for `errorfiles` and its kin. These sections are
//! read before all others, for the proxies above them refer to them too.

use super::{Keyword, Kind, described, lines, name};
use crate::config::document::Section as Written;
use crate::proxy::ErrorPages;
use crate::proxy::keyword::error_section_line;
use crate::sample::Loading;
use crate::syntax::diagnostic::{Diagnostic, Report};

pub(super) const KIND: Kind = Kind {
    name: "http-errors",
    arguments: "<name>",
    documentation: "Answers for errors, for 'errorfiles'.",
    example: "http-errors site\n    errorfile 503 /dev/null\n",
    lines: || described(KEYWORDS),
    // Read ahead.
    read: |_, _, _| {},
};

pub(in crate::config::section) fn read(written: &Written, loading: &Loading, report: &mut Report) {
    let missing = "missing name for http-errors section.";
    let Some(name) = name(written, missing, report) else { return };
    let mut pages = ErrorPages::default();
    lines(written, KEYWORDS, &mut pages, loading, report);
    if !loading.add_error_section(&name.text, pages) {
        let message = format!("http-errors section '{name}' already exists");
        report.push(Diagnostic::alert(name.span, message));
    }
}

const KEYWORDS: &[Keyword<ErrorPages>] = &[Keyword {
    name: "errorfile",
    arguments: "<code> <file>",
    documentation: "The file holds the complete HTTP answer for this status.",
    parse: |line, pages| {
        let (code, page) = error_section_line(line)?;
        pages.insert(code, page);
        Ok(())
    },
}];
