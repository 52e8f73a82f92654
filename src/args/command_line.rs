//! The words of the command line that follow a flag.

use std::ffi::OsString;
use std::iter::Peekable;
use std::path::PathBuf;
use std::vec::IntoIter;

pub(super) struct CommandLine {
    pub(super) words: Peekable<IntoIter<OsString>>,
}

impl CommandLine {
    /// The next word, whatever it looks like.
    pub(super) fn path(&mut self) -> Result<PathBuf, String> {
        self.words.next().map(PathBuf::from).ok_or_else(|| MISSING.to_owned())
    }

    pub(super) fn text(&mut self) -> Result<String, String> {
        let word = self.words.next().ok_or(MISSING)?;
        word.into_string().map_err(|word| format!("'{}' is not UTF-8", word.display()))
    }

    pub(super) fn number(&mut self) -> Result<u64, String> {
        let text = self.text()?;
        text.parse().map_err(|_| format!("'{text}' is not a number"))
    }

    /// The next word if it is no flag.
    pub(super) fn optional(&mut self) -> Option<String> {
        let word = self.words.next_if(|word| !word.as_encoded_bytes().starts_with(b"-"))?;
        Some(word.to_string_lossy().into_owned())
    }

    /// The words up to the next flag, each a pid.
    pub(super) fn pids(&mut self) -> Result<Vec<i32>, String> {
        let mut pids = Vec::new();
        while let Some(word) = self.optional() {
            let pid = word.trim().parse().ok().filter(|&pid| pid > 0);
            pids.push(pid.ok_or_else(|| format!("'{word}' is not a pid"))?);
        }
        Ok(pids)
    }
}

const MISSING: &str = "an argument is missing";
