//! The sections beside `global` and the proxies (manual, chapters 3 and 12), one file each, and
//! what they have in common.

mod acme;
mod arguments;
mod cache;
mod crt_store;
mod fcgi_app;
mod healthcheck;
mod http_errors;
mod log_forward;
mod log_profile;
mod mailers;
mod peers;
mod resolvers;
mod ring;
mod traces;
mod userlist;

pub(super) use http_errors::read as read_error_pages;

use self::arguments::{address, expects, integer, proxy_line, time};
use super::lookup;
use crate::config::document::Section as Written;
use crate::config::section::Said;
use crate::proxy::keyword::{Prefix, Section, Statement};
use crate::sample::Loading;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::registry::Entry;
use crate::syntax::value::name::forbidden_character;
use crate::syntax::word::Word;

/// One kind of section.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// What stands behind the name in the header.
    pub arguments: &'static str,
    pub documentation: &'static str,
    /// A section that loads; empty for those that are refused.
    pub example: &'static str,
    /// Its keywords.
    pub lines: fn() -> Vec<Described>,
    read: fn(&Written, &mut Said, &mut Report),
}

/// A keyword of a section whose settings are a `T`.
#[derive(Debug)]
pub(super) struct Keyword<T: 'static> {
    pub(super) name: &'static str,
    pub(super) arguments: &'static str,
    pub(super) documentation: &'static str,
    pub(super) parse: fn(&mut Statement<'_>, &mut T) -> Result<(), Diagnostic>,
}

/// A keyword as the documentation sees it.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    pub name: &'static str,
    pub arguments: &'static str,
    pub documentation: &'static str,
}

impl<T> Entry for Keyword<T> {
    fn name(&self) -> &'static str {
        self.name
    }
    fn documentation(&self) -> &'static str {
        self.documentation
    }
}

/// Reads `section` if it is one of [`KINDS`]; false when it is not.
pub(super) fn collect(section: &Written, said: &mut Said, report: &mut Report) -> bool {
    let name = section.keyword().text.as_str();
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else { return false };
    (kind.read)(section, said, report);
    true
}

/// Gives each line to its keyword's parser.
fn lines<T>(
    written: &Written,
    keywords: &'static [Keyword<T>],
    settings: &mut T,
    loading: &Loading,
    report: &mut Report,
) {
    let section = written.keyword().text.as_str();
    let name = written.name().map_or("", |name| name.text.as_str());
    for line in &written.lines {
        let read = line_of(&line.words, (section, name), keywords, settings, loading, report);
        if let Err(diagnostic) = read {
            report.push(diagnostic);
        }
    }
}

fn line_of<T>(
    line: &[Word],
    (section, name): (&str, &str),
    keywords: &'static [Keyword<T>],
    settings: &mut T,
    loading: &Loading,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    let (prefix, words) = lookup::prefix(line)?;
    if prefix != Prefix::None && words[0].text != "option" && words[0].text != "log" {
        return Err(lookup::refused_prefix(line));
    }
    let Some(keyword) = lookup::find(keywords.iter(), words) else {
        return Err(lookup::unknown(&words[0], section, keywords.iter().map(|known| known.name)));
    };
    let (keyword_words, arguments) = words.split_at(lookup::word_count(keyword.name));
    let mut statement = Statement {
        keyword: keyword_words,
        arguments,
        prefix,
        section: Section::Global,
        proxy: name,
        acls: &[],
        ignore_resolution_failures: false,
        loading,
        report,
    };
    (keyword.parse)(&mut statement, settings)
}

fn described<T>(keywords: &'static [Keyword<T>]) -> Vec<Described> {
    let describe = |keyword: &'static Keyword<T>| Described {
        name: keyword.name,
        arguments: keyword.arguments,
        documentation: keyword.documentation,
    };
    keywords.iter().map(describe).collect()
}

/// The section's name; `missing` is HAProxy's sentence when there is none.
fn name<'a>(written: &'a Written, missing: &str, report: &mut Report) -> Option<&'a Word> {
    let Some(name) = written.name() else {
        report.push(Diagnostic::alert(written.keyword().span, missing));
        return None;
    };
    let keyword = written.keyword();
    if let Some(character) = forbidden_character(&name.text) {
        let message =
            format!("character '{character}' is not permitted in '{keyword}' name '{name}'.");
        report.push(Diagnostic::alert(name.span, message));
        return None;
    }
    at_most(written, 1, report).then_some(name)
}

/// False, and said, when the header has more than `most` arguments.
fn at_most(written: &Written, most: usize, report: &mut Report) -> bool {
    let Some(extra) = written.words.get(most + 1) else { return true };
    let message = format!("'{}' cannot handle unexpected argument '{extra}'.", written.keyword());
    report.push(Diagnostic::alert(extra.span, message));
    false
}

/// The alert for a section whose lines are right and whose feature does not exist.
fn refuse(written: &Written, report: &mut Report) {
    let keyword = written.keyword();
    report.push(Diagnostic::alert(
        keyword.span,
        format!("section '{keyword}' is not supported by evenkeel yet"),
    ));
}

/// All kinds, in the order of `docs/keywords.md`.
pub const KINDS: &[Kind] = &[
    userlist::KIND,
    http_errors::KIND,
    peers::KIND,
    resolvers::KIND,
    mailers::KIND,
    cache::KIND,
    ring::KIND,
    traces::KIND,
    log_profile::KIND,
    log_forward::KIND,
    fcgi_app::KIND,
    crt_store::KIND,
    acme::KIND,
    healthcheck::KIND,
];
