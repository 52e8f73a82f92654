//! What is wrong with a configuration, where, and what was probably meant. Collected in a
//! [`Report`] so that every mistake of a configuration shows at once.

mod excerpt;

use std::collections::HashSet;
use std::fmt::Write;

use self::excerpt::excerpt;
use super::span::Span;
use super::text;
use crate::config::document::SourceFile;

/// How bad it is. Any alert keeps the configuration from being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A `.diag` line, shown under `-dD`; never counts against the configuration.
    Diag,
    Notice,
    /// A warning of evenkeel's alone. HAProxy has none there, so `zero-warning` does not mind it.
    Remark,
    Warning,
    /// An alert of HAProxy's after which it goes on all the same.
    Complaint,
    Alert,
}

impl Severity {
    /// As HAProxy writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Diag => "[DIAG]",
            Self::Notice => "[NOTICE]",
            Self::Remark | Self::Warning => "[WARNING]",
            Self::Complaint | Self::Alert => "[ALERT]",
        }
    }
}

/// One sentence about one place in the configuration.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub severity: Severity,
    /// `None` for what concerns no line in particular. An empty span names a line without showing
    /// it.
    pub span: Option<Span>,
    pub message: String,
    pub hint: Option<String>,
}

impl Diagnostic {
    pub fn diag(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Diag, span.into(), message.into())
    }

    pub fn alert(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Alert, span.into(), message.into())
    }

    pub fn warning(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, span.into(), message.into())
    }

    /// Says what evenkeel does otherwise than HAProxy: "'x' is accepted but has no effect".
    pub fn remark(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Remark, span.into(), message.into())
    }

    pub fn complaint(span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(Severity::Complaint, span.into(), message.into())
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

    fn render(&self, files: &[SourceFile], pid: u32, out: &mut String) {
        let _ = write!(out, "{:<11}({pid}) : ", self.severity.label());
        let file = self.span.and_then(|span| Some((span, files.get(usize::from(span.file))?)));
        if let Some((span, file)) = file {
            let _ = write!(out, "config : parsing [{}:{}] : ", file.name, span.line);
        }
        let _ = writeln!(out, "{}", printable(&self.message));
        let line = file.and_then(|(span, file)| {
            Some((span, file.lines.get((span.line as usize).checked_sub(1)?)?))
        });
        if let Some((span, line)) = line
            && span.start < span.end
        {
            out.push_str(&excerpt(line, span.start as usize..span.end as usize));
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(out, "  = {}", printable(hint));
        }
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

    pub fn keep_alerts(&mut self) {
        self.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Alert);
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

    /// The names of the files in which there are alerts.
    pub fn blamed<'f>(&self, files: &'f [SourceFile]) -> impl Iterator<Item = &'f str> {
        let alerts = self.iter().filter(|each| each.severity == Severity::Alert);
        let blamed: HashSet<u16> = alerts.filter_map(|each| Some(each.span?.file)).collect();
        (0..=u16::MAX)
            .zip(files)
            .filter(move |(index, _)| blamed.contains(index))
            .map(|(_, file)| file.name.as_str())
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.diagnostics.iter()
    }

    /// The report as HAProxy prints it, one diagnostic after the other, each line ended.
    #[must_use]
    pub fn render(&self, files: &[SourceFile], pid: u32) -> String {
        let mut out = String::new();
        for diagnostic in &self.diagnostics {
            diagnostic.render(files, pid, &mut out);
        }
        out
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|each| each.severity == severity).count()
    }
}

impl IntoIterator for Report {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.diagnostics.into_iter()
    }
}

/// Text from a file must not steer the terminal.
fn printable(text: &str) -> String {
    let shown = |each: char| match each {
        '\n' | '\t' => each,
        _ if each.is_control() => '?',
        _ if text::byte_of(each).is_some() => char::REPLACEMENT_CHARACTER,
        _ => each,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests;
