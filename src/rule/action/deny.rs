//! `deny` and `allow`.

use super::{Action, Keyword, Stage, exactly};
use crate::exchange::Stream;
use crate::rule::{Flow, Reply, Verdict};
use crate::syntax::diagnostic::Diagnostic;

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
        name: "deny",
        stages: &[Stage::HttpRequest, Stage::HttpResponse],
        documentation: "Stops the evaluation of the rules and refuses the message.",
        example: "deny deny_status 429",
        parse: |name, words, context| {
            let default = if context.stage == Stage::HttpRequest { 403 } else { 502 };
            let status = match words {
                [] => default,
                [keyword, status] if matches!(&*keyword.text, "deny_status" | "status") => {
                    status.text.parse().ok().filter(|code| (200..600).contains(code)).ok_or_else(
                        || Diagnostic::alert(status.span, "'deny_status' expects a status code"),
                    )?
                }
                [other, ..] => {
                    return Err(Diagnostic::alert(
                        other.span,
                        format!(
                            "'{}' after '{}' is not supported by evenkeel yet",
                            other.text, name.text
                        ),
                    ));
                }
            };
            Ok(Box::new(Deny(status)))
        },
    },
];

#[derive(Debug)]
struct Allow;

impl Action for Allow {
    fn run(&self, _: &mut Stream<'_>) -> Flow {
        Flow::Stop(Verdict::Pass)
    }
}

#[derive(Debug)]
struct Deny(u16);

impl Action for Deny {
    fn run(&self, _: &mut Stream<'_>) -> Flow {
        Flow::Stop(Verdict::Deny(Reply::error(self.0)))
    }
}
