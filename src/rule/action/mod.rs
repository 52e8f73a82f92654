//! Actions of rules (manual, section 4.3), one file per subject.

mod answer;
mod auth;
mod capture;
mod header;
mod redirect;
mod settle;
mod track;
mod uri;
mod variable;

use std::fmt::Debug;

pub use answer::Answer;

use super::ruleset::Flow;
use crate::exchange::Stream;
use crate::sample::Context;
pub use crate::sample::Stage;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::registry::Entry;
use crate::syntax::word::Word;

/// What a rule does.
pub trait Action: Debug + Send + Sync {
    fn run(&self, stream: &mut Stream<'_>) -> Flow;
}

/// An action's entry in the registry.
#[derive(Debug)]
pub struct Keyword {
    /// A name that ends in a number is given without it: `track-sc`.
    pub name: &'static str,
    pub stages: &'static [Stage],
    pub documentation: &'static str,
    pub example: &'static str,
    /// Parses the words after the action's name, up to `if` or `unless`.
    pub parse: Parse,
}

/// Takes the action's own word, the words after it and where it stands.
pub type Parse = fn(&Word, &[Word], &Context<'_>) -> Result<Box<dyn Action>, Diagnostic>;

/// All actions, by subject.
pub fn keywords() -> impl Iterator<Item = &'static Keyword> {
    SUBJECTS.iter().flat_map(|subject| subject.iter())
}

impl Entry for Keyword {
    fn name(&self) -> &'static str {
        self.name
    }
    fn documentation(&self) -> &'static str {
        self.documentation
    }
}

/// The message that header actions work on at this moment.
fn message<'s>(stage: Stage, stream: &'s mut Stream<'_>) -> &'s mut crate::exchange::Message {
    match stage {
        Stage::HttpResponse | Stage::HttpAfterResponse => &mut stream.response,
        _ => &mut stream.request,
    }
}

/// The words of an action that takes exactly `N`.
fn exactly<'w, const N: usize>(
    name: &Word,
    words: &'w [Word],
    shape: &str,
) -> Result<&'w [Word; N], Diagnostic> {
    words.try_into().map_err(|_| {
        let at = words.get(N).unwrap_or(name);
        Diagnostic::alert(at.span, format!("'{}' expects {shape}", name.text))
    })
}

/// A log-format string in a word.
fn format(word: &Word, context: &Context<'_>) -> Result<crate::sample::Format, Diagnostic> {
    crate::sample::Format::parse(&word.text, context)
        .map_err(|error| Diagnostic::alert(word.span, error))
}

const SUBJECTS: &[&[Keyword]] = &[
    header::KEYWORDS,
    uri::KEYWORDS,
    answer::KEYWORDS,
    auth::KEYWORDS,
    redirect::KEYWORDS,
    settle::KEYWORDS,
    variable::KEYWORDS,
    capture::KEYWORDS,
    track::KEYWORDS,
];
