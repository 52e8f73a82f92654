//! `if` and `unless` with their terms: `a b || !c { path /x }` (manual, section 7.2).

use std::sync::Arc;

use crate::exchange::Stream;
use crate::pattern::{Acl, Test};
use crate::sample::Context;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::suggest;
use crate::syntax::word::Word;

/// A condition: alternatives of terms that must all hold.
#[derive(Clone, Debug)]
pub struct Condition {
    unless: bool,
    alternatives: Vec<Vec<Term>>,
}

#[derive(Clone, Debug)]
struct Term {
    negated: bool,
    acl: Arc<Acl>,
}

/// The ACLs that a condition may name.
pub trait Scope {
    fn find(&self, name: &str) -> Option<Arc<Acl>>;
    fn names(&self) -> Vec<String>;
}

impl Condition {
    /// Parses `if …` or `unless …`, the whole of `words`.
    ///
    /// # Errors
    /// A diagnostic at the word at fault: an unknown ACL (with the nearest known one), a missing
    /// brace, an empty alternative.
    pub fn parse(
        words: &[Word],
        acls: &dyn Scope,
        context: &Context<'_>,
    ) -> Result<Self, Diagnostic> {
        let unless = &*words[0].text == "unless";
        let mut alternatives = vec![Vec::new()];
        let mut negated = false;
        let mut at = 1;
        while let Some(word) = words.get(at) {
            // Exclamation marks may stand alone or joined to what they negate, a brace included.
            let text = word.text.trim_start_matches('!');
            negated ^= (word.text.len() - text.len()) % 2 == 1;
            match text {
                "||" | "or" => alternatives.push(Vec::new()),
                "" => {}
                "{" => {
                    let close = closing_brace(words, at)?;
                    push(
                        &mut alternatives,
                        anonymous(&words[at + 1..close], word, context)?,
                        &mut negated,
                    );
                    at = close;
                }
                name => push(&mut alternatives, named(name, word, acls, context)?, &mut negated),
            }
            at += 1;
        }
        if negated || alternatives.iter().any(Vec::is_empty) {
            let last = &words[words.len() - 1];
            return Err(Diagnostic::alert(
                last.span,
                format!("'{}' needs a condition after it", last.text),
            ));
        }
        Ok(Self { unless, alternatives })
    }

    #[must_use]
    pub fn holds(&self, stream: &Stream<'_>) -> bool {
        let any = self
            .alternatives
            .iter()
            .any(|terms| terms.iter().all(|term| term.acl.passes(stream) != term.negated));
        any != self.unless
    }

    /// The ACLs it uses.
    pub fn acls(&self) -> impl Iterator<Item = &Acl> {
        self.alternatives.iter().flatten().map(|term| &*term.acl)
    }
}

fn push(alternatives: &mut [Vec<Term>], acl: Arc<Acl>, negated: &mut bool) {
    if let Some(terms) = alternatives.last_mut() {
        terms.push(Term { negated: std::mem::take(negated), acl });
    }
}

fn closing_brace(words: &[Word], open: usize) -> Result<usize, Diagnostic> {
    words[open..]
        .iter()
        .position(|word| word.text == "}")
        .map(|at| open + at)
        .ok_or_else(|| Diagnostic::alert(words[open].span, "missing closing '}' in condition"))
}

fn anonymous(words: &[Word], brace: &Word, context: &Context<'_>) -> Result<Arc<Acl>, Diagnostic> {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let test = Test::parse(&texts, context)
        .map_err(|(at, message)| Diagnostic::alert(words.get(at).unwrap_or(brace).span, message))?;
    Ok(Arc::new(Acl { name: String::new(), tests: vec![test] }))
}

fn named(
    name: &str,
    word: &Word,
    acls: &dyn Scope,
    context: &Context<'_>,
) -> Result<Arc<Acl>, Diagnostic> {
    if let Some(acl) = acls.find(name) {
        return Ok(acl);
    }
    if let Some((_, criterion)) = PREDEFINED.iter().find(|(known, _)| *known == name) {
        let test = Test::parse(criterion, context)
            .map_err(|(_, message)| Diagnostic::alert(word.span, message))?;
        return Ok(Arc::new(Acl { name: name.to_owned(), tests: vec![test] }));
    }
    let known = acls.names();
    let near = suggest::nearest(
        name,
        known.iter().map(String::as_str).chain(PREDEFINED.iter().map(|(known, _)| *known)),
    );
    let error = Diagnostic::alert(word.span, format!("no such ACL : '{name}'"));
    Err(match near {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error,
    })
}

/// Predefined ACLs (manual, section 7.4).
const PREDEFINED: &[(&str, &[&str])] = &[
    ("FALSE", &["always_false"]),
    ("TRUE", &["always_true"]),
    ("LOCALHOST", &["src", "127.0.0.1/8", "::1"]),
    ("METH_CONNECT", &["method", "CONNECT"]),
    ("METH_DELETE", &["method", "DELETE"]),
    ("METH_GET", &["method", "GET", "HEAD"]),
    ("METH_HEAD", &["method", "HEAD"]),
    ("METH_OPTIONS", &["method", "OPTIONS"]),
    ("METH_POST", &["method", "POST"]),
    ("METH_PUT", &["method", "PUT"]),
    ("METH_TRACE", &["method", "TRACE"]),
    ("HTTP", &["req.proto_http"]),
    ("HTTP_1.0", &["req.ver", "1.0"]),
    ("HTTP_1.1", &["req.ver", "1.1"]),
    ("HTTP_2.0", &["req.ver", "2.0"]),
    ("HTTP_CONTENT", &["req.hdr_val(content-length)", "gt", "0"]),
    ("REQ_CONTENT", &["req.len", "gt", "0"]),
    ("WAIT_END", &["wait_end"]),
    ("HTTP_URL_ABS", &["url_reg", "^[^/:]*://"]),
    ("HTTP_URL_SLASH", &["url_beg", "/"]),
    ("HTTP_URL_STAR", &["url", "*"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Loading, Stage};
    use crate::syntax::span::Span;

    struct Known;

    impl Scope for Known {
        fn find(&self, _: &str) -> Option<Arc<Acl>> {
            None
        }
        fn names(&self) -> Vec<String> {
            vec!["is_api".to_owned()]
        }
    }

    fn parse(text: &str) -> Result<Condition, Diagnostic> {
        let words: Vec<Word> = text
            .split(' ')
            .map(|word| Word { text: word.to_owned(), span: Span::default() })
            .collect();
        let loading = Loading::default();
        Condition::parse(&words, &Known, &Context::new(Stage::HttpRequest, &loading))
    }

    #[test]
    fn negation_may_be_joined_or_apart() {
        for (text, negated) in [
            ("if { always_true }", false),
            ("if !{ always_true }", true),
            ("if ! { always_true }", true),
            ("if !!TRUE", false),
            ("if ! !TRUE", false),
            ("if !TRUE", true),
        ] {
            let condition = parse(text).unwrap();
            assert_eq!(condition.alternatives[0][0].negated, negated, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(parse("if TRUE ||").is_err());
        assert!(parse("if !").is_err());
        assert!(parse("if { always_true").unwrap_err().message.contains("missing closing"));
        let unknown = parse("if is_apj").unwrap_err();
        assert_eq!(unknown.message, "no such ACL : 'is_apj'");
        assert!(unknown.hint.unwrap().contains("is_api"));
    }
}
