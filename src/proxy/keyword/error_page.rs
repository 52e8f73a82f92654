//! Complete answers for errors of the proxy itself: `errorfile`, `errorfiles`, `errorloc` and
//! `http-error`.

mod reply;

use bytes::Bytes;

use super::{Keyword, Sections, Settings, Statement};
use crate::http::status;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "errorfile",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<code> <file>",
        documentation: "The file holds the complete HTTP answer for this status.",
        example: "errorfile 503 /dev/null",
        parse: |line, settings| {
            let [code, file] = line.arguments else {
                return Err(
                    line.error("errorfile : expects <status_code> and <file> as arguments.")
                );
            };
            settings.error_pages.insert(code_of("errorfile", code)?, read("errorfile", file)?);
            Ok(())
        },
    },
    Keyword {
        name: "errorfiles",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<name> [<code> …]",
        documentation: "Takes the answers of an 'http-errors' section, all or those of some statuses.",
        // It needs a section.
        example: "",
        parse: error_files,
    },
    location("errorloc", "errorloc 503 http://127.0.0.1/sorry"),
    location("errorloc302", "errorloc302 503 http://127.0.0.1/sorry"),
    location("errorloc303", "errorloc303 503 http://127.0.0.1/sorry"),
    Keyword {
        name: "http-error",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "status <code> [content-type <type>] [{ default-errorfiles | errorfile <file> \
                    | errorfiles <name> | file <file> | string <text> }] [hdr <name> <value>]*",
        documentation: "Describes the answer for this status.",
        example: "http-error status 503 content-type text/plain string sorry",
        parse: reply::parse,
    },
];

/// An `errorfile` line of an `http-errors` section. Whatever follows the file is ignored there.
///
/// # Errors
/// HAProxy's sentences.
pub(crate) fn section_line(line: &Statement<'_>) -> Result<(u16, Bytes), Diagnostic> {
    let [code, file, ..] = line.arguments else {
        return Err(line.error("errorfile: expects <status_code> and <file> as arguments."));
    };
    Ok((code_of("errorfile", code)?, read("errorfile", file)?))
}

fn error_files(line: &mut Statement<'_>, settings: &mut Settings) -> Result<(), Diagnostic> {
    let [name, codes @ ..] = line.arguments else {
        return Err(line.error("errorfiles : expects <name> as argument."));
    };
    let codes =
        codes.iter().map(|code| code_of("errorfiles", code)).collect::<Result<Vec<_>, _>>()?;
    let pages = named_section(line, name)?;
    let wanted = pages.into_iter().filter(|(code, _)| codes.is_empty() || codes.contains(code));
    settings.error_pages.extend(wanted);
    Ok(())
}

/// The pages of an `http-errors` section, wherever in the files it stands.
fn named_section(
    line: &Statement<'_>,
    name: &Word,
) -> Result<crate::proxy::ErrorPages, Diagnostic> {
    line.loading.error_section(&name.text).ok_or_else(|| {
        let message = format!("proxy '{}': unknown http-errors section '{name}'", line.proxy);
        Diagnostic::alert(name.span, message)
    })
}

/// `errorloc` and its explicit forms: a redirection takes the place of the answer.
const fn location(name: &'static str, example: &'static str) -> Keyword {
    Keyword {
        name,
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<code> <url>",
        documentation: "Sends the client elsewhere instead of this answer.",
        example,
        parse: |line, settings| {
            let keyword = line.name();
            let [code, url, rest @ ..] = line.arguments else {
                return Err(line
                    .error(format!("{keyword} : expects <status_code> and <url> as arguments.")));
            };
            if let Some(extra) = rest.first() {
                let message = format!("{keyword} : expects exactly two arguments.");
                return Err(Diagnostic::alert(extra.span, message));
            }
            let status = if keyword == "errorloc303" { 303 } else { 302 };
            let fields = [("cache-control", "no-cache"), ("content-length", "0")];
            let page = page(status, &fields, &[("location".to_owned(), url.text.clone())], b"");
            settings.error_pages.insert(code_of(&keyword, code)?, page);
            Ok(())
        },
    }
}

/// A complete answer, after which the connection is closed.
fn page(status: u16, first: &[(&str, &str)], second: &[(String, String)], body: &[u8]) -> Bytes {
    let mut text = format!("HTTP/1.1 {status} {}\r\n", status::reason(status));
    let second = second.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in first.iter().copied().chain(second).chain([("connection", "close")]) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let mut page = text.into_bytes();
    page.extend_from_slice(body);
    page.into()
}

fn code_of(keyword: &str, code: &Word) -> Result<u16, Diagnostic> {
    let status = code.text.parse().ok().filter(|status| STATUSES.contains(status));
    status.ok_or_else(|| {
        Diagnostic::alert(code.span, format!("{keyword} : status code '{code}' not handled."))
    })
}

fn read(keyword: &str, file: &Word) -> Result<Bytes, Diagnostic> {
    let fail = |message: String| Diagnostic::alert(file.span, format!("{keyword} : {message}"));
    let page =
        std::fs::read(&file.text).map_err(|_| fail(format!("error opening file '{file}'.")))?;
    if page.len() > MAX_SIZE {
        return Err(fail(format!("'{file}': file too large ({} bytes).", page.len())));
    }
    if !page.is_empty() {
        check(&page).map_err(|mistake| fail(format!("'{file}': {mistake}")))?;
    }
    Ok(page.into())
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
