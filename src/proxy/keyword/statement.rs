//! One line of a section, as a keyword's parser sees it.

use crate::pattern::Acl;
use crate::rule::AclScope;
use crate::sample::{Context, Loading, Stage};
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::span::Span;
use crate::syntax::word::Word;
use std::sync::Arc;

/// A line with its surroundings.
#[derive(Debug)]
pub struct Statement<'a> {
    /// The words of the keyword: one, or two as in `timeout client`.
    pub keyword: &'a [Word],
    pub arguments: &'a [Word],
    pub prefix: Prefix,
    pub section: Section,
    /// The section's name; empty if it has none.
    pub proxy: &'a str,
    /// All ACLs of the section, complete, in the order of their names.
    pub acls: &'a [Arc<Acl>],
    pub ignore_resolution_failures: bool,
    pub loading: &'a Loading,
    pub report: &'a mut Report,
}

/// What stands before the keyword.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prefix {
    #[default]
    None,
    No,
    Default,
}

/// What was being read when a mistake was found, before its sentence.
pub(crate) trait Within {
    fn within(self, place: &str) -> Self;
}

impl Within for Diagnostic {
    fn within(mut self, place: &str) -> Self {
        self.message.insert_str(0, place);
        self
    }
}

/// The integer that `text` begins with (0 if none), and whether that is all of it.
pub(crate) fn leading_integer(text: &str) -> (i64, bool) {
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let end = sign + digits;
    let value = text[..end].parse().unwrap_or(if digits == 0 { 0 } else { i64::MAX });
    (value, digits > 0 && end == text.len())
}

/// A kind of proxy section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Defaults,
    Frontend,
    Listen,
    Backend,
    Global,
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sections(u8);

impl<'a> Statement<'a> {
    /// The keyword's words, one space between.
    #[must_use]
    pub fn name(&self) -> String {
        let words: Vec<&str> = self.keyword.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }

    /// The keyword's place.
    #[must_use]
    pub fn span(&self) -> Span {
        let first = self.keyword[0].span;
        Span { end: self.keyword[self.keyword.len() - 1].span.end, ..first }
    }

    /// True unless the line has the prefix `no` or `default`.
    #[must_use]
    pub fn on(&self) -> bool {
        self.prefix == Prefix::None
    }

    /// The only argument.
    ///
    /// # Errors
    /// When there is none, or more than one; `shape` says what was expected.
    pub fn only(&self, shape: &str) -> Result<&'a Word, Diagnostic> {
        self.at_most(1)?;
        self.first(shape)
    }

    /// The first argument.
    ///
    /// # Errors
    /// When there is none.
    pub fn first(&self, shape: &str) -> Result<&'a Word, Diagnostic> {
        self.arguments
            .first()
            .ok_or_else(|| self.error(format!("'{}' expects {shape}", self.name())))
    }

    /// # Errors
    /// When there are more than `most` arguments: HAProxy's text, at the first superfluous one.
    pub fn at_most(&self, most: usize) -> Result<(), Diagnostic> {
        match self.arguments.get(most) {
            None => Ok(()),
            Some(extra) => Err(Diagnostic::alert(
                extra.span,
                format!("'{}' cannot handle unexpected argument '{}'.", self.name(), extra.text),
            )),
        }
    }

    /// The surroundings of an expression on this line that is evaluated at `stage`.
    #[must_use]
    pub fn context(&self, stage: Stage) -> Context<'a> {
        Context { stage, span: Some(self.span()), proxy: self.proxy, loading: self.loading }
    }

    /// An alert at the keyword.
    #[must_use]
    pub fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::alert(self.span(), message)
    }

    /// A number as HAProxy reads it: what follows the digits is ignored, here with a warning.
    pub fn integer(&mut self, word: &Word) -> i64 {
        let (value, complete) = leading_integer(&word.text);
        if !complete {
            self.report.push(Diagnostic::remark(
                word.span,
                format!("'{word}' is not an integer, '{}' takes it as {value}", self.name()),
            ));
        }
        value
    }

    /// The only argument, a number from 0 on.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn only_number(&mut self, shape: &str) -> Result<u32, Diagnostic> {
        let word = self.only(shape)?;
        Ok(u32::try_from(self.integer(word).clamp(0, i64::from(i32::MAX))).unwrap_or(0))
    }

    /// An alert for what HAProxy can do and this proxy cannot yet.
    #[must_use]
    pub fn unsupported(&self, word: &Word) -> Diagnostic {
        Diagnostic::alert(
            word.span,
            format!("'{word}' in '{}' is not supported by evenkeel yet", self.name()),
        )
    }

    /// Reports that something was accepted but has no effect.
    pub fn no_effect(&mut self, word: &Word, why: &str) {
        self.report.push(Diagnostic::remark(
            word.span,
            format!("'{word}' is accepted but has no effect{why}"),
        ));
    }

    /// Splits arguments at `if` or `unless`.
    #[must_use]
    pub fn split_condition(words: &[Word]) -> (&[Word], &[Word]) {
        let at = words
            .iter()
            .position(|word| matches!(word.text.as_str(), "if" | "unless"))
            .unwrap_or(words.len());
        words.split_at(at)
    }
}

impl AclScope for Statement<'_> {
    fn find(&self, name: &str) -> Option<Arc<Acl>> {
        let at = self.acls.binary_search_by(|acl| acl.name.as_str().cmp(name)).ok()?;
        self.acls.get(at).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.acls.iter().map(|acl| acl.name.clone()).collect()
    }
}

impl Section {
    #[must_use]
    pub fn of(keyword: &str) -> Option<Self> {
        match keyword {
            "defaults" => Some(Self::Defaults),
            "frontend" => Some(Self::Frontend),
            "listen" => Some(Self::Listen),
            "backend" => Some(Self::Backend),
            _ => None,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Defaults => "defaults",
            Self::Frontend => "frontend",
            Self::Listen => "listen",
            Self::Backend => "backend",
            Self::Global => "global",
        }
    }

    #[must_use]
    pub fn takes_connections(self) -> bool {
        matches!(self, Self::Frontend | Self::Listen)
    }

    #[must_use]
    pub fn has_servers(self) -> bool {
        matches!(self, Self::Backend | Self::Listen)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Sections {
    /// Everywhere.
    pub const ALL: Self = Self(0b1111);
    /// `defaults`, `frontend`, `listen`.
    pub const FRONT: Self = Self(0b0111);
    /// `defaults`, `listen`, `backend`.
    pub const BACK: Self = Self(0b1101);
    /// As [`FRONT`](Self::FRONT) without `defaults`.
    pub const OWN_FRONT: Self = Self(0b0110);
    /// As [`BACK`](Self::BACK) without `defaults`.
    pub const OWN_BACK: Self = Self(0b1100);
    /// As [`ALL`](Self::ALL) without `defaults`.
    pub const OWN: Self = Self(0b1110);

    #[must_use]
    pub fn contains(self, section: Section) -> bool {
        self.0 & section.bit() != 0
    }
}
