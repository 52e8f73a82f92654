//! Matching methods (manual, section 7.1): how one sample is compared with many patterns.

use std::collections::HashSet;

use super::network::Networks;
use crate::sample::{Expression, Type, Value};
use crate::syntax::text;

/// A matching method, as after `-m` or as a suffix of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Found,
    Bool,
    Int,
    Ip,
    Str,
    Beg,
    End,
    Sub,
    Dir,
    Dom,
    Len,
    Reg,
}

/// Patterns, compiled.
#[derive(Debug)]
pub enum Matcher {
    Found,
    Bool,
    Int(Ranges),
    Length(Ranges),
    Ip(Networks),
    Exact { patterns: HashSet<Box<[u8]>>, ignore_case: bool },
    Part { method: Method, patterns: Box<[Box<[u8]>]>, ignore_case: bool },
    Regex(Box<[regex::bytes::Regex]>),
}

/// Inclusive ranges of integers.
type Ranges = Box<[(i64, i64)]>;

impl Method {
    /// The method that a criterion's suffix stands for.
    #[must_use]
    pub fn of_suffix(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "str" => Self::Str,
            "beg" => Self::Beg,
            "end" => Self::End,
            "sub" => Self::Sub,
            "dir" => Self::Dir,
            "dom" => Self::Dom,
            "len" => Self::Len,
            "reg" => Self::Reg,
            _ => return None,
        })
    }

    fn of_flag(name: &str) -> Option<Self> {
        Some(match name {
            "found" => Self::Found,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "ip" => Self::Ip,
            _ => return Self::of_suffix(name),
        })
    }

    /// What is used when neither flag nor suffix says: it follows the sample's type.
    fn default_for(expression: &Expression) -> Self {
        match expression.output() {
            Type::Addr | Type::Ipv4 | Type::Ipv6 => Self::Ip,
            Type::Int => Self::Int,
            Type::Bool => Self::Bool,
            _ => Self::Str,
        }
    }
}

impl Matcher {
    /// Parses flags and patterns.
    ///
    /// # Errors
    /// One sentence and the position of the word at fault.
    pub fn parse(
        words: &[&str],
        method: Option<Method>,
        expression: &Expression,
    ) -> Result<Self, (usize, String)> {
        let (mut method, mut ignore_case, mut at) = (method, false, 0);
        let mut patterns: Vec<(usize, String)> = Vec::new();
        while let Some(word) = words.get(at) {
            match *word {
                "-i" => ignore_case = true,
                "-n" => {}
                "--" => {
                    at += 1;
                    break;
                }
                "-m" => {
                    let name = words.get(at + 1).ok_or((at, "missing method after '-m'".into()))?;
                    method =
                        Some(Method::of_flag(name).ok_or_else(|| {
                            (at + 1, format!("unknown matching method '{name}'"))
                        })?);
                    at += 1;
                }
                "-f" => {
                    let file = words.get(at + 1).ok_or((at, "missing file after '-f'".into()))?;
                    let lines = read_list(file).map_err(|message| (at + 1, message))?;
                    patterns.extend(lines.into_iter().map(|line| (at + 1, line)));
                    at += 1;
                }
                flag @ ("-M" | "-u") => {
                    return Err((at, format!("flag '{flag}' is not supported by evenkeel yet")));
                }
                _ => break,
            }
            at += 1;
        }
        patterns.extend(words[at..].iter().enumerate().map(|(n, w)| (at + n, (*w).to_owned())));
        let method = method.unwrap_or_else(|| Method::default_for(expression));
        Self::compile(method, &patterns, ignore_case)
    }

    fn compile(
        method: Method,
        patterns: &[(usize, String)],
        ignore_case: bool,
    ) -> Result<Self, (usize, String)> {
        let fold = |text: &str| -> Box<[u8]> {
            let bytes = text::bytes(text);
            if ignore_case { bytes.to_ascii_lowercase().into() } else { bytes.into() }
        };
        Ok(match method {
            Method::Found => Self::Found,
            Method::Bool => Self::Bool,
            Method::Int => Self::Int(ranges(patterns)?),
            Method::Len => Self::Length(ranges(patterns)?),
            Method::Ip => Self::Ip(Networks::parse(patterns)?),
            Method::Str => Self::Exact {
                patterns: patterns.iter().map(|(_, text)| fold(text)).collect(),
                ignore_case,
            },
            Method::Reg => Self::Regex(
                patterns
                    .iter()
                    .map(|(at, text)| regex(text, ignore_case).map_err(|error| (*at, error)))
                    .collect::<Result<_, _>>()?,
            ),
            Method::Beg | Method::End | Method::Sub | Method::Dir | Method::Dom => Self::Part {
                method,
                patterns: patterns.iter().map(|(_, text)| fold(text)).collect(),
                ignore_case,
            },
        })
    }

