//! `return`: an answer made by the proxy.

use bytes::Bytes;

use super::{Action, Keyword, Stage};
use crate::exchange::Stream;
use crate::rule::{Flow, Reply, Verdict};
use crate::sample::{Context, Format};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::text;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "return",
    stages: &[Stage::HttpRequest, Stage::HttpResponse],
    documentation: "Answers with a status, header fields and a body.",
    example: "return status 200 content-type text/plain string ok",
    parse: |_, words, context| {
        parse(words, context).map(|action| Box::new(action) as Box<dyn Action>)
    },
}];

#[derive(Debug)]
struct Return {
    status: u16,
    content_type: Option<String>,
    fields: Vec<(Box<[u8]>, Format)>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// The error page of the status, or nothing for other statuses.
    Default,
    Constant(Bytes),
    Format(Format),
}

fn parse(words: &[Word], context: &Context<'_>) -> Result<Return, Diagnostic> {
    let mut action =
        Return { status: 200, content_type: None, fields: Vec::new(), body: Body::Default };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || {
            words.next().ok_or_else(|| {
                Diagnostic::alert(word.span, format!("'{}' expects an argument", word.text))
            })
        };
        match word.text.as_str() {
            "status" => {
                let status = value()?;
                action.status = status
                    .text
                    .parse()
                    .ok()
                    .filter(|code| (200..600).contains(code))
                    .ok_or_else(|| {
                    Diagnostic::alert(
                        status.span,
                        format!("'status' expects a code from 200 to 599, got '{}'", status.text),
                    )
                })?;
            }
            "content-type" => action.content_type = Some(value()?.text.clone()),
            "string" => action.body = Body::Constant(text::bytes(value()?).into_owned().into()),
            "lf-string" => action.body = Body::Format(super::format(value()?, context)?),
            "file" => {
                let path = value()?;
                let body = std::fs::read(&path.text).map_err(|error| {
                    Diagnostic::alert(path.span, format!("cannot read '{}': {error}", path.text))
                })?;
                action.body = Body::Constant(body.into());
            }
            "hdr" => {
                let name = text::bytes(value()?).into();
                action.fields.push((name, super::format(value()?, context)?));
            }
            "default-errorfiles" => action.body = Body::Default,
            other => {
                return Err(Diagnostic::alert(
                    word.span,
                    format!("'{other}' after 'return' is not supported by evenkeel yet"),
                ));
            }
        }
    }
    if !matches!(action.body, Body::Default) && action.content_type.is_none() {
        action.content_type = Some("text/plain".to_owned());
    }
    Ok(action)
}

impl Action for Return {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let mut reply = Reply {
            status: self.status,
            error_page: matches!(self.body, Body::Default) && self.status >= 400,
            ..Reply::default()
        };
        for (name, value) in &self.fields {
            let mut text = Vec::new();
            value.write(stream, &mut text);
            reply.fields.push((name.clone(), text.into()));
        }
        reply.length_at = reply.fields.len();
        if let Some(content_type) = &self.content_type {
            reply = reply.with("content-type", &*text::bytes(content_type));
        }
        match &self.body {
            Body::Default => {}
            Body::Constant(body) => reply.body = body.clone(),
            Body::Format(format) => {
                let mut text = Vec::new();
                format.write(stream, &mut text);
                reply.body = text.into();
            }
        }
        Flow::Stop(Verdict::Answer(reply))
    }
}
