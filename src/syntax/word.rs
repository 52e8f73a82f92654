//! One word of a configuration line, with the place it came from.

use std::fmt;
use std::ops::Deref;

use super::span::Span;

/// A word after quotes, escapes and environment variables were resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// The word as written, quotes included.
    pub span: Span,
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