    #[must_use]
    pub fn matches(&self, value: &Value<'_>) -> bool {
        match self {
            Self::Found => true,
            Self::Bool => value.as_bool().unwrap_or(false),
            Self::Int(ranges) => value.as_int().is_some_and(|n| within(ranges, n)),
            Self::Ip(networks) => value.as_ip().is_some_and(|ip| networks.contains(ip)),
            _ => match value {
                Value::Str(bytes) | Value::Bin(bytes) | Value::Method(bytes) => {
                    self.matches_bytes(bytes)
                }
                other => self.matches_bytes(&other.clone().into_bytes()),
            },
        }
    }

    fn matches_bytes(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Length(ranges) => within(ranges, bytes.len() as i64),
            Self::Exact { patterns, ignore_case } => {
                with_folded(bytes, *ignore_case, |bytes| patterns.contains(bytes))
            }
            Self::Part { method, patterns, ignore_case } => {
                with_folded(bytes, *ignore_case, |bytes| {
                    patterns.iter().any(|pattern| part(*method, bytes, pattern))
                })
            }
            Self::Regex(patterns) => patterns.iter().any(|pattern| pattern.is_match(bytes)),
            _ => false,
        }
    }
}

fn part(method: Method, bytes: &[u8], pattern: &[u8]) -> bool {
    match method {
        Method::Beg => bytes.starts_with(pattern),
        Method::End => bytes.ends_with(pattern),
        Method::Sub => memchr::memmem::find(bytes, pattern).is_some(),
        Method::Dir => delimited(bytes, pattern, b"/?"),
        _ => delimited(bytes, pattern, b"/?.:"),
    }
}

/// The pattern, whose own outer delimiters do not count, stands between delimiters or ends.
fn delimited(bytes: &[u8], pattern: &[u8], delimiters: &[u8]) -> bool {
    let is_delimiter = |byte: &u8| delimiters.contains(byte);
    let start = pattern.iter().position(|b| !is_delimiter(b)).unwrap_or(pattern.len());
    let end = pattern.iter().rposition(|b| !is_delimiter(b)).map_or(start, |at| at + 1);
    let core = &pattern[start..end];
    if core.is_empty() {
        return false;
    }
    memchr::memmem::find_iter(bytes, core).any(|at| {
        let after = at + core.len();
        (at == 0 || is_delimiter(&bytes[at - 1]))
            && (after == bytes.len() || is_delimiter(&bytes[after]))
    })
}

/// Calls `test` with the bytes in lower case if case is ignored; short ones are folded on the
/// stack.
fn with_folded(bytes: &[u8], ignore_case: bool, test: impl FnOnce(&[u8]) -> bool) -> bool {
    if !ignore_case || !bytes.iter().any(u8::is_ascii_uppercase) {
        return test(bytes);
    }
    let mut small = [0u8; 128];
    if let Some(folded) = small.get_mut(..bytes.len()) {
        folded.copy_from_slice(bytes);
        folded.make_ascii_lowercase();
        return test(folded);
    }
    test(&bytes.to_ascii_lowercase())
}

fn within(ranges: &[(i64, i64)], n: i64) -> bool {
    ranges.iter().any(|(low, high)| (*low..=*high).contains(&n))
}

