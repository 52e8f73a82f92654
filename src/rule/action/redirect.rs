//! `redirect location|prefix|scheme … [code N] [drop-query] [append-slash] [set-cookie …]`.

use super::{Action, Keyword, Stage};
use crate::exchange::{Known, Stream};
use crate::rule::{Flow, Reply, Verdict};
use crate::sample::{Context, Format};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::text;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "redirect",
    stages: &[Stage::HttpRequest, Stage::HttpResponse],
    documentation: "Answers with a redirection.",
    example: "redirect scheme https code 301",
    parse: |name, words, context| {
        parse(name, words, context).map(|action| Box::new(action) as Box<dyn Action>)
    },
}];

/// A redirection.
#[derive(Debug)]
pub(crate) struct Redirect {
    kind: Kind,
    value: Format,
    code: u16,
    drop_query: bool,
    append_slash: bool,
    cookie: Option<String>,
}

#[derive(Debug)]
enum Kind {
    Location,
    Prefix,
    Scheme,
}

pub(crate) fn parse(
    name: &Word,
    words: &[Word],
    context: &Context<'_>,
) -> Result<Redirect, Diagnostic> {
    let mut target = None;
    let mut redirect = Redirect {
        kind: Kind::Location,
        value: Format::default(),
        code: 302,
        drop_query: false,
        append_slash: false,
        cookie: None,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || {
            words.next().ok_or_else(|| {
                Diagnostic::alert(word.span, format!("'{}' needs a value after it", word.text))
            })
        };
        match word.text.as_str() {
            kind @ ("location" | "prefix" | "scheme") => {
                redirect.kind = match kind {
                    "location" => Kind::Location,
                    "prefix" => Kind::Prefix,
                    _ => Kind::Scheme,
                };
                redirect.value = super::format(value()?, context)?;
                target = Some(());
            }
            "code" => {
                let code = value()?;
                redirect.code = match &*code.text {
                    "301" => 301,
                    "302" => 302,
                    "303" => 303,
                    "307" => 307,
                    "308" => 308,
                    _ => {
                        return Err(Diagnostic::alert(
                            code.span,
                            "unsupported redirect code, expected 301, 302, 303, 307 or 308",
                        ));
                    }
                };
            }
            "drop-query" => redirect.drop_query = true,
            "append-slash" => redirect.append_slash = true,
            "set-cookie" => redirect.cookie = Some(format!("{}; path=/;", value()?.text)),
            "clear-cookie" => {
                redirect.cookie = Some(format!("{}; path=/; Max-Age=0;", value()?.text));
            }
            other => {
                return Err(Diagnostic::alert(
                    word.span,
                    format!("'{other}' is not known to 'redirect'"),
                )
                .hint(
                    "expected location, prefix, scheme, code, drop-query, append-slash, \
                       set-cookie or clear-cookie",
                ));
            }
        }
    }
    target.map(|()| redirect).ok_or_else(|| {
        Diagnostic::alert(name.span, "'redirect' expects 'location', 'prefix' or 'scheme'")
    })
}

impl Action for Redirect {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let mut location = Vec::with_capacity(128);
        match self.kind {
            Kind::Location => self.value.write(stream, &mut location),
            Kind::Prefix => {
                self.value.write(stream, &mut location);
                if location == b"/" {
                    location.clear();
                }
                self.append_path(stream, &mut location);
            }
            Kind::Scheme => {
                self.value.write(stream, &mut location);
                location.extend_from_slice(b"://");
                if let Some(host) = stream.request.known(Known::Host).next() {
                    location.extend_from_slice(host);
                }
                self.append_path(stream, &mut location);
            }
        }
        let mut reply = Reply { status: self.code, ..Reply::default() };
        reply = reply.with("location", location);
        if matches!(self.code, 302 | 303 | 307) {
            reply = reply.with("cache-control", "no-cache");
        }
        if let Some(cookie) = &self.cookie {
            reply = reply.with("set-cookie", &*text::bytes(cookie));
        }
        Flow::Stop(Verdict::Answer(reply))
    }
}

impl Redirect {
    fn append_path(&self, stream: &Stream<'_>, location: &mut Vec<u8>) {
        let path = stream.request.path();
        location.extend_from_slice(path);
        if self.append_slash && path.last() != Some(&b'/') {
            location.push(b'/');
        }
        if !self.drop_query && !stream.request.query().is_empty() {
            location.push(b'?');
            location.extend_from_slice(stream.request.query());
        }
    }
}
