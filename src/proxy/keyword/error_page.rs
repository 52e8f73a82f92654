//! `errorfile`: complete answers for errors of the proxy itself.

use super::{Keyword, Sections};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "errorfile",
    sections: Sections::ALL,
    no_prefix: false,
    arguments: "<code> <file>",
    documentation: "The file holds the complete HTTP answer for this status.",
    example: "errorfile 503 /dev/null",
    parse: |line, settings| {
        let [code, file] = line.arguments else {
            return Err(line.error("errorfile : expects <status_code> and <file> as arguments."));
        };
        let status = code.text.parse().ok().filter(|status| STATUSES.contains(status));
        let status = status.ok_or_else(|| {
            Diagnostic::alert(code.span, format!("errorfile : status code '{code}' not handled."))
        })?;
        settings.error_pages.insert(status, read(file)?.into());
        Ok(())
    },
}];

fn read(file: &Word) -> Result<Vec<u8>, Diagnostic> {
    let fail = |message: String| Diagnostic::alert(file.span, format!("errorfile : {message}"));
    let page = std::fs::read(&file.text)
        .map_err(|error| fail(format!("error opening file '{file}': {error}.")))?;
    if page.len() > MAX_SIZE {
        return Err(fail(format!("'{file}': file too large ({} bytes).", page.len())));
    }
    if page.is_empty() || is_response(&page) {
        return Ok(page);
    }
    Err(fail(format!("'{file}': unable to parse headers")))
}

/// Begins with a complete head.
fn is_response(page: &[u8]) -> bool {
    let mut fields = [httparse::EMPTY_HEADER; 100];
    let mut response = httparse::Response::new(&mut fields);
    response.parse(page).is_ok_and(|status| status.is_complete())
}

/// Bytes: HAProxy's buffer.
const MAX_SIZE: usize = 16_384;

/// Manual, `errorfile`.
const STATUSES: &[u16] = &[
    200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 422, 425, 429, 431, 500, 501, 502, 503,
    504,
];
