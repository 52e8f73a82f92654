//! The `global` section (manual, chapter 3), one file per subject.

mod hint;
mod identity;
mod logging;
mod process;
mod stats;
mod unsupported;

pub use hint::{NO_EFFECT, SILENT};
pub use unsupported::UNSUPPORTED;

use super::lookup;
use crate::config::document::Section as Written;
use crate::proxy::Global;
use crate::proxy::keyword::{Prefix, Section, Statement};
use crate::sample::Loading;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::registry::Entry;
use crate::syntax::word::Word;

/// One keyword.
#[derive(Debug)]
pub struct Keyword {
    /// One word, or two as in `stats socket`.
    pub name: &'static str,
    /// `no` may stand before it.
    pub no_prefix: bool,
    pub arguments: &'static str,
    pub documentation: &'static str,
    /// A complete line; empty if there is none to recommend.
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
pub(super) fn collect(
    written: &Written,
    global: &mut Global,
    loading: &Loading,
    report: &mut Report,
) {
    if let Some(extra) = written.words.get(1) {
        report.push(Diagnostic::alert(
            extra.span,
            format!("'global' cannot handle unexpected argument '{extra}'."),
        ));
    }
    for line in &written.lines {
        if let Err(diagnostic) = statement(&line.words, global, loading, report) {
            report.push(diagnostic);
        }
    }
}

fn statement(
    line: &[Word],
    global: &mut Global,
    loading: &Loading,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    let (prefix, words) = lookup::prefix(line)?;
    let found = lookup::find(keywords(), words);
    let name = words[0].text.as_str();
    let no_prefix = found.is_some_and(|it| it.no_prefix) || hint::NO_PREFIX.contains(&name);
    if prefix != Prefix::None && !no_prefix {
        return Err(lookup::refused_prefix(line));
    }
    let Some(keyword) = found else { return other(words) };
    let (name, arguments) = words.split_at(lookup::word_count(keyword.name));
    let mut statement = Statement {
        keyword: name,
        arguments,
        prefix,
        section: Section::Global,
        proxy: "",
        acls: &[],
        ignore_resolution_failures: false,
        loading,
        report,
    };
    (keyword.parse)(&mut statement, global)
}

/// Keywords without an entry: hints, what HAProxy alone knows, and mistakes.
fn other(words: &[Word]) -> Result<(), Diagnostic> {
    let word = &words[0];
    let name = word.text.as_str();
    if SILENT.contains(&name) {
        return Ok(());
    }
    if NO_EFFECT.contains(&name) {
        return Err(Diagnostic::remark(
            word.span,
            format!("'{name}' is accepted but has no effect"),
        ));
    }
    if UNSUPPORTED.contains(&name) {
        return Err(lookup::unsupported(words, name));
    }
    let known = keywords().map(|keyword| keyword.name);
    let listed = [SILENT, NO_EFFECT, UNSUPPORTED].into_iter().flatten().copied();
    Err(lookup::unknown(word, "global", known.chain(listed)))
}

/// The subjects with their titles, in the order of `docs/keywords.md`.
pub const SUBJECTS: &[(&str, &[Keyword])] = &[
    ("Process", process::KEYWORDS),
    ("Identity", identity::KEYWORDS),
    ("Logs", logging::KEYWORDS),
    ("Statistics and administration", stats::KEYWORDS),
];
