//! How `option httpchk` and `http-check` lines are read (manual, section 4.2).

mod expect;
mod send;

use super::kind::http::HttpCheck;
use crate::sample::{Context, Format, Loading, Stage};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

/// Reads what follows `option httpchk`: nothing, a URI, or a method, a URI, a version and a host.
///
/// # Errors
/// The word that HAProxy would not take.
pub fn parse_option_httpchk(words: &[Word]) -> Result<HttpCheck, Diagnostic> {
    let mut check = HttpCheck::default();
    match words {
        [] => return Ok(check),
        [uri] => check.uri = uri.text.clone(),
        [method, uri, ..] => {
            check.method = method.text.clone();
            check.uri = uri.text.clone();
        }
    }
    if let Some(version) = words.get(2) {
        if version.contains(['\r', '\n']) {
            return Err(alert(
                version,
                "'option httpchk' : hiding headers or body at the end of the version string is \
                 unsupported.Use 'http-check send' directive instead.",
            ));
        }
        check.version = version.text.clone();
    }
    if let Some(host) = words.get(3) {
        let value = constant(host)
            .map_err(|mistake| alert(host, &format!("'option httpchk' : {mistake}")))?;
        check.fields.push(("host".to_owned(), value));
    }
    match words.get(4) {
        Some(word) => Err(alert(
            word,
            &format!("'option httpchk' cannot handle unexpected argument '{word}'."),
        )),
        None => Ok(check),
    }
}

/// Reads what follows `http-check`.
///
/// # Errors
/// The word that HAProxy would not take, or that is not supported yet.
pub fn parse_http_check(words: &[Word], check: &mut HttpCheck) -> Result<(), Diagnostic> {
    let Some((keyword, rest)) = words.split_first() else {
        return Err(Diagnostic::alert(None, unknown("")));
    };
    let seen = match &**keyword {
        "send" => std::mem::replace(&mut check.send_given, true),
        "expect" => std::mem::replace(&mut check.expect_given, true),
        name @ ("disable-on-404" | "send-state" | "comment" | "connect") => {
            return Err(not_supported(keyword, name));
        }
        name if ["set-var", "unset-var"].iter().any(|known| name.starts_with(known)) => {
            return Err(not_supported(keyword, name));
        }
        name => return Err(alert(keyword, &unknown(name))),
    };
    if seen {
        return Err(alert(
            keyword,
            &format!(
                "a second 'http-check {keyword}' in one section is not supported by evenkeel yet"
            ),
        ));
    }
    if &**keyword == "send" {
        send::parse(keyword, rest, check)
    } else {
        expect::parse(keyword, rest, check)
    }
}

/// The text of a log-format string in which nothing depends on anything.
fn constant(word: &Word) -> Result<String, String> {
    let loading = Loading::default();
    let format = Format::parse(word, &Context::new(Stage::Check, &loading))?;
    let text = format.constant().and_then(|text| std::str::from_utf8(text).ok());
    text.map(str::to_owned)
        .ok_or_else(|| format!("log-format items as in '{word}' are not supported by evenkeel yet"))
}

fn unknown(got: &str) -> String {
    format!(
        "'http-check' only supports 'disable-on-404', 'send-state', 'comment', 'connect', 'send', \
         'expect', 'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'. but got '{got}'"
    )
}

fn not_supported(word: &Word, name: &str) -> Diagnostic {
    alert(word, &format!("'http-check {name}' is not supported by evenkeel yet"))
}

fn alert(word: &Word, message: &str) -> Diagnostic {
    Diagnostic::alert(word.span, message)
}

#[cfg(test)]
mod tests;
