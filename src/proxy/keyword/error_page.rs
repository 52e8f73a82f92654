//! What is sent in the place of error pages: `errorfile`, `errorfiles`, `errorloc`, `http-error`.

use std::sync::Arc;

use super::{Keyword, Sections, Settings, Statement};
use crate::proxy::ErrorPage;
use crate::rule::action::Answer;
use crate::sample::Stage;
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
            let (status, page) = error_file(line)?;
            settings.error_pages.insert(status, page);
            Ok(())
        },
    },
    Keyword {
        name: "errorfiles",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<name> [<code>]*",
        documentation: "Takes pages of an 'http-errors' section.",
        example: "",
        parse: |line, settings| {
            let Some((name, codes)) = line.arguments.split_first() else {
                return Err(line.error("errorfiles : expects <name> as argument."));
            };
            let statuses = codes.iter().map(|code| {
                known(code).ok_or_else(|| {
                    let message = format!("errorfiles : status code '{code}' not handled.");
                    Diagnostic::alert(code.span, message)
                })
            });
            let statuses = statuses.collect::<Result<_, _>>()?;
            settings.error_sections.push((name.clone(), statuses));
            Ok(())
        },
    },
    Keyword {
        name: "errorloc",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<code> <url>",
        documentation: "Redirects with 302 in the place of an error page.",
        example: "errorloc 503 http://192.0.2.1/sorry.html",
        parse: |line, settings| location(line, settings, "302 Found"),
    },
    Keyword {
        name: "errorloc302",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<code> <url>",
        documentation: "Redirects with 302 in the place of an error page.",
        example: "errorloc302 503 http://192.0.2.1/sorry.html",
        parse: |line, settings| location(line, settings, "302 Found"),
    },
    Keyword {
        name: "errorloc303",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<code> <url>",
        documentation: "Redirects with 303 in the place of an error page.",
        example: "errorloc303 503 http://192.0.2.1/sorry.html",
        parse: |line, settings| location(line, settings, "303 See Other"),
    },
    Keyword {
        name: "http-error",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "status <code> [content-type <type>] [<body>] [hdr <name> <format>]*",
        documentation: "An answer in the place of an error page, made for each stream.",
        example: "http-error status 503 content-type text/plain string sorry",
        parse: |line, settings| {
            if line.arguments.is_empty() {
                return Err(line.error("http-error : expects at least a <status> as arguments."));
            }
            // The page may stand for an answer at any stage.
            let context = line.context(Stage::Acl);
            let answer = Answer::error_page(line.arguments, &context)
                .map_err(|error| super::Within::within(error, "http-error : "))?;
            let status = answer.status();
            if !STATUSES.contains(&status) {
                return Err(line.error(format!("http-error : status code '{status}' not handled.")));
            }
            settings.error_pages.insert(status, ErrorPage::Made(Arc::new(answer)));
            Ok(())
        },
    },
];

/// `<code> <file>`.
pub(crate) fn error_file(line: &Statement<'_>) -> Result<(u16, ErrorPage), Diagnostic> {
    let [code, file] = line.arguments else {
        return Err(line.error("errorfile : expects <status_code> and <file> as arguments."));
    };
    let status = known(code).ok_or_else(|| {
        Diagnostic::alert(code.span, format!("errorfile : status code '{code}' not handled."))
    })?;
    Ok((status, ErrorPage::Raw(read(file)?.into())))
}

fn location(line: &Statement<'_>, settings: &mut Settings, start: &str) -> Result<(), Diagnostic> {
    let name = line.name();
    let [code, url] = line.arguments else {
        return Err(line.error(format!("{name} : expects <status_code> and <url> as arguments.")));
    };
    let status = known(code).ok_or_else(|| {
        Diagnostic::alert(code.span, format!("{name} : status code '{code}' not handled."))
    })?;
    let page = format!(
        "HTTP/1.1 {start}\r\ncache-control: no-cache\r\ncontent-length: 0\r\nlocation: {url}\r\n\r\n"
    );
    settings.error_pages.insert(status, ErrorPage::Raw(page.into()));
    Ok(())
}

fn known(code: &Word) -> Option<u16> {
    code.text.parse().ok().filter(|status| STATUSES.contains(status))
}

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
