//! Reading sections that are no proxies, line by line.

use super::keyword::Keyword;
use super::plain::{Outcome, Plain};
use crate::config::document::Section as Written;
use crate::proxy::keyword::{Prefix, Section, Statement};
use crate::sample::Loading;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::suggest;
use crate::syntax::word::Word;
use crate::table::Declaration;

/// The name of a section, where it must have one.
pub(super) fn name<'w>(
    written: &'w Written,
    missing: &str,
    report: &mut Report,
) -> Option<&'w Word> {
    let keyword = written.keyword();
    match &written.words[1..] {
        [name] => Some(name),
        [] => {
            report.push(Diagnostic::alert(keyword.span, missing));
            None
        }
        // HAProxy does not mind a second word here.
        [name, ..] if LENIENT.contains(&keyword.text.as_str()) => Some(name),
        [_, extra, ..] => {
            report.push(Diagnostic::alert(
                extra.span,
                format!("'{keyword}' cannot handle unexpected argument '{extra}'."),
            ));
            None
        }
    }
}

/// Reads all lines of a section into `into`. `unknown` is said of keywords without an entry, `{}`
/// being the keyword.
pub(super) fn lines<T>(
    written: &Written,
    name: &str,
    keywords: &'static [Keyword<T>],
    unknown: &str,
    into: &mut T,
    (loading, report): (&Loading, &mut Report),
) {
    for line in &written.lines {
        let Some((first, arguments)) = line.words.split_first() else { continue };
        let Some(keyword) = keywords.iter().find(|keyword| keyword.name == first.text) else {
            let error = Diagnostic::alert(first.span, unknown.replace("{}", &first.text));
            let near = suggest::nearest(&first.text, keywords.iter().map(|keyword| keyword.name));
            report.push(match near {
                Some(near) => error.hint(format!("did you mean '{near}'?")),
                None => error,
            });
            continue;
        };
        let (least, sentence) = keyword.least;
        if arguments.len() < least {
            report.push(Diagnostic::alert(first.span, sentence));
            continue;
        }
        let mut statement = Statement {
            keyword: std::slice::from_ref(first),
            arguments,
            prefix: Prefix::None,
            section: Section::Global,
            proxy: name,
            acls: &[],
            ignore_resolution_failures: false,
            loading,
            report,
        };
        if let Err(error) = (keyword.parse)(&mut statement, into) {
            report.push(error);
        }
    }
}

/// Checks a section whose feature does not exist yet, and says what becomes of it.
pub(super) fn plain(written: &Written, section: &Plain, loading: &Loading, report: &mut Report) {
    let keyword = written.keyword();
    let before = report.alerts();
    let name = match section.missing_name {
        Some(missing) => match name(written, missing, report) {
            Some(name) => name.text.as_str(),
            None => return,
        },
        None => "",
    };
    lines(written, name, section.keywords, section.unknown, &mut (), (loading, report));
    match section.outcome {
        Outcome::Accepted => {}
        _ if report.alerts() > before => {}
        Outcome::NoEffect => report.push(Diagnostic::warning(
            keyword.span,
            format!("section '{}' is accepted but has no effect", section.name),
        )),
        Outcome::Refused => report.push(Diagnostic::alert(
            keyword.span,
            format!("section '{}' is not supported by evenkeel yet", section.name),
        )),
    }
}

/// The `table` lines of a `peers` section, which are tables like any other, named
/// `section/table`; and the section without them.
pub(super) fn peer_tables(
    written: &Written,
    report: &mut Report,
) -> (Vec<(String, Declaration)>, Written) {
    let mut rest = written.clone();
    let mut tables = Vec::new();
    rest.lines.retain(|line| line.words.first().is_none_or(|word| word.text != "table"));
    let section = written.words.get(1).map_or("", |name| name.text.as_str());
    for line in &written.lines {
        let [keyword, name, arguments @ ..] = line.words.as_slice() else { continue };
        if keyword.text != "table" {
            continue;
        }
        let mut warnings = Vec::new();
        match Declaration::parse(keyword.span, arguments, &mut |it| warnings.push(it)) {
            Ok(declaration) => tables.push((format!("{section}/{name}"), declaration)),
            Err(error) => report.push(error),
        }
        report.extend(warnings);
    }
    (tables, rest)
}

/// Sections whose header may have more than a name.
const LENIENT: &[&str] = &["resolvers", "mailers", "ring", "http-errors", "healthcheck"];
