//! `http-check send`.

use super::{alert, constant};
use crate::health::kind::http::HttpCheck;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

/// Fields given here take the place of the host of `option httpchk`, as in HAProxy.
pub(super) fn parse(
    keyword: &Word,
    words: &[Word],
    check: &mut HttpCheck,
) -> Result<(), Diagnostic> {
    let mut fields = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let mut value = || {
            rest.next()
                .ok_or_else(|| mistake(word, &format!("'{word}' expects a string as argument.")))
        };
        match &**word {
            "meth" => check.method = value()?.text.clone(),
            "uri" => check.uri = value()?.text.clone(),
            "ver" => check.version = value()?.text.clone(),
            "body" => check.body = value()?.text.clone(),
            "hdr" => {
                let (Some(name), Some(value)) = (rest.next(), rest.next()) else {
                    return Err(mistake(word, "'hdr' expects <name> and <value> as arguments"));
                };
                let value = constant(value).map_err(|text| mistake(value, &text))?;
                fields.push((name.text.clone(), value));
            }
            // It shows in reports of checks that are sequences only.
            "comment" => {
                value()?;
            }
            name @ ("uri-lf" | "body-lf") => {
                return Err(mistake(word, &format!("'{name}' is not supported by evenkeel yet")));
            }
            other => {
                return Err(mistake(
                    word,
                    &format!(
                        "expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or \
                         'body-lf' but got '{other}' as argument."
                    ),
                ));
            }
        }
    }
    if [&check.method, &check.uri, &check.version].iter().any(|text| text.contains(['\r', '\n'])) {
        return Err(mistake(keyword, "a line end is not possible in a request line"));
    }
    check.fields = fields;
    Ok(())
}

fn mistake(word: &Word, text: &str) -> Diagnostic {
    alert(word, &format!("'http-check send' : {text}."))
}
