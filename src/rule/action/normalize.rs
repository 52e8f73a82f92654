//! `normalize-uri`: spellings of a request target that mean the same become one (RFC 3986,
//! section 6.2.2). Apart from the other changes of the target because each normalizer is a small
//! language of its own.

use super::{Action, Keyword, Stage};
use crate::exchange::Stream;
use crate::rule::{Flow, Reply, Verdict};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

mod normalizer;

use self::normalizer::{Normalizer, Part};

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "normalize-uri",
    stages: &[Stage::HttpRequest],
    documentation: "Normalizes the request target. Experimental in HAProxy, which asks for \
                    'expose-experimental-directives' in 'global'.",
    example: "normalize-uri path-merge-slashes",
    parse: |name, words, context| {
        if !context.loading.experimental() {
            return Err(Diagnostic::alert(
                name.span,
                "'normalize-uri' action is experimental, must be allowed via a global \
                 'expose-experimental-directives'",
            ));
        }
        Ok(Box::new(Normalize(parse(name, words)?)))
    },
}];

fn parse(name: &Word, words: &[Word]) -> Result<Normalizer, Diagnostic> {
    let Some((kind, rest)) = words.split_first() else {
        return Err(Diagnostic::alert(name.span, "missing argument <normalizer>."));
    };
    let flagged = |flag: &str| match rest.first() {
        None => Ok(false),
        Some(word) if word.text == flag => Ok(true),
        Some(word) => Err(Diagnostic::alert(
            word.span,
            format!("unknown argument '{word}' for '{kind}' normalizer."),
        )),
    };
    let (normalizer, most) = match kind.text.as_str() {
        "fragment-encode" => (Normalizer::FragmentEncode, 0),
        "fragment-strip" => (Normalizer::FragmentStrip, 0),
        "path-merge-slashes" => (Normalizer::MergeSlashes, 0),
        "path-strip-dot" => (Normalizer::StripDot, 0),
        "path-strip-dotdot" => (Normalizer::StripDotDot { full: flagged("full")? }, 1),
        "percent-decode-unreserved" => {
            (Normalizer::DecodeUnreserved { strict: flagged("strict")? }, 1)
        }
        "percent-to-uppercase" => (Normalizer::Uppercase { strict: flagged("strict")? }, 1),
        "query-sort-by-name" => (Normalizer::SortQuery, 0),
        _ => {
            return Err(Diagnostic::alert(kind.span, format!("unknown normalizer '{kind}'.")));
        }
    };
    match rest.get(most) {
        None => Ok(normalizer),
        Some(word) => Err(super::superfluous(word)),
    }
}

#[derive(Debug)]
struct Normalize(Normalizer);

impl Action for Normalize {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let request = &stream.request;
        let (part, current) = match self.0.part() {
            Part::Path => (super::uri::Part::Path, request.path()),
            Part::Query => (super::uri::Part::Query, request.query()),
            Part::Both => (super::uri::Part::PathAndQuery, request.path_and_query()),
        };
        match self.0.apply(current) {
            None => Flow::Stop(Verdict::Deny(Reply::error(400))),
            Some(new) => {
                if new != current {
                    super::uri::change(&mut stream.request, part, &new);
                }
                Flow::Next
            }
        }
    }
}
