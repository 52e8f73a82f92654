//! The normalizers of `normalize-uri` (manual, section 4.4), from bytes to bytes.

/// What is made uniform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Normalizer {
    FragmentEncode,
    FragmentStrip,
    MergeSlashes,
    StripDot,
    StripDotDot { full: bool },
    DecodeUnreserved { strict: bool },
    Uppercase { strict: bool },
    SortQuery,
}

/// The part of a target that a normalizer works on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Path,
    Query,
    Both,
}

impl Normalizer {
    pub(super) fn part(self) -> Part {
        match self {
            Self::MergeSlashes | Self::StripDot | Self::StripDotDot { .. } => Part::Path,
            Self::SortQuery => Part::Query,
            _ => Part::Both,
        }
    }

    /// The normalized part; `None` if it is not valid and validity was asked for.
    pub(super) fn apply(self, part: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::FragmentEncode => Some(encode_fragment(part)),
            Self::FragmentStrip => {
                let end = memchr::memchr(b'#', part).unwrap_or(part.len());
                Some(part[..end].to_vec())
            }
            Self::MergeSlashes => Some(merge_slashes(part)),
            Self::StripDot => Some(resolve(part, strip_dot)),
            Self::StripDotDot { full } => {
                Some(resolve(part, |segments| strip_dot_dot(segments, full)))
            }
            Self::DecodeUnreserved { strict } => {
                escapes(part, strict, |out, escape, byte| match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                        out.push(byte);
                    }
                    _ => out.extend_from_slice(escape),
                })
            }
            Self::Uppercase { strict } => escapes(part, strict, |out, escape, _| {
                out.extend(escape.iter().map(u8::to_ascii_uppercase));
            }),
            Self::SortQuery => Some(sort_query(part)),
        }
    }
}

fn encode_fragment(part: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(part.len() + 2);
    for (at, piece) in part.split(|byte| *byte == b'#').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"%23");
        }
        out.extend_from_slice(piece);
    }
    out
}

fn merge_slashes(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    for byte in path {
        if *byte != b'/' || out.last() != Some(&b'/') {
            out.push(*byte);
        }
    }
    out
}

/// Changes the segments of a path that begins with a slash; what stays is joined again.
fn resolve<'p>(path: &'p [u8], change: impl Fn(Vec<&'p [u8]>) -> Vec<&'p [u8]>) -> Vec<u8> {
    let Some(inside) = path.strip_prefix(b"/") else { return path.to_vec() };
    let segments = change(inside.split(|byte| *byte == b'/').collect());
    let mut out = Vec::with_capacity(path.len() + 1);
    for segment in &segments {
        out.push(b'/');
        out.extend_from_slice(segment);
    }
    if segments.is_empty() {
        out.push(b'/');
    }
    out
}

fn strip_dot(segments: Vec<&[u8]>) -> Vec<&[u8]> {
    let is_directory = segments.last().is_some_and(|last| *last == b".");
    let mut left: Vec<&[u8]> = segments.into_iter().filter(|segment| *segment != b".").collect();
    if is_directory {
        left.push(b"");
    }
    left
}

fn strip_dot_dot(segments: Vec<&[u8]>, full: bool) -> Vec<&[u8]> {
    let is_directory = segments.last().is_some_and(|last| *last == b"..");
    let mut left: Vec<&[u8]> = Vec::with_capacity(segments.len() + 1);
    for segment in segments {
        if segment != b".." {
            left.push(segment);
        } else if left.last().is_some_and(|parent| *parent != b"..") {
            left.pop();
        } else if !full {
            left.push(segment);
        }
    }
    if is_directory {
        left.push(b"");
    }
    left
}

/// Hands every `%XX` with its value to `write`, and copies everything else. `None` if `strict` and
/// a percent sign begins no such escape.
fn escapes(part: &[u8], strict: bool, write: impl Fn(&mut Vec<u8>, &[u8], u8)) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some(at) = memchr::memchr(b'%', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        match value(rest) {
            Some(byte) => {
                write(&mut out, &rest[..3], byte);
                rest = &rest[3..];
            }
            None if strict => return None,
            None => {
                out.push(b'%');
                rest = &rest[1..];
            }
        }
    }
    out.extend_from_slice(rest);
    Some(out)
}

/// The byte that an escape at the beginning stands for.
fn value(escape: &[u8]) -> Option<u8> {
    let digit = |at: usize| escape.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    Some((digit(1)? * 16 + digit(2)?) as u8)
}

/// An empty parameter behind the last delimiter is none.
fn sort_query(query: &[u8]) -> Vec<u8> {
    let query = query.strip_suffix(b"&").unwrap_or(query);
    let mut parameters: Vec<&[u8]> = query.split(|byte| *byte == b'&').collect();
    parameters.sort_by_key(|parameter| {
        let end = memchr::memchr(b'=', parameter).unwrap_or(parameter.len());
        &parameter[..end]
    });
    parameters.join(&b'&')
}

#[cfg(test)]
mod tests;
