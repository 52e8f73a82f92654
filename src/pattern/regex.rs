//! Regular expressions, one type for everything that has them: HAProxy's are PCRE's, ours run in
//! linear time unless a pattern needs look-around, back-references or the like.

mod error;
mod translate;

use std::ops::Range;

use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::util::syntax;
use regex_automata::{Input, meta};

/// A compiled regular expression over bytes.
#[derive(Clone, Debug)]
pub struct Regex(Engine);

/// What a match and its groups cover: `\0` to `\9`.
#[derive(Clone, Debug, Default)]
pub struct Groups([Option<Range<usize>>; GROUPS]);

#[derive(Clone, Debug)]
enum Engine {
    Linear {
        regex: meta::Regex,
        text: std::sync::Arc<str>,
    },
    /// Over text whose every character is a byte, see `latin`.
    Backtracking(std::sync::Arc<fancy_regex::Regex>),
}

impl Regex {
    /// Compiles a pattern of PCRE's syntax.
    ///
    /// # Errors
    /// One sentence that names the pattern.
    pub fn compile(text: &str, ignore_case: bool) -> Result<Self, String> {
        let translated = translate::translate(&crate::syntax::text::pattern(text));
        if !translated.backtracks {
            match linear(&[translated.text.as_str()], ignore_case) {
                Ok(regex) => {
                    let text = if ignore_case {
                        format!("(?i:{})", translated.text)
                    } else {
                        translated.text
                    };
                    return Ok(Self(Engine::Linear { regex, text: text.into() }));
                }
                Err(error) if text.is_ascii() => return Err(error::sentence(text, &error)),
                Err(_) => {}
            }
        }
        let pattern = latin(translated.text.as_bytes());
        let pattern = if ignore_case { format!("(?i){pattern}") } else { pattern };
        fancy_regex::RegexBuilder::new(&pattern)
            .backtrack_limit(BACKTRACKS)
            .build()
            .map(|regex| Self(Engine::Backtracking(regex.into())))
            .map_err(|error| error::sentence(text, &error.to_string()))
    }

    /// What `template` becomes if the expression matches, see [`Groups::expand`].
    #[must_use]
    pub fn expand(&self, subject: &[u8], template: &[u8]) -> Option<Vec<u8>> {
        let groups = self.captures(subject)?;
        let mut out = Vec::with_capacity(template.len() + subject.len());
        groups.expand(template, subject, &mut out);
        Some(out)
    }

    /// All of them in one automaton, if they run in linear time and fit.
    pub(super) fn together(regexes: &[Self]) -> Option<meta::Regex> {
        let texts: Option<Vec<&str>> = regexes
            .iter()
            .map(|regex| match &regex.0 {
                Engine::Linear { text, .. } => Some(&**text),
                Engine::Backtracking(_) => None,
            })
            .collect();
        linear(&texts?, false).ok()
    }

    #[must_use]
    pub fn is_match(&self, subject: &[u8]) -> bool {
        match &self.0 {
            Engine::Linear { regex, .. } => regex.is_match(Input::new(subject)),
            // One that exceeds its limit does not match.
            Engine::Backtracking(regex) => {
                with_latin(subject, |text| regex.is_match(text).unwrap_or(false))
            }
        }
    }

    /// The leftmost match with its groups.
    #[must_use]
    pub fn captures(&self, subject: &[u8]) -> Option<Groups> {
        self.captures_at(subject, 0)
    }

    /// The leftmost match from an offset on; what stands before it still counts for anchors.
    #[must_use]
    pub fn captures_at(&self, subject: &[u8], at: usize) -> Option<Groups> {
        let mut groups = Groups::default();
        match &self.0 {
            Engine::Linear { regex, .. } => {
                let mut slots: [Option<NonMaxUsize>; 2 * GROUPS] = [None; 2 * GROUPS];
                regex.search_slots(&Input::new(subject).span(at..subject.len()), &mut slots)?;
                for (group, slot) in groups.0.iter_mut().zip(slots.as_chunks::<2>().0) {
                    *group = slot[0].zip(slot[1]).map(|(start, end)| start.get()..end.get());
                }
            }
            Engine::Backtracking(regex) => with_latin(subject, |text| {
                let start = text.char_indices().nth(at).map_or(text.len(), |(start, _)| start);
                let found = regex.captures_from_pos(text, start).ok()??;
                // Characters before an offset are bytes before it in the subject.
                let bytes = |offset: usize| text[..offset].chars().count();
                for (group, found) in groups.0.iter_mut().zip(found.iter()) {
                    *group = found.map(|found| bytes(found.start())..bytes(found.end()));
                }
                Some(())
            })?,
        }
        Some(groups)
    }
}

