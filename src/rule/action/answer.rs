//! Answers made by the proxy: `return`, `deny`, `tarpit`, and the `allow` that ends rules without
//! one.

use std::sync::Arc;

use bytes::Bytes;

use super::{Action, Keyword, Stage, exactly};
use crate::exchange::Stream;
use crate::proxy::{ErrorPage, ErrorPages};
use crate::rule::{Flow, Reply, Verdict};
use crate::sample::{Context, Format, Late, Target};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::text::bytes;
use crate::syntax::word::Word;

const BOTH: &[Stage] = &[Stage::HttpRequest, Stage::HttpResponse];

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "allow",
        stages: &[Stage::HttpRequest, Stage::HttpResponse, Stage::HttpAfterResponse],
        documentation: "Stops the evaluation of the rules and lets the message pass.",
        example: "allow",
        parse: |name, words, _| {
            let [] = exactly(name, words, "no argument")?;
            Ok(Box::new(Allow))
        },
    },
    Keyword {
        name: "return",
        stages: BOTH,
        documentation: "Answers with a status, header fields and a body.",
        example: "return status 200 content-type text/plain string ok",
        parse: |_, words, context| Ok(Box::new(Answer::parse(Kind::Return, words, context)?)),
    },
    Keyword {
        name: "deny",
        stages: BOTH,
        documentation: "Stops the evaluation of the rules and refuses the message.",
        example: "deny deny_status 429",
        parse: |_, words, context| Ok(Box::new(Answer::parse(Kind::Deny, words, context)?)),
    },
    Keyword {
        name: "tarpit",
        stages: &[Stage::HttpRequest],
        documentation: "Refuses the request after 'timeout tarpit'.",
        example: "tarpit deny_status 429",
        parse: |_, words, context| Ok(Box::new(Answer::parse(Kind::Tarpit, words, context)?)),
    },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Return,
    Deny,
    Tarpit,
}

/// An answer with its parts compiled.
#[derive(Debug)]
pub struct Answer {
    kind: Kind,
    status: u16,
    content_type: Option<String>,
    fields: Vec<(Box<[u8]>, Format)>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// The error page of the status.
    Default,
    Empty,
    /// A file with a complete response.
    Page(Bytes),
    /// The page of the status in an `http-errors` section; the error page where it has none.
    Section(Late<ErrorPages>),
    Constant(Bytes),
    Format(Format),
}

