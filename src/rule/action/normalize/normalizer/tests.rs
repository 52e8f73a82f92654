//! The manual's own examples (section 4.4, `normalize-uri`).

use super::Normalizer;

fn apply(normalizer: Normalizer, part: &str) -> Option<String> {
    normalizer.apply(part.as_bytes()).map(|out| String::from_utf8(out).unwrap())
}

#[test]
fn the_examples_of_the_manual() {
    let (full, strict) = (false, false);
    for (normalizer, before, after) in [
        (Normalizer::FragmentEncode, "/#foo", "/%23foo"),
        (Normalizer::FragmentStrip, "/#foo", "/"),
        (Normalizer::StripDot, "/.", "/"),
        (Normalizer::StripDot, "/./bar/", "/bar/"),
        (Normalizer::StripDot, "/.well-known/", "/.well-known/"),
        (Normalizer::StripDotDot { full }, "/foo/bar/../", "/foo/"),
        (Normalizer::StripDotDot { full }, "/bar/../../", "/../"),
        (Normalizer::StripDotDot { full: true }, "/bar/../../", "/"),
        (Normalizer::MergeSlashes, "/foo//bar", "/foo/bar"),
        (Normalizer::DecodeUnreserved { strict }, "/%%36%36", "/%66"),
        (Normalizer::Uppercase { strict }, "/%6f", "/%6F"),
        (Normalizer::Uppercase { strict }, "/%zz", "/%zz"),
        (Normalizer::SortQuery, "a=3&b=4&a=1&b=5&a=2", "a=3&a=1&a=2&b=4&b=5"),
    ] {
        assert_eq!(apply(normalizer, before).as_deref(), Some(after), "{normalizer:?} {before}");
    }
}

#[test]
fn strictness_refuses_what_is_no_escape() {
    for part in ["/%ZZ", "/%%36%36", "/%6", "/%"] {
        assert_eq!(apply(Normalizer::Uppercase { strict: true }, part), None, "{part}");
        assert_eq!(apply(Normalizer::DecodeUnreserved { strict: true }, part), None, "{part}");
    }
}

/// As HAProxy 3.4 does with `option accept-unsafe-violations-in-http-request`.
#[test]
fn fragments_behind_queries_and_fragments() {
    for (normalizer, before, after) in [
        (Normalizer::FragmentEncode, "/a?b#c", "/a?b%23c"),
        (Normalizer::FragmentEncode, "/a#b#c", "/a%23b%23c"),
        (Normalizer::FragmentStrip, "/a?b#c", "/a?b"),
        (Normalizer::FragmentStrip, "/a#b#c", "/a"),
    ] {
        assert_eq!(apply(normalizer, before).as_deref(), Some(after), "{normalizer:?} {before}");
    }
}
