//! The written configuration: sections of lines of words, each with its place. It knows which
//! words open a section and nothing else about their meaning.

#![forbid(unsafe_code)]

mod addresses;
mod files;
mod reader;
mod setenv;
mod variables;

use std::path::PathBuf;

use self::reader::Reader;
use crate::syntax::diagnostic::Report;
use crate::syntax::environment::Environment;
use crate::syntax::word::Word;

/// One file that was read.
#[derive(Clone, Debug, Default)]
pub struct SourceFile {
    /// The path as it was given.
    pub name: String,
    /// The lines without their line feed, as [`text`](crate::syntax::text) holds bytes.
    pub lines: Vec<String>,
}

/// Everything that was read, in order.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub files: Vec<SourceFile>,
    pub sections: Vec<Section>,
    /// A file or a directory could not be read, which was reported.
    pub unreadable: bool,
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
    ///
    /// `setenv` and its kin change `environment` on the way. As in HAProxy this holds for the
    /// lines above them too: they are carried out once before anything else is read. They stay in
    /// the document, their arguments are checked.
    pub fn read(paths: &[PathBuf], environment: &mut Environment, report: &mut Report) -> Self {
        let files = files::load(paths, report);
        let unreadable = report.iter().any(|each| each.span.is_none());
        Self { unreadable, ..Self::from_files(files, environment, report) }
    }

    /// Reads one text as if it were a file called `name`.
    pub fn parse(
        name: &str,
        text: impl AsRef<[u8]>,
        environment: &mut Environment,
        report: &mut Report,
    ) -> Self {
        let file = files::split(name.to_owned(), text.as_ref());
        Self::from_files(vec![file], environment, report)
    }

    fn from_files(
        files: Vec<SourceFile>,
        environment: &mut Environment,
        report: &mut Report,
    ) -> Self {
        variables::set(environment, &files);
        if files.iter().any(setenv::occurs_in) {
            Reader::new(environment, &mut Report::default()).read(&files);
        }
        let sections = Reader::new(environment, report).read(&files);
        Self { files, sections, unreadable: false }
    }
}

/// The words that open a section.
pub const SECTIONS: &[&str] = &[
    "acme",
    "backend",
    "cache",
    "crt-store",
    "defaults",
    "fcgi-app",
    "frontend",
    "global",
    "healthcheck",
    "http-errors",
    "listen",
    "log-forward",
    "log-profile",
    "mailers",
    "namespace_list",
    "peers",
    "resolvers",
    "ring",
    "traces",
    "userlist",
];

#[cfg(test)]
mod tests;
