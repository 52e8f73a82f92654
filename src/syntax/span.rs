//! Where a piece of text stands in the configuration files, so that every later stage can point
//! at the word it complains about.

/// A place in a configuration file: a range of byte columns within one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// Index into [`Document::files`](crate::config::document::Document::files).
    pub file: u16,
    /// Line number, starting at one.
    pub line: u32,
    /// First byte column of the word in the line as it is kept in its source file.
    pub start: u32,
    /// Byte column just behind the word.
    pub end: u32,
}
