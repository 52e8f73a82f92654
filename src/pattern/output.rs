//! What a list gives for a match: nothing, or a value of a type.

use std::net::IpAddr;

use super::entry::Entry;

/// What is wanted of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Only whether there is one.
    Nothing,
    Str,
    Int,
    Ip,
    /// The key as it is written.
    Key,
}

/// A value that is no string.
#[derive(Clone, Copy, Debug)]
pub enum Typed {
    Int(i64),
    Ip(IpAddr),
}

impl Output {
    /// The entry's value, if it is not to be a string.
    ///
    /// # Errors
    /// HAProxy's sentence, without its full stop.
    pub(super) fn read(self, entry: &Entry) -> Result<Option<Typed>, String> {
        let text = String::from_utf8_lossy(entry.value());
        let typed = match self {
            Self::Nothing | Self::Str | Self::Key => return Ok(None),
            Self::Int => text.parse().ok().map(Typed::Int),
            Self::Ip => text.parse().ok().map(Typed::Ip),
        };
        typed.map(Some).ok_or_else(|| format!("unable to parse '{text}'"))
    }
}
