//! Header lines of one answer, kept as the bytes that will be sent.

use std::fmt::{self, Write};

/// `Name: value` lines with their ends.
#[derive(Debug, Default)]
pub struct FieldLines(String);

impl FieldLines {
    /// `value` must not hold a line end: it is our own text, or was checked when configured.
    pub fn add(&mut self, name: &str, value: impl fmt::Display) {
        let start = self.0.len();
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{name}: {value}\r\n");
        debug_assert!(!self.0[start..self.0.len() - 2].contains(['\r', '\n']));
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
