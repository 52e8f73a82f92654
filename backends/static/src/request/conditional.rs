//! Conditional requests (RFC 9110 section 13): the comparison functions and their order.

use std::time::{Duration, SystemTime};

use super::Fields;

/// What the server knows about the selected representation.
#[derive(Debug, Clone)]
pub struct Validators {
    /// A strong entity tag with its quotes.
    pub etag: String,
    /// In whole seconds, as it is told in `Last-Modified`.
    pub modified: SystemTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Perform the request.
    Proceed,
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

impl Validators {
    /// The precedence of section 13.2.2, for GET and HEAD.
    pub fn judge(&self, fields: &Fields<'_>) -> Verdict {
        match (&fields.if_match, date(fields.if_unmodified_since.as_deref())) {
            (Some(list), _) if !self.listed(list, Comparison::Strong) => return Verdict::Failed,
            (None, Some(since)) if self.modified > since => return Verdict::Failed,
            _ => {}
        }
        match (&fields.if_none_match, date(fields.if_modified_since.as_deref())) {
            (Some(list), _) if self.listed(list, Comparison::Weak) => Verdict::NotModified,
            (None, Some(since)) if self.modified <= since => Verdict::NotModified,
            _ => Verdict::Proceed,
        }
    }

    /// Whether `Range` may be honoured (section 13.1.5): the client's part is of this very version.
    pub fn allow_range(&self, if_range: Option<&str>, now: SystemTime) -> bool {
        let Some(text) = if_range.map(str::trim) else { return true };
        if text.ends_with('"') {
            return text == self.etag;
        }
        // A date identifies a version only if the file had time to change after it (8.8.2.2).
        let settled = self.modified + Duration::from_secs(1) <= now;
        settled && date(Some(text)) == Some(self.modified)
    }

    fn listed(&self, list: &str, comparison: Comparison) -> bool {
        list.trim() == "*"
            || EntityTags(list).any(|(weak, tag)| {
                tag == self.etag && (!weak || matches!(comparison, Comparison::Weak))
            })
    }
}

/// RFC 9110 section 8.8.3.2. Our own tags are strong, so only the client's may be weak.
#[derive(Debug, Clone, Copy)]
enum Comparison {
    Strong,
    Weak,
}

/// Walks a list of entity tags, giving whether each is weak and its quoted part. A comma may stand
/// inside the quotes. Ends at the first thing that is not a tag.
struct EntityTags<'a>(&'a str);

impl<'a> Iterator for EntityTags<'a> {
    type Item = (bool, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let list = self.0.trim_start_matches([' ', '\t', ',']);
        let (weak, quoted) = match list.strip_prefix("W/") {
            Some(rest) => (true, rest),
            None => (false, list),
        };
        let close = quoted.strip_prefix('"')?.find('"')?;
        let (tag, rest) = quoted.split_at(close + 2);
        self.0 = rest;
        Some((weak, tag))
    }
}

/// A date in any of the three formats of section 5.6.7; a malformed one counts as absent.
fn date(text: Option<&str>) -> Option<SystemTime> {
    httpdate::parse_http_date(text?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
    const EXACT: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

    fn ours() -> Validators {
        Validators { etag: "\"a,b\"".into(), modified: date(Some(EXACT)).unwrap() }
    }

    fn judge(fields: &[(&str, &str)]) -> Verdict {
        let mut all = Fields::default();
        for (name, value) in fields {
            *all.slot(name).unwrap() = Some((*value).into());
        }
        ours().judge(&all)
    }

    #[test]
    fn tags() {
        use Verdict::{Failed, NotModified, Proceed};
        for (name, value, expected) in [
            ("if-none-match", "\"a,b\"", NotModified),
            ("if-none-match", "\"x\", W/\"a,b\"", NotModified),
            ("if-none-match", "*", NotModified),
            ("if-none-match", "\"a\", \"b\"", Proceed),
            ("if-none-match", "a,b", Proceed),
            ("if-match", "\"x\",\"a,b\"", Proceed),
            ("if-match", "*", Proceed),
            ("if-match", "W/\"a,b\"", Failed),
            ("if-match", "\"x", Failed),
        ] {
            assert_eq!(judge(&[(name, value)]), expected, "{name}: {value}");
        }
    }

    #[test]
    fn dates() {
        use Verdict::{Failed, NotModified, Proceed};
        for (name, value, expected) in [
            ("if-modified-since", BEFORE, Proceed),
            ("if-modified-since", EXACT, NotModified),
            ("if-modified-since", AFTER, NotModified),
            ("if-modified-since", "Sunday, 06-Nov-94 08:49:37 GMT", NotModified),
            ("if-modified-since", "Sun Nov  6 08:49:37 1994", NotModified),
            ("if-modified-since", "yesterday", Proceed),
            ("if-unmodified-since", BEFORE, Failed),
            ("if-unmodified-since", EXACT, Proceed),
            ("if-unmodified-since", "yesterday", Proceed),
        ] {
            assert_eq!(judge(&[(name, value)]), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_tag_outweighs_a_date_and_a_failure_outweighs_both() {
        use Verdict::{Failed, NotModified, Proceed};
        let (same, other) = ("\"a,b\"", "\"x\"");
        assert_eq!(judge(&[("if-none-match", other), ("if-modified-since", AFTER)]), Proceed);
        assert_eq!(judge(&[("if-match", same), ("if-unmodified-since", BEFORE)]), Proceed);
        assert_eq!(judge(&[("if-match", other), ("if-none-match", same)]), Failed);
        assert_eq!(judge(&[("if-match", same), ("if-none-match", same)]), NotModified);
    }

    #[test]
    fn if_range_wants_strong_and_exact() {
        let (ours, now) = (ours(), SystemTime::now());
        assert!(ours.allow_range(None, now));
        assert!(ours.allow_range(Some("\"a,b\""), now));
        assert!(ours.allow_range(Some(EXACT), now));
        assert!(!ours.allow_range(Some(EXACT), ours.modified));
        for other in ["W/\"a,b\"", "\"x\"", AFTER, BEFORE, "nonsense"] {
            assert!(!ours.allow_range(Some(other), now), "{other}");
        }
    }
}
