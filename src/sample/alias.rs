//! Log-format aliases (manual, section 8.2.6), one file per subject, and how they are found.

mod address;
mod count;
mod date;
mod name;
mod request;
mod state;
mod style;
mod timer;

use std::fmt;

pub(super) use style::Style;

use crate::exchange::Stream;
use crate::syntax::suggest;

/// An alias such as `%ci`.
pub(super) struct Alias {
    pub(super) name: &'static str,
    documentation: &'static str,
    run: fn(&Stream<'_>, Style, &mut Vec<u8>),
}

impl Alias {
    /// The alias that `text` begins with, and what follows it. A name ends where letters and
    /// digits do.
    ///
    /// # Errors
    /// One sentence: there is no such alias, or it is not supported yet.
    pub(super) fn at_start(text: &str) -> Result<(&'static Self, &str), String> {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if name.is_empty() {
            return Err("a '%' must be followed by an alias or an expression in brackets, \
                        '%%' gives a single one"
                .to_owned());
        }
        if NOT_SUPPORTED.contains(&name) {
            return Err(format!("log-format alias '%{name}' is not supported by evenkeel yet"));
        }
        match all().find(|alias| alias.name == name) {
            Some(alias) => Ok((alias, rest)),
            None => Err(unknown(name)),
        }
    }

    pub(super) fn write(&self, stream: &Stream<'_>, style: Style, out: &mut Vec<u8>) {
        (self.run)(stream, style, out);
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}: {}", self.name, self.documentation)
    }
}

fn all() -> impl Iterator<Item = &'static Alias> {
    SUBJECTS.iter().flat_map(|subject| subject.iter())
}

fn unknown(name: &str) -> String {
    let mut message = format!("no such format alias '{name}'");
    if let Some(near) = suggest::nearest(name, all().map(|alias| alias.name)) {
        message.push_str(&format!(", did you mean '{near}'?"));
    }
    message + ". If you wanted to emit the '%' character verbatim, you need to use '%%'"
}

const SUBJECTS: &[&[Alias]] = &[
    date::KEYWORDS,
    timer::KEYWORDS,
    address::KEYWORDS,
    name::KEYWORDS,
    request::KEYWORDS,
    state::KEYWORDS,
    count::KEYWORDS,
];

/// Aliases of the manual for which there are no facts.
const NOT_SUPPORTED: &[&str] = &["OG", "sslc", "sslv"];

#[cfg(test)]
mod tests;
