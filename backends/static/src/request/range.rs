//! `Range` for bytes (RFC 9110 section 14).

use std::ops::Range;

/// What a `Range` header means for a file of a known length.
#[derive(Debug, PartialEq, Eq)]
pub enum Ranges {
    /// Not understood, or not worth it: send everything.
    Whole,
    /// 206 with these, in the order they were asked for; never empty.
    Parts(Vec<Range<u64>>),
    /// 416.
    Unsatisfiable,
}

impl Ranges {
    /// Resolves `header` against a file of `length` bytes. More than `most` ranges, or ranges that
    /// together exceed the file, are answered with the whole file: section 14.2 warns that a small
    /// request could otherwise ask for a very large answer.
    pub fn resolve(header: &str, length: u64, most: usize) -> Self {
        let Some(specs) = parse(header, most) else { return Self::Whole };
        let mut empty_suffix = false;
        let mut parts = Vec::with_capacity(specs.len());
        for spec in specs {
            match spec.resolve(length) {
                Some(part) if part.is_empty() => empty_suffix = true,
                Some(part) => parts.push(part),
                None => {}
            }
        }
        let total = parts.iter().fold(0u64, |sum, part| sum.saturating_add(part.end - part.start));
        match parts.as_slice() {
            // The last bytes of an empty file are that empty file, but no Content-Range can say so.
            [] if empty_suffix => Self::Whole,
            [] => Self::Unsatisfiable,
            [_, _, ..] if total > length => Self::Whole,
            _ => Self::Parts(parts),
        }
    }
}

/// One element of a byte range set, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spec {
    /// `first-last`, both included.
    Between(u64, u64),
    /// `first-`.
    From(u64),
    /// `-length`: the last bytes.
    Last(u64),
}

impl Spec {
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        match (first.trim(), last.trim()) {
            ("", suffix) => Some(Self::Last(number(suffix)?)),
            (first, "") => Some(Self::From(number(first)?)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::Between(first, last))
            }
        }
    }

    /// The bytes meant, cut to the file; `None` when they lie outside it.
    fn resolve(self, length: u64) -> Option<Range<u64>> {
        match self {
            Self::Between(first, last) => {
                (first < length).then(|| first..last.saturating_add(1).min(length))
            }
            Self::From(first) => (first < length).then_some(first..length),
            Self::Last(0) => None,
            Self::Last(suffix) => Some(length.saturating_sub(suffix)..length),
        }
    }
}

fn parse(header: &str, most: usize) -> Option<Vec<Spec>> {
    let (unit, set) = header.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut specs = Vec::new();
    // Empty list elements are to be ignored (RFC 9110 section 5.6.1.2).
    for element in set.split(',').map(str::trim).filter(|element| !element.is_empty()) {
        if specs.len() == most {
            return None;
        }
        specs.push(Spec::parse(element)?);
    }
    (!specs.is_empty()).then_some(specs)
}

/// Digits only; a number too large for any file saturates rather than failing.
fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one part is a case like any other")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resolve(header: &str, length: u64) -> Ranges {
        Ranges::resolve(header, length, 4)
    }

    #[test]
    fn the_examples_of_the_rfc() {
        // RFC 9110 section 14.1.2: a representation of 10000 bytes.
        for (header, expected) in [
            ("bytes=0-499", vec![0..500]),
            ("bytes=500-999", vec![500..1000]),
            ("bytes=-500", vec![9500..10000]),
            ("bytes=9500-", vec![9500..10000]),
            ("bytes=0-0,-1", vec![0..1, 9999..10000]),
            ("bytes= 0-999, 4500-5499, -1000", vec![0..1000, 4500..5500, 9000..10000]),
            ("bytes=500-600,601-999", vec![500..601, 601..1000]),
            ("bytes=500-700,601-999", vec![500..701, 601..1000]),
        ] {
            assert_eq!(resolve(header, 10000), Ranges::Parts(expected), "{header}");
        }
    }

    #[test]
    fn outside_the_file() {
        assert_eq!(resolve("bytes=10-", 10), Ranges::Unsatisfiable);
        assert_eq!(resolve("bytes=-0", 10), Ranges::Unsatisfiable);
        assert_eq!(resolve("bytes=0-", 0), Ranges::Unsatisfiable);
        assert_eq!(resolve("bytes=-5", 0), Ranges::Whole);
        assert_eq!(resolve("bytes=20-30,0-1", 10), Ranges::Parts(vec![0..2]));
        assert_eq!(resolve("bytes=5-99999999999999999999999", 10), Ranges::Parts(vec![5..10]));
        assert_eq!(resolve("bytes=-50", 10), Ranges::Parts(vec![0..10]));
    }

    #[test]
    fn what_is_not_understood_or_excessive_is_ignored() {
        for header in [
            "lines=1-2",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=5-4",
            "bytes=a-b",
            "bytes=1",
            "bytes=+1-2",
            "bytes=0-1,x",
            "bytes=--1",
            "bytes=0-0,1-1,2-2,3-3,4-4",
            "bytes=0-,0-",
            "bytes=0-9,-1",
        ] {
            assert_eq!(resolve(header, 10), Ranges::Whole, "{header}");
        }
    }

    proptest! {
        #[test]
        fn parts_lie_inside_the_file_and_are_not_more_than_it(
            header in "bytes=[0-9, -]{0,30}", length in 0u64..200
        ) {
            if let Ranges::Parts(parts) = resolve(&header, length) {
                prop_assert!(!parts.is_empty() && parts.len() <= 4);
                prop_assert!(parts.iter().all(|part| part.start < part.end && part.end <= length));
                prop_assert!(parts.iter().map(|part| part.end - part.start).sum::<u64>() <= length);
            }
        }

        #[test]
        fn a_good_range_is_found(first in 0u64..1000, more in 0u64..1000, length in 1u64..1000) {
            let found = resolve(&format!("bytes={first}-{}", first + more), length);
            let expected = if first < length {
                Ranges::Parts(vec![first..length.min(first + more + 1)])
            } else {
                Ranges::Unsatisfiable
            };
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn no_text_makes_it_panic(header in any::<String>(), length in any::<u64>()) {
            let _ = resolve(&header, length);
        }
    }
}