impl Answer {
    fn parse(kind: Kind, words: &[Word], context: &Context<'_>) -> Result<Self, Diagnostic> {
        let status = match (kind, context.stage) {
            (Kind::Return, _) => 200,
            (Kind::Deny, Stage::HttpResponse) => 502,
            (Kind::Deny, _) => 403,
            (Kind::Tarpit, _) => 500,
        };
        // `status` and `hdr` ask for an answer of one's own, which has no body by itself.
        let own = kind == Kind::Return
            || words.iter().any(|word| matches!(word.text.as_str(), "status" | "hdr"));
        let body = if own { Body::Empty } else { Body::Default };
        let mut answer = Self { kind, status, content_type: None, fields: Vec::new(), body };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            answer.argument(word, &mut words, context)?;
        }
        let plain = matches!(answer.body, Body::Constant(_) | Body::Format(_));
        if plain && answer.content_type.is_none() {
            answer.content_type = Some("text/plain".to_owned());
        }
        Ok(answer)
    }

    fn argument<'w>(
        &mut self,
        word: &Word,
        words: &mut impl Iterator<Item = &'w Word>,
        context: &Context<'_>,
    ) -> Result<(), Diagnostic> {
        let missing = |shape: &str| {
            Diagnostic::alert(word.span, format!("'{word}' expects {shape} as argument."))
        };
        match word.text.as_str() {
            "status" | "deny_status" if word.text == "status" || self.kind != Kind::Return => {
                self.status = status(word, words.next())?;
            }
            "content-type" => {
                let kind = words.next().ok_or_else(|| missing("<ctype>"))?;
                self.content_type = Some(kind.text.clone());
            }
            "default-errorfiles" => {
                self.set(word, Body::Empty)?;
                self.body = Body::Default;
            }
            "errorfile" => {
                let path = words.next().ok_or_else(|| missing("<path>"))?;
                self.set(word, Body::Page(read(path)?))?;
            }
            "file" => {
                let path = words.next().ok_or_else(|| missing("<path>"))?;
                self.set(word, Body::Constant(read(path)?))?;
            }
            "lf-file" => {
                let path = words.next().ok_or_else(|| missing("<path>"))?;
                let text = String::from_utf8_lossy(&read(path)?).into_owned();
                let format = Format::parse(&text, context)
                    .map_err(|error| Diagnostic::alert(path.span, error))?;
                self.set(word, Body::Format(format))?;
            }
            "string" => {
                let text = words.next().ok_or_else(|| missing("<str>"))?;
                self.set(word, Body::Constant(bytes(text).into_owned().into()))?;
            }
            "lf-string" => {
                let text = words.next().ok_or_else(|| missing("<str>"))?;
                self.set(word, Body::Format(super::format(text, context)?))?;
            }
            "hdr" => {
                let (Some(name), Some(value)) = (words.next(), words.next()) else {
                    return Err(Diagnostic::alert(
                        word.span,
                        "'hdr' expects <name> and <value> as arguments.",
                    ));
                };
                let value = super::format(value, context)?;
                self.fields.push((bytes(name).into(), value));
            }
            "errorfiles" => {
                let name = words.next().ok_or_else(|| missing("<name>"))?;
                let slot: Late<ErrorPages> = Arc::default();
                let target = Target::ErrorPages { name: name.text.clone(), slot: slot.clone() };
                context.refer("errorfiles", 0, target);
                self.set(word, Body::Section(slot))?;
            }
            other => {
                return Err(Diagnostic::alert(
                    word.span,
                    format!(
                        "expects either 'if' or 'unless' followed by a condition but found \
                         '{other}'."
                    ),
                ));
            }
        }
        Ok(())
    }

    /// A body takes the place of the default; two do not go together.
    fn set(&mut self, word: &Word, body: Body) -> Result<(), Diagnostic> {
        if !matches!(self.body, Body::Default | Body::Empty) {
            return Err(Diagnostic::alert(
                word.span,
                format!("unexpected '{word}' argument, the answer's body is already defined."),
            ));
        }
        self.body = body;
        Ok(())
    }

    /// `http-error`: what stands in the place of an error page.
    ///
    /// # Errors
    /// The argument at fault.
    pub fn error_page(words: &[Word], context: &Context<'_>) -> Result<Self, Diagnostic> {
        Self::parse(Kind::Return, words, context)
    }

    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The answer for this stream.
    #[must_use]
    pub fn reply(&self, stream: &Stream<'_>) -> Reply {
        let mut reply = Reply {
            status: self.status,
            error_page: matches!(self.body, Body::Default),
            ..Reply::default()
        };
        for (name, value) in &self.fields {
            let mut text = Vec::new();
            value.write(stream, &mut text);
            reply.fields.push((name.clone(), text.into()));
        }
        reply.length_at = reply.fields.len();
        if let Some(content_type) = &self.content_type
            && !reply.error_page
        {
            reply = reply.with("content-type", &*bytes(content_type));
        }
        match &self.body {
            Body::Default | Body::Empty => {}
            Body::Page(page) => reply.raw = Some(page.clone()),
            Body::Section(pages) => match pages.get().and_then(|pages| pages.get(&self.status)) {
                Some(ErrorPage::Raw(page)) => reply.raw = Some(page.clone()),
                _ => reply.error_page = true,
            },
            Body::Constant(body) => reply.body = body.clone(),
            Body::Format(format) => {
                let mut text = Vec::new();
                format.write(stream, &mut text);
                reply.body = text.into();
            }
        }
        reply
    }
}

impl Action for Answer {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let reply = self.reply(stream);
        Flow::Stop(match self.kind {
            Kind::Return => Verdict::Answer(reply),
            Kind::Deny => Verdict::Deny(reply),
            Kind::Tarpit => Verdict::Tarpit(reply),
        })
    }
}

fn status(keyword: &Word, word: Option<&Word>) -> Result<u16, Diagnostic> {
    let Some(word) = word else {
        return Err(Diagnostic::alert(
            keyword.span,
            format!("'{keyword}' expects <status_code> as argument."),
        ));
    };
    word.text
        .parse()
        .ok()
        .filter(|code| (200..600).contains(code))
        .ok_or_else(|| Diagnostic::alert(word.span, format!("Unexpected status code '{word}'.")))
}

fn read(path: &Word) -> Result<Bytes, Diagnostic> {
    std::fs::read(&path.text).map(Into::into).map_err(|error| {
        Diagnostic::alert(path.span, format!("error opening file '{path}'."))
            .hint(format!("{error}"))
    })
}

#[derive(Debug)]
struct Allow;

impl Action for Allow {
    fn run(&self, _: &mut Stream<'_>) -> Flow {
        Flow::Stop(Verdict::Pass)
    }
}
