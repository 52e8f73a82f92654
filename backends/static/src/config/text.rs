//! Header names and values that are safe to put on the wire (RFC 9110 section 5).

use serde::Deserialize;

/// A header name that the server does not write by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct HeaderName(String);

/// A header value: visible ASCII, spaces and tabs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HeaderText(String);

impl HeaderName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl HeaderText {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for HeaderName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(format!("'{name}' is not a header name"));
        }
        if OWN.iter().any(|own| own.eq_ignore_ascii_case(&name)) {
            return Err(format!("the server writes '{name}' itself"));
        }
        Ok(Self(name))
    }
}

impl TryFrom<String> for HeaderText {
    type Error = String;

    fn try_from(value: String) -> Result<Self, String> {
        if !value.bytes().all(|b| (b' '..=b'~').contains(&b) || b == b'\t') {
            return Err("a header value may not hold control or non-ASCII characters".into());
        }
        Ok(Self(value.trim().into()))
    }
}

/// Headers whose value follows from the answer; a second one would contradict it.
const OWN: [&str; 17] = [
    "Accept-Ranges",
    "Allow",
    "Cache-Control",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Keep-Alive",
    "Last-Modified",
    "Location",
    "Server",
    "Trailer",
    "Transfer-Encoding",
    "Vary",
];
