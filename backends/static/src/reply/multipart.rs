//! `multipart/byteranges` (RFC 9110 section 14.6): several ranges in one answer.

use std::fs::File;
use std::ops::Range;

/// The parts of one file, each with the text that goes before it.
#[derive(Debug)]
pub struct Multipart {
    pub file: File,
    pub parts: Vec<Part>,
    /// The closing delimiter.
    pub end: String,
}

#[derive(Debug)]
pub struct Part {
    pub head: String,
    pub range: Range<u64>,
}

impl Multipart {
    /// `length` is that of the whole file, `media_type` that of each part.
    pub fn new(
        file: File,
        ranges: Vec<Range<u64>>,
        length: u64,
        media_type: &str,
        boundary: &str,
    ) -> Self {
        let part = |range: Range<u64>| Part {
            head: format!(
                "\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: {}\r\n\r\n",
                content_range(&range, length)
            ),
            range,
        };
        let parts = ranges.into_iter().map(part).collect();
        Self { file, parts, end: format!("\r\n--{boundary}--\r\n") }
    }

    pub(super) fn length(&self) -> u64 {
        let part = |part: &Part| part.head.len() as u64 + part.range.end - part.range.start;
        self.parts.iter().map(part).sum::<u64>() + self.end.len() as u64
    }
}

/// `bytes 0-499/1234`; `range` is not empty and excludes its end.
pub fn content_range(range: &Range<u64>, length: u64) -> String {
    format!("bytes {}-{}/{length}", range.start, range.end - 1)
}
