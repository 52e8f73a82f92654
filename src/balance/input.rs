//! What is hashed of a request (manual, `balance uri`, `url_param`, `hdr`, `hash`).

use std::borrow::Cow;

use crate::exchange::Stream;
use crate::proxy::{HashInput, UriPart};

/// The bytes to hash; `None` if the request has none, and the servers take turns.
pub(super) fn key<'s>(input: &'s HashInput, stream: &'s Stream<'_>) -> Option<Cow<'s, [u8]>> {
    match input {
        HashInput::Uri(part) => {
            let request = stream.request.is_present().then_some(&stream.request)?;
            let uri = if part.path_only { request.path_and_query() } else { request.target() };
            Some(Cow::Borrowed(cut(uri, *part)))
        }
        HashInput::Sample(expression) => {
            Some(expression.evaluate(stream)?.into_bytes()).filter(|key| !key.is_empty())
        }
        HashInput::Domain(expression) => Some(match expression.evaluate(stream)?.into_bytes() {
            Cow::Borrowed(host) => Cow::Borrowed(domain(host)),
            Cow::Owned(host) => Cow::Owned(domain(&host).to_vec()),
        }),
    }
}

/// The part of the URI that counts: up to its query, `len` bytes, `depth` directories.
fn cut(uri: &[u8], part: UriPart) -> &[u8] {
    let mut uri = &uri[..part.len.map_or(uri.len(), |len| uri.len().min(len as usize))];
    if !part.whole
        && let Some(at) = uri.iter().position(|byte| *byte == b'?')
    {
        uri = &uri[..at];
    }
    if let Some(depth) = part.depth {
        let mut slashes = uri.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        if let Some((at, _)) = slashes.nth(depth as usize) {
            uri = &uri[..at];
        }
    }
    uri
}

/// `use_domain_only`: the label before the last dot of a host name.
fn domain(host: &[u8]) -> &[u8] {
    let end = host.iter().rposition(|byte| *byte == b'.').unwrap_or(host.len());
    let start = host[..end].iter().rposition(|byte| *byte == b'.').map_or(0, |at| at + 1);
    &host[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which part it is was found with HAProxy 3.4, by the servers that `hash-type map-based crc32`
    /// led to.
    #[test]
    fn the_part_of_a_uri_that_counts() {
        let plain = UriPart::default();
        let len = |len| UriPart { len: Some(len), ..plain };
        let depth = |depth| UriPart { depth: Some(depth), ..plain };
        let whole = UriPart { whole: true, ..plain };
        let cases = [
            (plain, "/a/b/c?d", "/a/b/c"),
            (plain, "*", "*"),
            (plain, "http://h.example/a/b", "http://h.example/a/b"),
            (len(5), "/a/b/c?d", "/a/b/"),
            (len(5), "/a?x/y", "/a"),
            (len(5), "http://other/a", "http:"),
            (depth(1), "/a/b/c?d", "/a"),
            (depth(1), "/abcd/xyz", "/abcd"),
            (depth(1), "http://h.example/a", "http:/"),
            (depth(2), "/a/b/c?d", "/a/b"),
            (depth(2), "http://h.example/a/b", "http://h.example"),
            (whole, "/a/b/c?d", "/a/b/c?d"),
            (UriPart { depth: Some(2), ..len(12) }, "http://h.example/a", "http://h.exa"),
            (UriPart { whole: true, ..depth(1) }, "/a?x/y", "/a?x"),
        ];
        for (part, uri, counts) in cases {
            assert_eq!(cut(uri.as_bytes(), part), counts.as_bytes(), "{uri} {part:?}");
        }
    }

    #[test]
    fn the_label_before_the_last_dot() {
        let hosts = [
            ("www.example.com", "example"),
            ("example.org", "example"),
            ("a.b.example.com:8080", "example"),
            ("localhost", "localhost"),
            ("www.example.co.uk", "co"),
            ("1.2.3.4", "3"),
        ];
        for (host, label) in hosts {
            assert_eq!(domain(host.as_bytes()), label.as_bytes(), "{host}");
        }
    }
}
