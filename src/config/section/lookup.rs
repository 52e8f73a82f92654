//! From the words of a line to the entry of a registry.

use crate::proxy::keyword::Prefix;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::registry::Entry;
use crate::syntax::suggest;
use crate::syntax::word::Word;

/// `no` and `default` before a keyword, and the words behind.
///
/// # Errors
/// When no word follows.
pub(super) fn prefix(words: &[Word]) -> Result<(Prefix, &[Word]), Diagnostic> {
    let prefix = match words[0].text.as_str() {
        "no" => Prefix::No,
        "default" => Prefix::Default,
        _ => return Ok((Prefix::None, words)),
    };
    match &words[1..] {
        [] => Err(Diagnostic::alert(words[0].span, "a keyword is missing")),
        rest => Ok((prefix, rest)),
    }
}

/// The entry whose name the line begins with; two words win over one.
pub(super) fn find<E: Entry>(
    entries: impl Iterator<Item = &'static E>,
    words: &[Word],
) -> Option<&'static E> {
    entries
        .filter(|entry| begins_with(words, entry.name()))
        .max_by_key(|entry| word_count(entry.name()))
}

/// Whether the line begins with the words of `name`.
pub(super) fn begins_with(words: &[Word], name: &str) -> bool {
    // Every line is compared with every name: this is where loading spends its time.
    let mut rest = name;
    for word in words {
        match rest.strip_prefix(word.text.as_str()) {
            Some("") => return true,
            Some(behind) if behind.starts_with(' ') => rest = &behind[1..],
            _ => return false,
        }
    }
    false
}

pub(super) fn word_count(name: &str) -> usize {
    name.split(' ').count()
}

/// HAProxy's sentence about a keyword that does not exist, with the nearest that does.
pub(super) fn unknown<'a>(
    word: &Word,
    section: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("unknown keyword '{word}' in '{section}' section");
    let error = Diagnostic::alert(word.span, message);
    let known = known.map(|name| name.split(' ').next().unwrap_or_default());
    match suggest::nearest(&word.text, known) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error,
    }
}

/// `no` or `default` where it cannot stand.
pub(super) fn refused_prefix(line: &[Word]) -> Diagnostic {
    Diagnostic::alert(
        line[0].span,
        "negation/default currently supported only for options, log, busy-polling, set-dumpable, \
         strict-limits, insecure-fork-wanted and numa-cpu-mapping.",
    )
}
