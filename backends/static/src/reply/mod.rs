//! What is sent back: decided without I/O on the connection, sent by [`crate::serve`].

mod fields;
mod head;
pub mod multipart;
mod status;

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;

pub use fields::FieldLines;
pub use head::{Closing, write_head};
pub use multipart::Multipart;
pub use status::reason_phrase;

/// A complete answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub fields: FieldLines,
    /// For HEAD the body that GET would have had; it is counted but not sent.
    pub body: Body,
}

#[derive(Debug)]
pub enum Body {
    /// No body by the nature of the status (204, 304), so no `Content-Length` either.
    Never,
    Text(Cow<'static, str>),
    File {
        file: File,
        range: Range<u64>,
    },
    Multipart(Multipart),
}

impl Reply {
    pub fn new(status: u16, body: Body) -> Self {
        Self { status, fields: FieldLines::default(), body }
    }

    /// Plain text that no cache should keep.
    pub fn text(status: u16, text: &'static str) -> Self {
        let mut reply = Self::new(status, Body::Text(text.into()));
        reply.fields.add("Content-Type", "text/plain; charset=utf-8");
        reply.fields.add("Cache-Control", "no-store");
        reply
    }
}

impl Body {
    /// Bytes in the body, `None` where the status has none.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Never => None,
            Self::Text(text) => Some(text.len() as u64),
            Self::File { range, .. } => Some(range.end - range.start),
            Self::Multipart(parts) => Some(parts.length()),
        }
    }
}
