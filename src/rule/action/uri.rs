//! The request's target and method: `set-path`, `replace-uri`, `set-method`, …

use super::{Action, Keyword, Parse, Stage, exactly, format};
use crate::exchange::{Message, Stream};
use crate::pattern::Regex;
use crate::rule::Flow;
use crate::sample::Format;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

const REQUEST: &[Stage] = &[Stage::HttpRequest];

pub(super) const KEYWORDS: &[Keyword] = &[
    set(
        "set-path",
        "Replaces the path and keeps the query string.",
        "set-path /new%[path]",
        |name, words, context| {
            let [path] = exactly(name, words, "exactly 1 argument: a path")?;
            Ok(Box::new(Set { part: Part::Path, value: format(path, context)? }))
        },
    ),
    set(
        "set-pathq",
        "Replaces the path and the query string.",
        "set-pathq /new%[pathq]",
        |name, words, context| {
            let [path] = exactly(name, words, "exactly 1 argument: a path")?;
            Ok(Box::new(Set { part: Part::PathAndQuery, value: format(path, context)? }))
        },
    ),
    set(
        "set-query",
        "Replaces the query string.",
        "set-query a=%[query]",
        |name, words, context| {
            let [query] = exactly(name, words, "exactly 1 argument: a query string")?;
            Ok(Box::new(Set { part: Part::Query, value: format(query, context)? }))
        },
    ),
    set("set-uri", "Replaces the request target.", "set-uri /new%[url]", |name, words, context| {
        let [uri] = exactly(name, words, "exactly 1 argument: a URI")?;
        Ok(Box::new(Set { part: Part::Uri, value: format(uri, context)? }))
    }),
    set("set-method", "Replaces the method.", "set-method GET", |name, words, context| {
        let [method] = exactly(name, words, "exactly 1 argument: a method")?;
        Ok(Box::new(Set { part: Part::Method, value: format(method, context)? }))
    }),
    set(
        "replace-path",
        "Replaces a path that matches.",
        "replace-path (.*)/old(.*) \\1/new\\2",
        |name, words, context| {
            let (regex, replacement) = replacement(name, words, context)?;
            Ok(Box::new(Replace { part: Part::Path, regex, replacement }))
        },
    ),
    set(
        "replace-pathq",
        "Replaces a path with its query string that matches.",
        "replace-pathq ^/old(.*) /new\\1",
        |name, words, context| {
            let (regex, replacement) = replacement(name, words, context)?;
            Ok(Box::new(Replace { part: Part::PathAndQuery, regex, replacement }))
        },
    ),
    set(
        "replace-uri",
        "Replaces a request target that matches.",
        "replace-uri ^/old(.*) /new\\1",
        |name, words, context| {
            let (regex, replacement) = replacement(name, words, context)?;
            Ok(Box::new(Replace { part: Part::Uri, regex, replacement }))
        },
    ),
];

const fn set(
    name: &'static str,
    documentation: &'static str,
    example: &'static str,
    parse: Parse,
) -> Keyword {
    Keyword { name, stages: REQUEST, documentation, example, parse }
}

/// A part of the start line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Method,
    Path,
    PathAndQuery,
    Query,
    Uri,
}

#[derive(Debug)]
struct Set {
    part: Part,
    value: Format,
}

impl Action for Set {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let mut value = Vec::with_capacity(64);
        self.value.write(stream, &mut value);
        change(&mut stream.request, self.part, &value);
        Flow::Next
    }
}

#[derive(Debug)]
struct Replace {
    part: Part,
    regex: Regex,
    replacement: Format,
}

impl Action for Replace {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let mut replacement = Vec::with_capacity(64);
        self.replacement.write(stream, &mut replacement);
        let request = &stream.request;
        let current = match self.part {
            Part::Path => request.path(),
            Part::PathAndQuery => request.path_and_query(),
            Part::Query => request.query(),
            Part::Method => request.method(),
            Part::Uri => request.target(),
        };
        if let Some(value) = self.regex.expand(current, &replacement) {
            change(&mut stream.request, self.part, &value);
        }
        Flow::Next
    }
}

/// Puts a value in the place of a part.
pub(super) fn change(request: &mut Message, part: Part, value: &[u8]) {
    match part {
        Part::Method => request.set_method(value),
        Part::Uri => {
            request.set_target(value);
            follow_authority(request);
        }
        Part::Path | Part::PathAndQuery | Part::Query => {
            let target = replaced(request, part, value);
            request.set_target(&target);
        }
    }
}

/// The target with another path, query string, or both.
fn replaced(request: &Message, part: Part, value: &[u8]) -> Vec<u8> {
    let target = request.target();
    let both = request.path_and_query();
    // Where they lie in the target; one without a path (`*`) is replaced whole.
    let start = (both.as_ptr() as usize).wrapping_sub(target.as_ptr() as usize);
    let (before, path) = match target.get(..start) {
        Some(before) if !both.is_empty() => (before, request.path()),
        _ => (&b""[..], &b""[..]),
    };
    let query = both.get(path.len()..).unwrap_or_default();
    let pieces: [&[u8]; 4] = match part {
        Part::Path => [before, value, query, b""],
        Part::Query => [before, path, b"?", value],
        _ => [before, value, b"", b""],
    };
    pieces.concat()
}

/// A target with an authority says what the Host field must be (RFC 9112, section 3.2.2).
fn follow_authority(request: &mut Message) {
    let target = request.target();
    let Some(scheme) = memchr::memmem::find(target, b"://") else { return };
    let rest = &target[scheme + 3..];
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let authority = rest[..end].to_vec();
    request.rewrite_named(b"host", |_| Some(authority.clone()));
}

/// A regular expression and a format in which `\1` is its first group.
pub(super) fn replacement(
    name: &Word,
    words: &[Word],
    context: &crate::sample::Context<'_>,
) -> Result<(Regex, Format), Diagnostic> {
    let [regex, replacement] =
        exactly(name, words, "exactly 2 arguments: a regex and a replacement")?;
    let compiled =
        Regex::compile(&regex.text, false).map_err(|error| Diagnostic::alert(regex.span, error))?;
    Ok((compiled, format(replacement, context)?))
}
