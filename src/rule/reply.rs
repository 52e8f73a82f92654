//! An answer that the proxy makes by itself.

use bytes::Bytes;

/// A complete response, without what depends on the client's connection.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub status: u16,
    /// Names and values in order, without `content-length` and `connection`.
    pub fields: Vec<ReplyField>,
    /// How many of `fields` stand before `content-length`.
    pub length_at: usize,
    /// Shared with the configuration where it is constant.
    pub body: Bytes,
    /// The error page of this status replaces fields and body (manual, `errorfile`).
    pub error_page: bool,
    /// A complete HTTP/1 answer that takes the place of everything else.
    pub raw: Option<Bytes>,
}

/// Name and value.
pub type ReplyField = (Box<[u8]>, Box<[u8]>);

impl Reply {
    /// The error page of `status`.
    #[must_use]
    pub fn error(status: u16) -> Self {
        Self { status, error_page: true, ..Self::default() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.fields.push((name.as_bytes().into(), value.into().into()));
        self
    }
}
