//! Regular expressions over bytes, with the back-references that replacements use.

use std::ops::Range;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Regex(regex::bytes::Regex);

/// Where an expression matched: the whole, then its groups.
pub type Captures = [Option<Range<usize>>; GROUPS];

impl Regex {
    /// Compiles an expression.
    ///
    /// # Errors
    /// One sentence about what is wrong with it.
    pub fn compile(text: &str, ignore_case: bool) -> Result<Self, String> {
        regex::bytes::RegexBuilder::new(&crate::syntax::text::pattern(text))
            .case_insensitive(ignore_case)
            .unicode(false)
            .build()
            .map(Self)
            .map_err(|error| format!("regex '{text}' is invalid: {error}"))
    }

    #[must_use]
    pub fn is_match(&self, bytes: &[u8]) -> bool {
        self.0.is_match(bytes)
    }

    /// The first match with its groups.
    #[must_use]
    pub fn captures(&self, bytes: &[u8]) -> Option<Captures> {
        let found = self.0.captures(bytes)?;
        Some(std::array::from_fn(|group| found.get(group).map(|it| it.range())))
    }

    /// What `replacement` becomes if the expression matches: `\0` is the whole match, `\1` to
    /// `\9` its groups, `\x41` a byte, a backslash before anything else that character.
    #[must_use]
    pub fn expand(&self, bytes: &[u8], replacement: &[u8]) -> Option<Vec<u8>> {
        let captures = self.captures(bytes)?;
        let mut out = Vec::with_capacity(replacement.len() + bytes.len());
        let mut rest = replacement;
        while let Some(at) = memchr::memchr(b'\\', rest) {
            out.extend_from_slice(&rest[..at]);
            rest = &rest[at + 1..];
            rest = match rest {
                [b'x', high, low, after @ ..]
                    if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
                {
                    out.push(digit(*high) << 4 | digit(*low));
                    after
                }
                [number @ b'0'..=b'9', after @ ..] => {
                    if let Some(range) = &captures[usize::from(number - b'0')] {
                        out.extend_from_slice(&bytes[range.clone()]);
                    }
                    after
                }
                [other, after @ ..] => {
                    out.push(*other);
                    after
                }
                [] => {
                    out.push(b'\\');
                    rest
                }
            };
        }
        out.extend_from_slice(rest);
        Some(out)
    }
}

fn digit(byte: u8) -> u8 {
    char::from(byte).to_digit(16).map_or(0, |digit| digit as u8)
}

/// The whole match and nine groups.
const GROUPS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_refer_to_groups() {
        let regex = Regex::compile("b(.)(q)?", false).unwrap();
        assert_eq!(regex.expand(b"abcd", br"[\1\0\2\\]\x41").unwrap(), br"[cbc\]A");
        assert_eq!(regex.expand(b"acd", b"x"), None);
        assert_eq!(regex.expand(b"abcd", b"x\\").unwrap(), b"x\\");
    }
}
