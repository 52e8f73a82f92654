//! `http-errors` sections (manual, section 12.4): error pages to be used by name.

use super::keyword::Keyword;
use crate::proxy::ErrorPages;
use crate::proxy::keyword::error_file;

pub const KEYWORDS: &[Keyword<ErrorPages>] = &[Keyword {
    name: "errorfile",
    arguments: "<code> <file>",
    documentation: "The file holds the complete HTTP answer for this status.",
    least: (2, "errorfile: expects <status_code> and <file> as arguments."),
    parse: |line, pages| {
        let (status, page) = error_file(line)?;
        pages.insert(status, page);
        Ok(())
    },
}];
