//! The written configuration: sections of lines of words, each with its place. It knows which
//! words open a section and nothing else about their meaning.

use std::path::PathBuf;

use crate::syntax::diagnostic::Report;
use crate::syntax::environment::Environment;
use crate::syntax::word::Word;

/// One file that was read.
#[derive(Clone, Debug, Default)]
pub struct SourceFile {
    /// The path as it was given.
    pub name: String,
    /// The lines without their line feed; a byte that is not UTF-8 shows as U+FFFD.
    pub lines: Vec<String>,
}

/// Everything that was read, in order.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub files: Vec<SourceFile>,
    pub sections: Vec<Section>,
}

/// A section: its header line and the lines up to the next section or the end of the file.
#[derive(Clone, Debug)]
pub struct Section {
    /// The header line; `words[0]` is the keyword, one of [`SECTIONS`].
    pub words: Vec<Word>,
    pub lines: Vec<Line>,
}

impl Section {
    /// The word that opened the section.
    #[must_use]
    pub fn keyword(&self) -> &Word {
        &self.words[0]
    }

    #[must_use]
    pub fn name(&self) -> Option<&Word> {
        self.words.get(1)
    }
}

/// A statement. `words` is never empty.
#[derive(Clone, Debug)]
pub struct Line {
    pub words: Vec<Word>,
}

impl Document {
    /// Reads the files of `-f` and `--`, in order; a directory stands for its `*.cfg` files in
    /// lexical order. Every mistake goes to `report`; what could be read is returned.
    pub fn read(_paths: &[PathBuf], _environment: &mut Environment, _report: &mut Report) -> Self {
        Self::default()
    }

    /// Reads one text as if it were a file called `name`.
    pub fn parse(
        _name: &str,
        _text: &str,
        _environment: &mut Environment,
        _report: &mut Report,
    ) -> Self {
        Self::default()
    }
}

/// The words that open a section.
pub const SECTIONS: &[&str] = &[
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "userlist",
    "peers",
    "resolvers",
    "mailers",
    "cache",
    "http-errors",
    "ring",
    "log-forward",
    "log-profile",
    "fcgi-app",
    "crt-store",
    "acme",
    "traces",
    "program",
];
