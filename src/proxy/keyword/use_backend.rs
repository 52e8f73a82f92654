//! Which backend a request goes to.

use super::{Keyword, Sections, Statement, SwitchLine};
use crate::rule::Condition;
use crate::sample::{Format, Stage};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "use_backend",
        sections: Sections::OWN_FRONT,
        no_prefix: false,
        arguments: "<backend> [{ if | unless } <condition>]",
        documentation: "The backend to use when the condition holds; the first that holds wins.",
        example: "use_backend app if { path_beg /app }",
        parse: |line, settings| {
            let backend = line.first("a backend name.")?.clone();
            let format = Format::parse(&backend.text, &line.context(Stage::Switching))
                .map_err(|error| Diagnostic::alert(backend.span, error))?;
            let format = format.constant().is_none().then_some(format);
            let condition = condition(line, &line.arguments[1..], Stage::Switching)?;
            settings.switches.push(SwitchLine { backend, format, condition });
            Ok(())
        },
    },
    Keyword {
        name: "default_backend",
        sections: Sections::FRONT,
        no_prefix: false,
        arguments: "<backend>",
        documentation: "The backend to use when no 'use_backend' applies.",
        example: "default_backend app",
        parse: |line, settings| {
            settings.default_backend = Some(line.only("a backend name.")?.clone());
            Ok(())
        },
    },
];

/// `if …`, `unless …` or nothing.
pub(super) fn condition(
    line: &Statement<'_>,
    words: &[Word],
    stage: Stage,
) -> Result<Option<Condition>, Diagnostic> {
    match words.first() {
        None => Ok(None),
        Some(word) if matches!(word.text.as_str(), "if" | "unless") => {
            Condition::parse(words, line, &line.context(stage)).map(Some)
        }
        Some(word) => Err(Diagnostic::alert(
            word.span,
            format!(
                "'{}' expects either 'if' or 'unless' followed by a condition but found '{word}'.",
                line.name()
            ),
        )),
    }
}
