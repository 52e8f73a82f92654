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
        parse: |line, _| {
            let (field, length) = header(line)?;
            line.loading.declare_capture(false, &field, length);
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
        parse: |line, _| {
            let (field, length) = header(line)?;
            line.loading.declare_capture(true, &field, length);
            Ok(())
        },
    },
    Keyword {
        name: "declare capture",
        sections: Sections::OWN_FRONT,
        no_prefix: false,
        arguments: "{ request | response } len <length>",
        documentation: "Declares a capture slot for rules to fill.",
        example: "declare capture request len 32",
        parse: declare,
    },
    Keyword {
        name: "declare",
        sections: Sections::OWN_FRONT,
        no_prefix: false,
        arguments: "capture …",
        documentation: "Any other declaration is refused.",
        example: "",
        parse: |line, _| {
            let got = line.arguments.first().map_or("", |word| word.text.as_str());
            Err(line.error(format!("unknown declaration type '{got}' (supports 'capture')")))
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

fn declare(line: &mut Statement<'_>, _: &mut super::Settings) -> Result<(), Diagnostic> {
    let response = match line.arguments.first().map(|word| word.text.as_str()) {
        Some("request") => false,
        Some("response") => true,
        _ => return Err(line.error("'declare capture' requires 'request' or 'response'")),
    };
    let [_, keyword, length] = line.arguments else {
        return Err(line.error("'declare capture' requires a capture length ('len')"));
    };
    if keyword.text != "len" {
        return Err(Diagnostic::alert(
            keyword.span,
            "'declare capture' requires a capture length ('len')",
        ));
    }
    let bytes = usize::try_from(line.integer(length)).ok().filter(|bytes| *bytes > 0);
    let bytes = bytes.ok_or_else(|| Diagnostic::alert(length.span, "length must be > 0"))?;
    line.loading.declare_capture(response, "", bytes);
    Ok(())
}

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
