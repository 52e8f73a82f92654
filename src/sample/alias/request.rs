//! The start line of the request, and headers captured on the way.

use std::borrow::Cow;

use super::{Alias, Style};
use crate::exchange::Stream;

pub(super) const KEYWORDS: &[Alias] = &[
    Alias {
        name: "r",
        documentation: "The start line of the request.",
        run: |stream, style, out| part(stream, style, out, |line| line),
    },
    Alias {
        name: "HM",
        documentation: "The method of the request.",
        run: |stream, style, out| part(stream, style, out, |line| split(line).0),
    },
    Alias {
        name: "HU",
        documentation: "The target of the request.",
        run: |stream, style, out| part(stream, style, out, |line| split(line).1),
    },
    Alias {
        name: "HP",
        documentation: "The target of the request without its query.",
        run: |stream, style, out| part(stream, style, out, |line| at_query(split(line).1).0),
    },
    Alias {
        name: "HPO",
        documentation: "The path of the request, without host and query.",
        run: |stream, style, out| {
            part(stream, style, out, |line| path(at_query(split(line).1).0));
        },
    },
    Alias {
        name: "HQ",
        documentation: "The query of the request with its question mark.",
        run: |stream, style, out| part(stream, style, out, |line| at_query(split(line).1).1),
    },
    Alias {
        name: "HV",
        documentation: "The version of the request.",
        run: |stream, style, out| part(stream, style, out, |line| split(line).2),
    },
    Alias {
        name: "hr",
        documentation: "Captured request headers, in braces.",
        run: |stream, style, out| braces(stream, &stream.request_captures, style, out),
    },
    Alias {
        name: "hs",
        documentation: "Captured response headers, in braces.",
        run: |stream, style, out| braces(stream, &stream.response_captures, style, out),
    },
    Alias {
        name: "hrl",
        documentation: "Captured request headers, one by one.",
        run: |stream, style, out| list(stream, &stream.request_captures, style, out),
    },
    Alias {
        name: "hsl",
        documentation: "Captured response headers, one by one.",
        run: |stream, style, out| list(stream, &stream.response_captures, style, out),
    },
    Alias {
        name: "CC",
        documentation: "The captured request cookie.",
        run: |_, style, out| style.nothing(out),
    },
    Alias {
        name: "CS",
        documentation: "The captured response cookie.",
        run: |_, style, out| style.nothing(out),
    },
    Alias {
        name: "ID",
        documentation: "The unique identifier.",
        run: |_, style, out| style.nothing(out),
    },
];

type Captures = [Option<Box<[u8]>>];

fn part(stream: &Stream<'_>, style: Style, out: &mut Vec<u8>, choose: impl FnOnce(&[u8]) -> &[u8]) {
    match line(stream) {
        Some(line) => style.text(out, choose(&line)),
        None => style.word(out, Some(b"<BADREQ>")),
    }
}

/// The start line as it was received; made of the message where it was not kept.
fn line<'s>(stream: &'s Stream<'_>) -> Option<Cow<'s, [u8]>> {
    if !stream.outcome.request_line.is_empty() {
        return Some(Cow::Borrowed(&stream.outcome.request_line));
    }
    let request = &stream.request;
    request.is_present().then(|| {
        Cow::Owned([request.method(), request.target(), request.version().text()].join(&b' '))
    })
}

/// Method, target and version.
fn split(line: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let (method, rest) = at(line, memchr::memchr(b' ', line));
    let (target, version) = at(rest, memchr::memrchr(b' ', rest));
    (method, target, version)
}

fn at(text: &[u8], space: Option<usize>) -> (&[u8], &[u8]) {
    space.map_or((text, b""), |at| (&text[..at], &text[at + 1..]))
}

fn at_query(target: &[u8]) -> (&[u8], &[u8]) {
    target.split_at(memchr::memchr(b'?', target).unwrap_or(target.len()))
}

fn path(target: &[u8]) -> &[u8] {
    let Some(scheme) = memchr::memmem::find(target, b"://") else { return target };
    let authority = &target[scheme + 3..];
    memchr::memchr(b'/', authority).map_or(b"", |at| &authority[at..])
}

/// Nothing at all without captures, or in HTTP without a request they could have come from.
fn captured(stream: &Stream<'_>, captures: &Captures) -> bool {
    !captures.is_empty() && (!stream.names.http || line(stream).is_some())
}

fn braces(stream: &Stream<'_>, captures: &Captures, style: Style, out: &mut Vec<u8>) {
    if !captured(stream, captures) {
        return;
    }
    style.between_quotes(out, |out| {
        out.push(b'{');
        for (at, capture) in captures.iter().enumerate() {
            if at > 0 {
                out.push(b'|');
            }
            style.header(out, capture.as_deref().unwrap_or_default());
        }
        out.push(b'}');
    });
}

fn list(stream: &Stream<'_>, captures: &Captures, style: Style, out: &mut Vec<u8>) {
    if !captured(stream, captures) {
        return;
    }
    for (at, capture) in captures.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        match capture.as_deref() {
            Some(value) => style.between_quotes(out, |out| style.header(out, value)),
            None => style.nothing(out),
        }
    }
}
