//! The lines of a proxy section: each is given to its keyword's parser.

use std::sync::Arc;

use crate::config::document::Section as Written;
use crate::config::load::Options;
use crate::pattern::{Acl, Test};
use crate::proxy::keyword::{Keyword, Prefix, Section, Settings, Statement, keywords};
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::suggest;
use crate::syntax::word::Word;

/// Reads all lines into `settings`.
pub(super) fn collect(
    section: Section,
    proxy: &str,
    written: &Written,
    settings: &mut Settings,
    options: &Options,
    report: &mut Report,
) {
    let acls = acls(written);
    for line in &written.lines {
        let (prefix, words) = prefix(&line.words);
        let Some(first) = words.first() else {
            report.push(Diagnostic::alert(line.words[0].span, "a keyword is missing"));
            continue;
        };
        let found = find(words);
        let result = match found {
            None => Err(unknown(section, words)),
            Some(keyword) if !keyword.sections.contains(section) => {
                misplaced(keyword, section, proxy, first)
            }
            Some(keyword) if prefix != Prefix::None && !keyword.no_prefix => {
                Err(Diagnostic::alert(
                    line.words[0].span,
                    format!("'{}' cannot stand before '{}'", line.words[0], keyword.name),
                ))
            }
            Some(keyword) => {
                let (name, arguments) = words.split_at(keyword.name.split(' ').count());
                let mut statement = Statement {
                    keyword: name,
                    arguments,
                    prefix,
                    section,
                    proxy,
                    acls: &acls,
                    ignore_resolution_failures: options.ignore_resolution_failures,
                    report,
                };
                (keyword.parse)(&mut statement, settings)
            }
        };
        if let Err(diagnostic) = result {
            report.push(diagnostic);
        }
    }
}

/// `no` and `default` before a keyword.
fn prefix(words: &[Word]) -> (Prefix, &[Word]) {
    match words[0].text.as_str() {
        "no" => (Prefix::No, &words[1..]),
        "default" => (Prefix::Default, &words[1..]),
        _ => (Prefix::None, words),
    }
}

/// The entry of the first two words, or of the first.
fn find(words: &[Word]) -> Option<&'static Keyword> {
    let matches = |keyword: &&Keyword| {
        let mut parts = keyword.name.split(' ');
        parts.by_ref().zip(words).all(|(part, word)| part == word.text)
            && keyword.name.split(' ').count() <= words.len()
    };
    keywords().filter(matches).max_by_key(|keyword| keyword.name.len())
}

fn unknown(section: Section, words: &[Word]) -> Diagnostic {
    let first = &words[0];
    let error = Diagnostic::alert(
        first.span,
        format!("unknown keyword '{first}' in '{}' section", section.name()),
    );
    let known = keywords().map(|keyword| keyword.name.split(' ').next().unwrap_or_default());
    match suggest::nearest(&first.text, known) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error,
    }
}

/// HAProxy ignores most keywords that ask for what a section does not have, but not in `defaults`.
fn misplaced(
    keyword: &Keyword,
    section: Section,
    proxy: &str,
    word: &Word,
) -> Result<(), Diagnostic> {
    let name = keyword.name;
    if section == Section::Defaults {
        return Err(Diagnostic::alert(
            word.span,
            format!("'{name}' not allowed in 'defaults' section."),
        ));
    }
    let side = if section == Section::Frontend { "backend" } else { "frontend" };
    let message = format!("because {} '{proxy}' has no {side} capability.", section.name());
    Err(if matches!(name, "server" | "default-server") {
        Diagnostic::alert(word.span, format!("'{name}' not allowed {message}"))
    } else {
        Diagnostic::warning(word.span, format!("'{name}' ignored {message}"))
    })
}

/// The ACLs of the section with all of their lines. Mistakes are reported when the line is read.
fn acls(written: &Written) -> Vec<Arc<Acl>> {
    let mut acls: Vec<Acl> = Vec::new();
    for line in &written.lines {
        let [keyword, name, rest @ ..] = line.words.as_slice() else { continue };
        let texts: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
        if keyword.text != "acl" {
            continue;
        }
        let Ok(test) = Test::parse(&texts) else { continue };
        match acls.iter_mut().find(|acl| acl.name == name.text) {
            Some(acl) => acl.tests.push(test),
            None => acls.push(Acl { name: name.text.clone(), tests: vec![test] }),
        }
    }
    acls.into_iter().map(Arc::new).collect()
}
