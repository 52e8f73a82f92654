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
    if !page.is_empty() {
        check(&page).map_err(|mistake| fail(format!("'{file}': {mistake}")))?;
    }
    Ok(page)
}

/// A complete head, and as much behind it as it announces.
fn check(page: &[u8]) -> Result<(), String> {
    let mut fields = [httparse::EMPTY_HEADER; 100];
    let mut response = httparse::Response::new(&mut fields);
    let head = match response.parse(page) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) | Err(_) => return Err("unable to parse headers".to_owned()),
    };
    let payload = page.len() - head;
    let announced = response
        .headers
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case("content-length"))
        .map(|field| String::from_utf8_lossy(field.value).into_owned());
    match announced {
        Some(length) if length.trim() != payload.to_string() => Err(format!(
            "payload size does not match the announced content-length ({payload} != {length})"
        )),
        _ => Ok(()),
    }
}

/// Bytes: HAProxy's buffer.
const MAX_SIZE: usize = 16_384;

/// Manual, `errorfile`.
const STATUSES: &[u16] = &[
    200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 422, 425, 429, 431, 500, 501, 502, 503,
    504,
];

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_page_is_a_response_of_the_announced_length() {
        // The verdicts of HAProxy 3.4 on the same files.
        assert_eq!(check(b"HTTP/1.0 503 x\r\nA: b\r\n\r\nhello"), Ok(()));
        assert_eq!(check(b"HTTP/1.0 503 x\nA: b\n\nhello"), Ok(()));
        assert_eq!(check(b"HTTP/1.1 503 x\nContent-Length: 5\n\nhello"), Ok(()));
        assert_eq!(
            check(b"HTTP/1.1 503 x\nContent-Length: 50\n\nhello"),
            Err("payload size does not match the announced content-length (5 != 50)".to_owned())
        );
        assert!(check(b"sorry").is_err());
    }
}
