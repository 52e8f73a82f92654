//! From lines to sections. Decides for each line whether a conditional block hides it, whether it
//! is a directive, opens a section or belongs to one. Every mistake is reported and reading goes
//! on.

use super::{Line, SECTIONS, Section, SourceFile, addresses, setenv};
use crate::syntax::blocks::Blocks;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::environment::Environment;
use crate::syntax::lexer::{self, Place};
use crate::syntax::span::Span;
use crate::syntax::suggest;
use crate::syntax::text;
use crate::syntax::word::Word;

pub(super) struct Reader<'a> {
    environment: &'a mut Environment,
    report: &'a mut Report,
    sections: Vec<Section>,
}

/// Where lines go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Current {
    /// Before the first section of a file.
    Outside,
    /// To the last section.
    Section,
    /// Nowhere: what seems to open their section is wrong, which was reported.
    Lost,
}

/// One file on its way.
struct FileState<'f> {
    index: u16,
    name: &'f str,
    current: Current,
    /// What `.SECTION` stands for.
    section_name: String,
    blocks: Blocks,
}

impl<'a> Reader<'a> {
    pub(super) fn new(environment: &'a mut Environment, report: &'a mut Report) -> Self {
        Self { environment, report, sections: Vec::new() }
    }

    pub(super) fn read(mut self, files: &[SourceFile]) -> Vec<Section> {
        for (index, file) in (0..=u16::MAX).zip(files) {
            self.file(index, file);
        }
        self.sections
    }

    fn file(&mut self, index: u16, file: &SourceFile) {
        let mut state = FileState {
            index,
            name: &file.name,
            current: Current::Outside,
            section_name: String::new(),
            blocks: Blocks::default(),
        };
        let mut mistakes = 0;
        for (number, line) in (1..).zip(&file.lines) {
            if let Some(at) = line.find('\0') {
                return self.report.push(stray_nul(index, number, at));
            }
            if let Err(mistake) = self.line(number, line, &mut state) {
                self.report.push(mistake);
                mistakes += 1;
            }
            if mistakes >= MAX_MISTAKES {
                let span = Span { file: index, line: number, start: 0, end: 0 };
                let message = "too many mistakes, the rest of this file was not read";
                return self.report.push(Diagnostic::alert(span, message));
            }
        }
        let last_line = u32::try_from(file.lines.len()).unwrap_or(u32::MAX);
        if let Err(mistake) = state.blocks.finish(last_line) {
            self.report.push(mistake);
        }
    }

    fn line(
        &mut self,
        number: u32,
        line: &str,
        state: &mut FileState<'_>,
    ) -> Result<(), Diagnostic> {
        let place = Place {
            file: state.index,
            line: number,
            file_name: state.name,
            section: &state.section_name,
            environment: self.environment,
        };
        let words = lexer::words(line, place).inspect_err(|_| state.broken(line))?;
        match words.first() {
            None => Ok(()),
            Some(first) if first.is_empty() => Ok(()),
            Some(first) if first.starts_with('.') => {
                state.blocks.directive(&words, self.environment, self.report)
            }
            Some(_) if state.blocks.active() => self.statement(words, line, state),
            Some(_) => Ok(()),
        }
    }

    fn statement(
        &mut self,
        mut words: Vec<Word>,
        line: &str,
        state: &mut FileState<'_>,
    ) -> Result<(), Diagnostic> {
        if !self.changes_environment(&words, state) {
            no_empty_argument(&words, line).inspect_err(|_| state.broken(line))?;
        }
        no_stray_bytes(&words)?;
        if SECTIONS.contains(&&*words[0]) {
            state.enter(&words);
            self.sections.push(Section { words, lines: Vec::new() });
            return Ok(());
        }
        match state.current {
            Current::Outside => Err(state.out_of_section(&words[0])),
            Current::Lost => Ok(()),
            Current::Section => {
                let Some(section) = self.sections.last_mut() else { return Ok(()) };
                let mut applied = Ok(());
                if &**section.keyword() == "global" {
                    applied = setenv::apply(&words, self.environment);
                }
                addresses::expand(&mut words, self.environment);
                section.lines.push(Line { words });
                applied
            }
        }
    }