/// `5`, `1:10`, `:10`, `1:`, or an operator (`eq ge gt le lt`) followed by numbers.
fn ranges(patterns: &[(usize, String)]) -> Result<Ranges, (usize, String)> {
    let mut operator = "eq";
    let mut ranges = Vec::new();
    for (at, text) in patterns {
        if matches!(text.as_str(), "eq" | "ge" | "gt" | "le" | "lt") {
            operator = text;
            continue;
        }
        let number = |text: &str| {
            text.parse::<i64>().map_err(|_| (*at, format!("'{text}' is not a number")))
        };
        ranges.push(match text.split_once(':') {
            Some((low, high)) => (
                if low.is_empty() { i64::MIN } else { number(low)? },
                if high.is_empty() { i64::MAX } else { number(high)? },
            ),
            None => {
                let n = number(text)?;
                match operator {
                    "ge" => (n, i64::MAX),
                    "gt" => (n.saturating_add(1), i64::MAX),
                    "le" => (i64::MIN, n),
                    "lt" => (i64::MIN, n.saturating_sub(1)),
                    _ => (n, n),
                }
            }
        });
    }
    Ok(ranges.into())
}

fn regex(text: &str, ignore_case: bool) -> Result<regex::bytes::Regex, String> {
    regex::bytes::RegexBuilder::new(&text::pattern(text))
        .case_insensitive(ignore_case)
        .unicode(false)
        .build()
        .map_err(|error| format!("regex '{text}' is invalid: {error}"))
}

/// The lines of a pattern file: leading blanks, empty lines and lines that begin with `#` do not
/// count.
fn read_list(path: &str) -> Result<Vec<String>, String> {
    let list = std::fs::read(path)
        .map_err(|error| format!("cannot read patterns from '{path}': {error}"))?;
    Ok(text::from_bytes(&list)
        .lines()
        .map(|line| line.trim_start().trim_end_matches('\r'))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(ToOwned::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Context, Loading, Stage};

    fn context(loading: &Loading) -> Context<'_> {
        Context::new(Stage::Acl, loading)
    }

    fn matches(criterion: &str, words: &[&str], value: Value<'_>) -> bool {
        let mut all = vec![criterion];
        all.extend(words);
        super::super::Test::parse(&all, &context(&Loading::default()))
            .unwrap()
            .matcher
            .matches(&value)
    }

    #[test]
    fn every_method_of_section_7_1() {
        let path = |criterion, word, value: &str| {
            matches(criterion, &[word], Value::str(value.as_bytes()))
        };
        assert!(path("path_beg", "/api", "/api/v1"));
        assert!(!path("path_beg", "/api", "/a"));
        assert!(path("path_end", ".png", "/x.png"));
        assert!(path("path_sub", "dmi", "/admin"));
        assert!(path("path_dir", "b", "/a/b/c"));
        assert!(!path("path_dir", "b", "/a/bb/c"));
        assert!(path("hdr_dom(host)", "example.com", "www.example.com:80"));
        assert!(!path("hdr_dom(host)", "ample.com", "www.example.com"));
        assert!(path("path_reg", "^/v[0-9]+/", "/v12/x"));
        assert!(path("path_len", "3:5", "/abc"));
        assert!(matches("path", &["-m", "found"], Value::str(b"")));
        assert!(matches("path", &["-i", "/ABC"], Value::str(b"/aBc")));
        assert!(matches("status", &["500:"], Value::Int(503)));
        assert!(matches("status", &["gt", "400"], Value::Int(401)));
        assert!(!matches("status", &["lt", "400"], Value::Int(400)));
        assert!(matches("always_true", &[], Value::Bool(true)));
    }

    #[test]
    fn networks_match_their_members() {
        let src = |words: &[&str], ip: &str| matches("src", words, Value::Ip(ip.parse().unwrap()));
        assert!(src(&["10.0.0.0/8", "192.168.1.1"], "10.200.3.4"));
        assert!(src(&["10.0.0.0/8", "192.168.1.1"], "192.168.1.1"));
        assert!(!src(&["10.0.0.0/8"], "11.0.0.1"));
        assert!(src(&["fd00::/8"], "fd12::1"));
        assert!(src(&["10.0.0.0/255.255.0.0"], "10.0.9.9"));
    }

    #[test]
    fn mistakes_point_at_their_word() {
        let error = |words: &[&str]| {
            super::super::Test::parse(words, &context(&Loading::default())).unwrap_err()
        };
        assert_eq!(error(&["path_reg", "a", "("]).0, 2);
        assert_eq!(error(&["src", "10.0.0.0/33"]).0, 1);
        assert_eq!(error(&["path", "-m", "nope", "x"]).0, 2);
        assert_eq!(error(&["status", "abc"]).0, 1);
    }
}
