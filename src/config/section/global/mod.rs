//! The `global` section (manual, chapter 3), one file per subject.

mod process;
mod stats;

use crate::config::document::Section as Written;
use crate::proxy::Global;
use crate::proxy::keyword::{Prefix, Section, Statement};
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::registry::Entry;
use crate::syntax::suggest;

/// One keyword.
#[derive(Debug)]
pub struct Keyword {
    /// One word, or two as in `stats socket`.
    pub name: &'static str,
    /// `no` may stand before it.
    pub no_prefix: bool,
    pub arguments: &'static str,
    pub documentation: &'static str,
    /// A complete line.
    pub example: &'static str,
    pub parse: fn(&mut Statement<'_>, &mut Global) -> Result<(), Diagnostic>,
}

impl Entry for Keyword {
    fn name(&self) -> &'static str {
        self.name
    }
    fn documentation(&self) -> &'static str {
        self.documentation
    }
}

/// All keywords, by subject.
pub fn keywords() -> impl Iterator<Item = &'static Keyword> {
    SUBJECTS.iter().flat_map(|(_, keywords)| keywords.iter())
}

/// Reads the lines of one `global` section; later sections add to earlier ones.
pub(super) fn collect(written: &Written, global: &mut Global, report: &mut Report) {
    if let Some(extra) = written.words.get(1) {
        report.push(Diagnostic::alert(
            extra.span,
            format!("'global' cannot handle unexpected argument '{extra}'."),
        ));
    }
    for line in &written.lines {
        let (prefix, words) = match line.words[0].text.as_str() {
            "no" => (Prefix::No, &line.words[1..]),
            "default" => (Prefix::Default, &line.words[1..]),
            _ => (Prefix::None, line.words.as_slice()),
        };
        let found = keywords()
            .filter(|keyword| {
                keyword.name.split(' ').count() <= words.len()
                    && keyword.name.split(' ').zip(words).all(|(part, word)| part == word.text)
            })
            .max_by_key(|keyword| keyword.name.len());
        let Some(keyword) = found else {
            report.push(unknown(&line.words, words.first()));
            continue;
        };
        if prefix != Prefix::None && !keyword.no_prefix {
            report.push(Diagnostic::alert(
                line.words[0].span,
                format!("'{}' cannot stand before '{}'", line.words[0], keyword.name),
            ));
            continue;
        }
        let (name, arguments) = words.split_at(keyword.name.split(' ').count());
        let mut statement = Statement {
            keyword: name,
            arguments,
            prefix,
            section: Section::Global,
            proxy: "",
            acls: &[],
            ignore_resolution_failures: false,
            report,
        };
        if let Err(diagnostic) = (keyword.parse)(&mut statement, global) {
            report.push(diagnostic);
        }
    }
}

fn unknown(
    line: &[crate::syntax::word::Word],
    word: Option<&crate::syntax::word::Word>,
) -> Diagnostic {
    let word = word.unwrap_or(&line[0]);
    let error =
        Diagnostic::alert(word.span, format!("unknown keyword '{word}' in 'global' section"));
    let known = keywords().map(|keyword| keyword.name.split(' ').next().unwrap_or_default());
    match suggest::nearest(&word.text, known) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error,
    }
}

/// The subjects with their titles, in the order of `docs/keywords.md`.
pub const SUBJECTS: &[(&str, &[Keyword])] =
    &[("Process", process::KEYWORDS), ("Statistics and administration", stats::KEYWORDS)];
