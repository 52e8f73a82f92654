//! The first line of a proxy section: `frontend NAME [from DEFAULTS]`.

use crate::config::document::Section as Written;
use crate::proxy::keyword::Section;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::value::name::forbidden_character;
use crate::syntax::word::Word;

/// What the line says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header<'a> {
    /// Always there except in `defaults`.
    pub(super) name: Option<&'a Word>,
    pub(super) from: Option<&'a Word>,
}

impl<'a> Header<'a> {
    /// `None` when there is no usable name.
    pub(super) fn read(kind: Section, section: &'a Written, report: &mut Report) -> Option<Self> {
        let keyword = section.keyword();
        let mut words = &section.words[1..];
        let mut name = None;
        if let [first, rest @ ..] = words
            && (kind != Section::Defaults || first.text != "from")
        {
            name = Some(first);
            words = rest;
        }
        if name.is_none() && kind != Section::Defaults {
            let message = format!("'{keyword}' expects an <id> argument");
            report.push(Diagnostic::alert(keyword.span, message));
            return None;
        }
        if kind != Section::Defaults
            && let Some(name) = name
            && let Some(character) = forbidden_character(&name.text)
        {
            report.push(Diagnostic::complaint(
                name.span,
                format!("character '{character}' is not permitted in '{keyword}' name '{name}'."),
            ));
        }
        Some(Self { name, from: from(kind, words, report) })
    }
}

fn from<'a>(kind: Section, words: &'a [Word], report: &mut Report) -> Option<&'a Word> {
    match words {
        [] => None,
        [from, name] if from.text == "from" => Some(name),
        [from] if from.text == "from" => {
            report.push(Diagnostic::alert(
                from.span,
                format!("'from' in '{}' expects the name of a defaults section", kind.name()),
            ));
            None
        }
        [other, ..]
            if matches!(kind, Section::Backend | Section::Defaults) && other.text != "from" =>
        {
            report.push(Diagnostic::remark(
                other.span,
                format!("'{other}' in '{}' has no effect", kind.name()),
            ));
            None
        }
        [other, ..] if other.text == "from" => {
            let other = words.get(2).unwrap_or(other);
            report.push(Diagnostic::alert(
                other.span,
                format!("'{}' cannot handle unexpected argument '{other}'.", kind.name()),
            ));
            None
        }
        [other, ..] => {
            report.push(Diagnostic::alert(
                other.span,
                "please use the 'bind' keyword for listening addresses.",
            ));
            None
        }
    }
}