    /// Whether the line is one of those that are carried out at once, in the global section.
    fn changes_environment(&self, words: &[Word], state: &FileState<'_>) -> bool {
        state.current == Current::Section
            && setenv::KEYWORDS.contains(&&*words[0])
            && self.sections.last().is_some_and(|section| &**section.keyword() == "global")
    }
}

impl FileState<'_> {
    fn enter(&mut self, words: &[Word]) {
        self.current = Current::Section;
        self.section_name = words.get(1).unwrap_or(&words[0]).text.clone();
    }

    /// A line that cannot be read may have been meant to open a section or a block: what follows
    /// it must not be blamed for that.
    fn broken(&mut self, line: &str) {
        let first = line.split_ascii_whitespace().next().unwrap_or_default();
        if first.starts_with('.') {
            self.blocks.broken(first, self.index);
        } else if SECTIONS.contains(&first) && self.blocks.active() {
            self.current = Current::Lost;
        }
    }

    fn out_of_section(&mut self, word: &Word) -> Diagnostic {
        let message = format!("unknown keyword '{word}' out of section.");
        let diagnostic = Diagnostic::alert(word.span, message);
        match suggest::nearest(word, SECTIONS.iter().copied()) {
            Some(near) => {
                self.current = Current::Lost;
                diagnostic.hint(format!("did you mean '{near}'?"))
            }
            None => diagnostic,
        }
    }
}

/// Refuses bytes that are not UTF-8 where they would not leave the program as they are.
fn no_stray_bytes(words: &[Word]) -> Result<(), Diagnostic> {
    let keyword = &words[0];
    if BYTES.contains(&&**keyword) || !text::is_plain(keyword) {
        return Ok(());
    }
    match words.iter().find(|word| !text::is_plain(word)) {
        Some(word) => {
            let message =
                format!("what is not UTF-8 in '{keyword}' is not supported by evenkeel yet");
            Err(Diagnostic::alert(word.span, message))
        }
        None => Ok(()),
    }
}

/// An empty argument is a mistake everywhere, mostly that of an unset variable.
fn no_empty_argument(words: &[Word], line: &str) -> Result<(), Diagnostic> {
    let Some((number, word)) = words.iter().enumerate().find(|(_, word)| word.is_empty()) else {
        return Ok(());
    };
    let written = line.get(word.span.start as usize..).unwrap_or_default();
    let opening = written.bytes().take_while(|byte| b"\"${".contains(byte)).count();
    let opening = if opening > 1 && !written.starts_with("\"\"") { opening } else { 1 };
    let position = word.span.start as usize + opening + 1;
    let message = format!(
        "argument number {number} at position {position} is empty and marks the end of the \
         argument list:"
    );
    let hint = "a variable that is not set? \"${NAME[*]}\" gives no argument when it is empty";
    Err(Diagnostic::alert(word.span, message).hint(hint))
}

fn stray_nul(file: u16, line: u32, at: usize) -> Diagnostic {
    let start = u32::try_from(at).unwrap_or(u32::MAX - 1);
    let message = format!("Stray NUL character at position {}.", start + 1);
    Diagnostic::alert(Span { file, line, start, end: start + 1 }, message)
        .hint("the rest of this file was not read")
}

/// Statements whose words may be any bytes.
const BYTES: &[&str] = &[
    "acl",
    "http-after-response",
    "http-request",
    "http-response",
    "log-format",
    "log-format-sd",
    "presetenv",
    "redirect",
    "setenv",
    "tcp-request",
    "tcp-response",
    "use_backend",
];

/// Mistakes after which a file is given up: it is no configuration.
const MAX_MISTAKES: usize = 100;
