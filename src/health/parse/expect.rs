//! `http-check expect`.

use super::alert;
use crate::health::kind::http::{Expect, HttpCheck};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) fn parse(
    keyword: &Word,
    words: &[Word],
    check: &mut HttpCheck,
) -> Result<(), Diagnostic> {
    let Some(first) = words.first() else {
        return Err(mistake(keyword, "expects at least a matching pattern as arguments"));
    };
    let mut rest = words.iter();
    let mut negated = false;
    let mut matcher = rest.next().unwrap_or(first);
    let mut name = &**matcher;
    if let Some(after) = name.strip_prefix('!') {
        negated = true;
        name = after;
        if after.is_empty() {
            matcher = rest.next().ok_or_else(|| unknown(matcher, ""))?;
            name = matcher;
        }
    }
    let pattern = rest.next();
    check.expect = match name {
        "status" => Expect::Status(codes(wanted(matcher, name, pattern)?)?, negated),
        "string" => Expect::Body(wanted(matcher, name, pattern)?.text.clone(), negated),
        "min-recv" | "comment" | "ok-status" | "error-status" | "tout-status" | "on-success"
        | "on-error" | "status-code" | "rstatus" | "rstring" | "string-lf" | "hdr" | "fhdr" => {
            return Err(mistake(matcher, &format!("'{name}' is not supported by evenkeel yet")));
        }
        other => return Err(unknown(matcher, other)),
    };
    match rest.next() {
        Some(word) => Err(unknown(word, word)),
        None => Ok(()),
    }
}

fn wanted<'w>(
    matcher: &Word,
    name: &str,
    pattern: Option<&'w Word>,
) -> Result<&'w Word, Diagnostic> {
    pattern.ok_or_else(|| mistake(matcher, &format!("'{name}' expects a <pattern> as argument")))
}

/// `200,201,300-310`
fn codes(word: &Word) -> Result<Vec<(u16, u16)>, Diagnostic> {
    if let Some(bad) = word.chars().find(|c| !c.is_ascii_digit() && !matches!(c, ',' | '-')) {
        let text = format!("invalid character '{bad}' in the list of status codes");
        return Err(mistake(word, &text));
    }
    let range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (first <= last).then_some((first, last))
    };
    let texts = word.split(',').filter(|text| !text.is_empty());
    texts
        .map(|text| {
            range(text)
                .ok_or_else(|| mistake(word, &format!("invalid range of status codes '{text}'")))
        })
        .collect()
}

fn unknown(word: &Word, got: &str) -> Diagnostic {
    mistake(
        word,
        &format!(
            "'only supports min-recv, [!]string', '[!]rstring', '[!]string-lf', '[!]status', \
             '[!]rstatus', [!]hdr, [!]fhdr or comment but got '{got}' as argument."
        ),
    )
}

fn mistake(word: &Word, text: &str) -> Diagnostic {
    alert(word, &format!("'http-check expect' : {text}."))
}
