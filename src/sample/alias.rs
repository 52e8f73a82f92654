//! Log-format aliases (manual, section 8.2.6) and how items are written.

use std::fmt;

use crate::exchange::Stream;

/// An alias such as `%ci`.
pub(super) struct Alias {
    pub(super) name: &'static str,
    pub(super) documentation: &'static str,
    run: fn(&Stream<'_>, Style, &mut Vec<u8>),
}

/// Flags in force for an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// `Q`: in double quotes.
    quoted: bool,
}

impl Alias {
    /// The alias with the longest name that `text` begins with, and what follows it.
    pub(super) fn longest_prefix(text: &str) -> Option<(&'static Self, &str)> {
        KEYWORDS
            .iter()
            .filter(|alias| text.starts_with(alias.name))
            .max_by_key(|alias| alias.name.len())
            .map(|alias| (alias, &text[alias.name.len()..]))
    }

    pub(super) fn write(&self, stream: &Stream<'_>, style: Style, out: &mut Vec<u8>) {
        (self.run)(stream, style, out);
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.name)
    }
}

impl Style {
    /// The style after `+Q,-X` and the like.
    pub(super) fn with(mut self, flags: &str) -> Result<Self, String> {
        for flag in flags.split(',') {
            match flag.trim() {
                "+Q" | "Q" => self.quoted = true,
                "-Q" => self.quoted = false,
                other => return Err(format!("unknown log-format flag '{other}'")),
            }
        }
        Ok(self)
    }

    /// Writes an item that was found, or what stands for one that was not.
    pub(super) fn write(self, out: &mut Vec<u8>, found: bool, item: impl FnOnce(&mut Vec<u8>)) {
        if self.quoted {
            out.push(b'"');
        }
        if found {
            item(out);
        }
        if self.quoted {
            out.push(b'"');
        }
    }
}

pub(super) const KEYWORDS: &[Alias] = &[];
