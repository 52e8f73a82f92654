//! `log-profile` (manual, section 12.11). Accepted: only `log … profile` uses one, and it is
//! refused.

use super::{Keyword, Kind, described, expects, lines, name};
use crate::proxy::keyword::Statement;
use crate::sample::{Format, Stage};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KIND: Kind = Kind {
    name: "log-profile",
    arguments: "<name>",
    documentation: "Formats by log step; log targets with a profile are not supported yet.",
    example: "log-profile short\n    on error format \"%ci\"\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if name(written, "missing log-profile name.", report).is_some() {
            lines(written, KEYWORDS, &mut (), &said.loading, report);
        }
    },
};

const KEYWORDS: &[Keyword<()>] = &[
    Keyword {
        name: "log-tag",
        arguments: "<string>",
        documentation: "The name in log lines.",
        parse: |line, ()| {
            expects(line, 0, "'log-tag' expects a tag for use in syslog.").map(|_| ())
        },
    },
    Keyword {
        name: "on",
        arguments: "<step> { drop | [format <format>] [sd <format>] }",
        documentation: "What is logged at a step.",
        parse: |line, ()| on(line),
    },
];

fn on(line: &Statement<'_>) -> Result<(), Diagnostic> {
    let step = expects(line, 0, "'on' expects a log step.")?;
    let missing = format!("'on {step}' expects 'drop', 'format' or 'sd'.");
    expects(line, 1, &missing)?;
    let mut words = line.arguments[1..].iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "drop" => {}
            "format" | "sd" => {
                let text = words.next().ok_or_else(|| {
                    let message = format!("'on {step} {word}' expects a logformat string.");
                    Diagnostic::alert(word.span, message)
                })?;
                Format::parse(&text.text, &line.context(Stage::Log)).map_err(|error| {
                    Diagnostic::alert(text.span, format!("failed to parse logformat: {error}"))
                })?;
            }
            _ => return Err(Diagnostic::alert(word.span, missing)),
        }
    }
    Ok(())
}