impl Groups {
    /// Group 0 is the whole match; `None` for one that took no part.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<Range<usize>> {
        self.0.get(number).cloned().flatten()
    }

    /// Appends a template: `\0` to `\9` stand for groups of `subject`, `\xHH` for a byte, a
    /// backslash before anything else for what follows it.
    pub fn expand(&self, template: &[u8], subject: &[u8], out: &mut Vec<u8>) {
        let mut rest = template;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            if byte != b'\\' {
                out.push(byte);
                continue;
            }
            match rest {
                [digit @ b'0'..=b'9', after @ ..] => {
                    if let Some(range) = self.get(usize::from(digit - b'0')) {
                        out.extend_from_slice(&subject[range]);
                    }
                    rest = after;
                }
                [b'x', high, low, after @ ..]
                    if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
                {
                    out.push(hexadecimal(*high) << 4 | hexadecimal(*low));
                    rest = after;
                }
                [other, after @ ..] => {
                    out.push(*other);
                    rest = after;
                }
                [] => out.push(byte),
            }
        }
    }
}

fn linear(patterns: &[&str], ignore_case: bool) -> Result<meta::Regex, String> {
    meta::Builder::new()
        .configure(meta::Config::new().utf8_empty(false).nfa_size_limit(Some(SIZE)))
        .syntax(syntax::Config::new().unicode(false).utf8(false).case_insensitive(ignore_case))
        .build_many(patterns)
        .map_err(|error| error.syntax_error().map_or(error.to_string(), ToString::to_string))
}

fn hexadecimal(digit: u8) -> u8 {
    (digit as char).to_digit(16).unwrap_or(0) as u8
}

/// The backtracking engine takes text: every byte becomes the character of its number.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn with_latin<T>(subject: &[u8], run: impl FnOnce(&str) -> T) -> T {
    match std::str::from_utf8(subject) {
        Ok(text) if text.is_ascii() => run(text),
        _ => run(&latin(subject)),
    }
}

/// A whole match and nine groups.
const GROUPS: usize = 10;
/// Steps after which a pattern counts as not matching.
const BACKTRACKS: usize = 100_000;
/// Bytes of one automaton.
const SIZE: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, subject: &[u8]) -> bool {
        Regex::compile(pattern, false).unwrap().is_match(subject)
    }

    #[test]
    fn what_only_pcre_has_works() {
        assert!(matches(r"^(?!/private)/", b"/public"));
        assert!(!matches(r"^(?!/private)/", b"/private/x"));
        assert!(matches(r"^(a+)-\1$", b"aa-aa"));
        assert!(!matches(r"^(a+)-\1$", b"aa-a"));
        assert!(!matches(r"^a++ab", b"aaab"));
        assert!(matches(r"^\Qa.b\E$", b"a.b"));
        assert!(!matches(r"^\Qa.b\E$", b"axb"));
        assert!(matches(r"^{a}$", b"{a}"));
        assert!(matches(r"^[[a]&&b]$", b"a&&b]"));
        assert!(matches(r"^a\hb$", b"a\tb"));
        assert!(matches("^[é]", "é".as_bytes()));
        assert!(matches(r"\<x\>", b"<x>"));
        assert!(matches(r"^\x41\101$", b"AA"));
    }

    #[test]
    fn bytes_that_are_no_text_match() {
        assert!(matches(r"^.\xff$", b"\x80\xff"));
        let found = Regex::compile(r"(?<=\xff)(b)", false).unwrap().captures(b"\xff\xffb").unwrap();
        assert_eq!(found.get(1), Some(2..3));
    }

    #[test]
    fn groups_are_put_into_a_template() {
        let regex = Regex::compile("^/(a)?(B+)", true).unwrap();
        let subject = b"/bbc";
        let groups = regex.captures(subject).unwrap();
        assert_eq!(groups.get(1), None);
        let mut out = Vec::new();
        groups.expand(br"\2-\1-\0-\x41\\", subject, &mut out);
        assert_eq!(out, br"bb--/bb-A\");
    }

    #[test]
    fn mistakes_are_told_as_by_pcre() {
        let error = |text: &str| Regex::compile(text, false).unwrap_err();
        assert_eq!(
            error("a("),
            "regex 'a(' is invalid (error=missing closing parenthesis, erroffset=2)"
        );
        assert_eq!(
            error("[a"),
            "regex '[a' is invalid (error=missing terminating ] for character class, erroffset=2)"
        );
    }
}
