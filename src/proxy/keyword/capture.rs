//! `capture`: header fields that the log shows.

use super::{Keyword, Sections, Statement};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "capture request",
        sections: Sections::OWN_FRONT,
        no_prefix: false,
        arguments: "header <name> len <length>",
        documentation: "Logs the last occurrence of a request's field.",
        example: "capture request header Host len 32",
        parse: |line, settings| {
            let capture = header(line)?;
            settings.request_captures.push(capture);
            Ok(())
        },
    },
    Keyword {
        name: "capture response",
        sections: Sections::OWN_FRONT,
        no_prefix: false,
        arguments: "header <name> len <length>",
        documentation: "Logs the last occurrence of a response's field.",
        example: "capture response header Content-Length len 9",
        parse: |line, settings| {
            let capture = header(line)?;
            settings.response_captures.push(capture);
            Ok(())
        },
    },
    Keyword {
        name: "capture",
        sections: Sections::OWN_FRONT,
        no_prefix: false,
        arguments: "{ request | response } …",
        documentation: "Any other capture is refused.",
        example: "",
        parse: |line, _| match line.arguments.first() {
            Some(word) if word.text == "cookie" => Err(line.unsupported(word)),
            _ => Err(line.error(SHAPE)),
        },
    },
];

fn header(line: &mut Statement<'_>) -> Result<(String, usize), Diagnostic> {
    if line.arguments.first().is_none_or(|word| word.text != "header") {
        return Err(line.error(SHAPE));
    }
    line.at_most(4)?;
    match line.arguments {
        [_, name, len, length] if len.text == "len" => {
            let length = usize::try_from(line.integer(length)).unwrap_or(0);
            Ok((name.text.clone(), length))
        }
        _ => {
            Err(line
                .error(format!("'{}' expects 'header' <header_name> 'len' <len>.", line.name())))
        }
    }
}

const SHAPE: &str = "'capture' expects 'cookie' or 'request header' or 'response header'.";
