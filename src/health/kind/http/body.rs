//! Where the body of an answer ends (RFC 9112, section 6.3), and what is in it.

use std::borrow::Cow;

/// How the body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Length(usize),
    Chunked,
    UntilClose,
}

/// Whether more is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    More,
    Complete,
}

impl Body {
    pub(super) fn announced_by(status: u16, fields: &[httparse::Header<'_>]) -> Self {
        if status < 200 || matches!(status, 204 | 304) {
            return Self::Length(0);
        }
        let value = |name: &str| {
            let field = fields.iter().rev().find(|field| field.name.eq_ignore_ascii_case(name))?;
            std::str::from_utf8(field.value).ok().map(str::trim)
        };
        if value("transfer-encoding").is_some_and(|v| v.to_ascii_lowercase().ends_with("chunked")) {
            return Self::Chunked;
        }
        match value("content-length").and_then(|value| value.parse().ok()) {
            Some(length) => Self::Length(length),
            None => Self::UntilClose,
        }
    }

    /// The content in what was received after the head.
    pub(super) fn content(self, received: &[u8]) -> (Cow<'_, [u8]>, Progress) {
        match self {
            Self::Length(length) if length <= received.len() => {
                (Cow::Borrowed(&received[..length]), Progress::Complete)
            }
            Self::Length(_) | Self::UntilClose => (Cow::Borrowed(received), Progress::More),
            Self::Chunked => {
                let (content, progress) = without_chunks(received);
                (Cow::Owned(content), progress)
            }
        }
    }
}

/// Takes the chunks' lines out. An answer that breaks the format holds nothing more.
fn without_chunks(mut rest: &[u8]) -> (Vec<u8>, Progress) {
    let mut content = Vec::new();
    loop {
        match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete((start, size))) if size > 0 => {
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                let end = start.saturating_add(size);
                content.extend_from_slice(&rest[start..end.min(rest.len())]);
                match rest.get(end.saturating_add(CRLF)..) {
                    Some(next) => rest = next,
                    None => return (content, Progress::More),
                }
            }
            Ok(httparse::Status::Partial) => return (content, Progress::More),
            Ok(httparse::Status::Complete(_)) | Err(_) => return (content, Progress::Complete),
        }
    }
}

/// Behind each chunk.
const CRLF: usize = 2;
