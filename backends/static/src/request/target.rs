//! The forms a request target may take (RFC 9112 section 3.2).

use super::{Method, Refusal, host, refusal};

/// What a request asks for. `path` begins with `/` and is still percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    Path {
        path: &'a str,
        query: Option<&'a str>,
    },
    /// `OPTIONS *`: the server as a whole.
    Server,
    /// The form of a method this server does not have, such as `CONNECT host:port`.
    Foreign,
}

impl<'a> Target<'a> {
    pub(super) fn parse(uri: &'a str, method: Method) -> Result<Self, Refusal> {
        const BAD: Refusal = refusal(400, "malformed request target");
        if !uri.bytes().all(|b| (b'!'..=b'~').contains(&b) && b != b'#') {
            return Err(BAD);
        }
        if uri.starts_with('/') {
            return Ok(Self::of_path(uri));
        }
        match (method, without_scheme(uri)) {
            (Method::Options, None) if uri == "*" => Ok(Self::Server),
            (_, Some(rest)) => Self::absolute(rest).ok_or(BAD),
            (Method::Other, None) => Ok(Self::Foreign),
            (_, None) => Err(BAD),
        }
    }

    /// `rest` is what follows `http://`; a server must understand it although only proxies see it.
    fn absolute(rest: &'a str) -> Option<Self> {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.is_empty() || !host::valid(authority) {
            return None;
        }
        Some(match path.strip_prefix('?') {
            Some(query) => Self::Path { path: "/", query: Some(query) },
            None if path.is_empty() => Self::Path { path: "/", query: None },
            None => Self::of_path(path),
        })
    }

    fn of_path(uri: &'a str) -> Self {
        match uri.split_once('?') {
            Some((path, query)) => Self::Path { path, query: Some(query) },
            None => Self::Path { path: uri, query: None },
        }
    }
}

fn without_scheme(uri: &str) -> Option<&str> {
    ["http://", "https://"].into_iter().find_map(|scheme| {
        let start = uri.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &uri[scheme.len()..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path<'a>(path: &'a str, query: Option<&'a str>) -> Result<Target<'a>, Refusal> {
        Ok(Target::Path { path, query })
    }

    #[test]
    fn all_four_forms() {
        let get = |uri| Target::parse(uri, Method::Get);
        assert_eq!(get("/a?b?c"), path("/a", Some("b?c")));
        assert_eq!(get("http://h:80/a"), path("/a", None));
        assert_eq!(get("HTTP://h?q"), path("/", Some("q")));
        assert_eq!(get("https://h"), path("/", None));
        assert_eq!(Target::parse("*", Method::Options), Ok(Target::Server));
        assert_eq!(Target::parse("h:443", Method::Other), Ok(Target::Foreign));
        for bad in ["*", "a", "", "http:///x", "http://u@h/", "/a#b", "/a\u{e9}", "ftp://h/"] {
            assert!(get(bad).is_err(), "{bad}");
        }
    }
}
