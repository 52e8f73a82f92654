//! `capture`: keeps a sample for the log, in a slot of its own or in a declared one.

use super::{Action, Keyword, Stage};
use crate::exchange::Stream;
use crate::rule::Flow;
use crate::sample::Expression;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "capture",
    stages: &[
        Stage::TcpRequestContent,
        Stage::HttpRequest,
        Stage::HttpResponse,
        Stage::HttpAfterResponse,
    ],
    documentation: "Captures a sample: 'len' declares a slot, 'id' names a declared one.",
    example: "capture src id 0",
    parse: |name, words, context| {
        let [key, keyword, number] = words else {
            return Err(Diagnostic::alert(
                name.span,
                "expects an expression, and 'len <length>' or 'id <slot>'",
            ));
        };
        let expression = Expression::parse(&key.text, context)
            .map_err(|error| Diagnostic::alert(key.span, error))?;
        let response = matches!(context.stage, Stage::HttpResponse | Stage::HttpAfterResponse);
        let value: usize = number.text.parse().map_err(|_| {
            Diagnostic::alert(number.span, format!("cannot parse '{}' '{number}'", keyword.text))
        })?;
        let (slot, length) = match keyword.text.as_str() {
            "len" if value > 0 && !response => {
                (context.loading.declare_capture(false, "", value), value)
            }
            "len" if !response => {
                return Err(Diagnostic::alert(number.span, "length must be > 0"));
            }
            "id" => {
                let length = context.loading.capture_length(response, value);
                (value, length.unwrap_or(usize::MAX))
            }
            other => {
                return Err(Diagnostic::alert(
                    keyword.span,
                    format!("expects 'len' or 'id', but got '{other}'"),
                ));
            }
        };
        Ok(Box::new(Capture { expression, slot, length, response }))
    },
}];

#[derive(Debug)]
struct Capture {
    expression: Expression,
    slot: usize,
    /// Bytes that are kept at most.
    length: usize,
    response: bool,
}

impl Action for Capture {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let value = self.expression.evaluate(stream).map(|value| {
            let bytes = value.into_bytes();
            Box::from(&bytes[..bytes.len().min(self.length)])
        });
        let slots = if self.response {
            &mut stream.response_captures
        } else {
            &mut stream.request_captures
        };
        if let (Some(slot), Some(value)) = (slots.get_mut(self.slot), value) {
            *slot = Some(value);
        }
        Flow::Next
    }
}
