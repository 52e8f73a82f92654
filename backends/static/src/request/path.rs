//! From a URL path to a path inside the site. The only place that decodes percent escapes, so that
//! it happens once; what comes out cannot name anything outside the root.

use std::fmt::Write;

/// A decoded path relative to the root: `/a/b%20c/` is `a/b c` and a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePath {
    /// Segments joined by `/`, without a leading or trailing one; empty for the root. No segment is
    /// empty, `.` or `..`, or holds `/` or NUL; none is hidden.
    pub relative: Vec<u8>,
    /// Whether the URL ended in `/`.
    pub directory: bool,
    /// False when the URL has a shorter spelling (`//`, `/./`), to which it should be redirected:
    /// two URLs for one file would let one of them slip past a rule about the other.
    pub canonical: bool,
}

/// Why a path cannot name a file of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// Broken escape, NUL, or a `..` segment: no honest client sends them. Browsers resolve `..`
    /// themselves, so one that arrives is there to get past somebody.
    Malformed,
    /// An escaped `/`, or a segment that begins with a dot.
    Refused,
}

impl SitePath {
    /// Understands the path of a URL, which begins with `/`.
    pub fn parse(url_path: &str) -> Result<Self, PathError> {
        let mut segments = url_path.split('/');
        if segments.next() != Some("") {
            return Err(PathError::Malformed);
        }
        let mut path = Self { relative: Vec::new(), directory: true, canonical: true };
        let mut segments = segments.peekable();
        while let Some(segment) = segments.next() {
            path.push(segment, segments.peek().is_none())?;
        }
        Ok(path)
    }

    /// The URL path under which this is found, with `/` behind it when `directory`.
    pub fn to_url(&self, directory: bool) -> String {
        let mut url = String::with_capacity(self.relative.len() + 2);
        url.push('/');
        for &byte in &self.relative {
            encode_into(&mut url, byte);
        }
        if directory && !self.relative.is_empty() {
            url.push('/');
        }
        url
    }

    /// The same path with a file name behind it.
    pub fn joined(&self, name: &str) -> Vec<u8> {
        let mut path = self.relative.clone();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name.as_bytes());
        path
    }

    /// What stands behind the last dot of the last segment.
    pub fn extension(relative: &[u8]) -> &str {
        let name = relative.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let dot = name.iter().rposition(|b| *b == b'.');
        dot.and_then(|dot| std::str::from_utf8(&name[dot + 1..]).ok()).unwrap_or_default()
    }

    fn push(&mut self, encoded: &str, last: bool) -> Result<(), PathError> {
        let start = self.relative.len();
        if start > 0 {
            self.relative.push(b'/');
        }
        let name = self.relative.len();
        decode_into(&mut self.relative, encoded)?;
        self.directory = false;
        match &self.relative[name..] {
            b"" | b"." => {
                self.canonical &= last && encoded.is_empty();
                self.directory = true;
                self.relative.truncate(start);
            }
            b".." => return Err(PathError::Malformed),
            // RFC 8615: the one dotted name that is meant for the public.
            b".well-known" if name == 0 => {}
            [b'.', ..] => return Err(PathError::Refused),
            _ => {}
        }
        Ok(())
    }
}

fn decode_into(out: &mut Vec<u8>, encoded: &str) -> Result<(), PathError> {
    let mut bytes = encoded.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let high = hex(bytes.next()).ok_or(PathError::Malformed)?;
                high << 4 | hex(bytes.next()).ok_or(PathError::Malformed)?
            }
            plain => plain,
        };
        match byte {
            0 => return Err(PathError::Malformed),
            b'/' => return Err(PathError::Refused),
            byte => out.push(byte),
        }
    }
    Ok(())
}

fn hex(digit: Option<u8>) -> Option<u8> {
    char::from(digit?).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Leaves what RFC 3986 section 3.3 allows in a path and escapes the rest.
pub fn encode_into(out: &mut String, byte: u8) {
    if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
        out.push(char::from(byte));
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_paths() {
        let path = SitePath::parse("/a/b%20c.html").unwrap();
        assert_eq!(path.relative, b"a/b c.html");
        assert!(!path.directory && path.canonical);
        assert_eq!(SitePath::extension(&path.relative), "html");
        let root = SitePath::parse("/").unwrap();
        assert!(root.relative.is_empty() && root.directory && root.canonical);
        assert!(SitePath::parse("/a/").unwrap().directory);
    }

    #[test]
    fn escapes_are_decoded_once() {
        assert_eq!(SitePath::parse("/%2541").unwrap().relative, b"%41");
        assert_eq!(SitePath::parse("/%252e%252e/x").unwrap().relative, b"%2e%2e/x");
    }

    #[test]
    fn ways_out_are_closed() {
        for bad in ["/..", "/a/../b", "/%2e%2e/x", "/.%2E/", "/a%00", "/%", "/%4", "/%zz", "a"] {
            assert_eq!(SitePath::parse(bad), Err(PathError::Malformed), "{bad}");
        }
        for refused in ["/a%2fb", "/..%2f..%2fetc", "/.git/config", "/a/.env", "/%2ehidden", "/..."]
        {
            assert_eq!(SitePath::parse(refused), Err(PathError::Refused), "{refused}");
        }
        SitePath::parse("/.well-known/security.txt").unwrap();
        assert_eq!(SitePath::parse("/a/.well-known/x"), Err(PathError::Refused));
    }

    #[test]
    fn other_spellings_are_noticed() {
        for (url, canonical) in [("//a", "/a"), ("/a//b/", "/a/b/"), ("/./a", "/a"), ("//", "/")] {
            let path = SitePath::parse(url).unwrap();
            assert!(!path.canonical, "{url}");
            assert_eq!(path.to_url(path.directory), canonical);
        }
        let evil = SitePath::parse("//evil.example/").unwrap();
        assert_eq!(evil.to_url(true), "/evil.example/");
    }

    proptest! {
        #[test]
        fn what_comes_out_stays_inside(url in "/([a.%/]|%2[eEfF]|%00|[ -~]){0,24}") {
            if let Ok(path) = SitePath::parse(&url) {
                prop_assert!(!path.relative.contains(&0));
                if !path.relative.is_empty() {
                    for segment in path.relative.split(|b| *b == b'/') {
                        prop_assert!(!matches!(segment, b"" | b"." | b".."));
                    }
                }
            }
        }

        #[test]
        fn any_name_survives_its_url(name in proptest::collection::vec(1u8..=255, 1..20)) {
            prop_assume!(name[0] != b'.' && !name.contains(&b'/'));
            let path = SitePath { relative: name, directory: false, canonical: true };
            prop_assert_eq!(SitePath::parse(&path.to_url(false)), Ok(path));
        }
    }
}
