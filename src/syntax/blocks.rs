//! Conditional blocks and messages: the lines that begin with a dot (manual section 2.4). Knows
//! which lines count; what conditions mean is next door.
//!
//! ```text
//!                 .if true              .elif / .else
//! (no block) ───────────────▶ Taken ───────────────────▶ Spent
//!      │     .if false                     .elif true, .else
//!      ├───────────────────▶ Waiting ──────────────────▶ Taken
//!      │     .if within a block that is not Taken
//!      └───────────────────▶ Spent       (.endif ends each)
//! ```

use super::conditions;
use super::diagnostic::{Diagnostic, Report, Severity};
use super::environment::Environment;
use super::span::Span;
use super::word::Word;

/// The open blocks of a file, outermost first.
#[derive(Debug, Default)]
pub struct Blocks {
    open: Vec<Block>,
    /// Blocks beyond the limit, of which only the number is kept.
    beyond: usize,
}

#[derive(Debug)]
struct Block {
    branch: Branch,
    after_else: bool,
    /// The `.if`.
    span: Span,
}

/// What becomes of the lines of the current branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Branch {
    /// They count.
    Taken,
    /// They do not, a later branch may.
    Waiting,
    /// They do not, nor will a later branch.
    Spent,
}

impl Blocks {
    /// Whether the lines at this place count.
    #[must_use]
    pub fn active(&self) -> bool {
        self.beyond == 0 && self.open.last().is_none_or(|block| block.branch == Branch::Taken)
    }

    /// Carries out a line whose first word begins with a dot. What `.notice` and its like say goes
    /// to `report`.
    ///
    /// # Errors
    ///
    /// What is wrong with the directive. The blocks stay balanced.
    pub fn directive(
        &mut self,
        words: &[Word],
        environment: &Environment,
        report: &mut Report,
    ) -> Result<(), Diagnostic> {
        let [keyword, arguments @ ..] = words else { return Ok(()) };
        match &**keyword {
            ".if" => self.begin(keyword, arguments, environment),
            ".elif" => self.alternative(keyword, arguments, environment),
            ".else" => {
                let balanced = self.otherwise(keyword);
                no_more(keyword, arguments).and(balanced)
            }
            ".endif" => {
                let balanced = self.end(keyword);
                no_more(keyword, arguments).and(balanced)
            }
            _ if !self.active() => Ok(()),
            ".diag" if !environment.diagnostic_mode => message(keyword, arguments).map(|_| ()),
            ".diag" | ".notice" | ".warning" | ".alert" => {
                report.push(message(keyword, arguments)?);
                Ok(())
            }
            _ => Err(unknown(keyword)),
        }
    }

    /// Keeps the balance after a directive that could not be cut into words.
    pub fn broken(&mut self, keyword: &str, file: u16) {
        match keyword {
            ".if" => self.push(Branch::Spent, Span { file, ..Span::default() }),
            ".elif" | ".else" => self.spend(),
            ".endif" => self.pop(),
            _ => {}
        }
    }

    /// Call at the end of a file, with the number of its last line: a block cannot go on in the
    /// next one.
    ///
    /// # Errors
    ///
    /// The innermost block that is still open.
    pub fn finish(&self, last_line: u32) -> Result<(), Diagnostic> {
        match self.open.last() {
            Some(block) if block.span.line > 0 => {
                let span = Span { line: last_line, start: 0, end: 0, ..block.span };
                let hint = format!("the block begins in line {}", block.span.line);
                Err(Diagnostic::alert(span, "non-terminated '.if' block.").hint(hint))
            }
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        keyword: &Word,
        arguments: &[Word],
        environment: &Environment,
    ) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
            self.beyond += 1;
            let message = format!("too many nested '.if', max is {}.", MAX_DEPTH + 1);
            // Once is enough.
            let first = self.beyond == 1;
            return if first { Err(Diagnostic::alert(keyword.span, message)) } else { Ok(()) };
        }
        let verdict = match self.active() {
            true => condition(keyword, arguments, environment),
            false => Ok(Branch::Spent),
        };
        self.push(*verdict.as_ref().unwrap_or(&Branch::Spent), keyword.span);
        verdict.map(|_| ())
    }

    fn alternative(
        &mut self,
        keyword: &Word,
        arguments: &[Word],
        environment: &Environment,
    ) -> Result<(), Diagnostic> {
        let Some(block) = self.current(keyword)? else { return Ok(()) };
        let verdict = match block.branch {
            Branch::Waiting => condition(keyword, arguments, environment),
            Branch::Taken | Branch::Spent => Ok(Branch::Spent),
        };
        block.branch = *verdict.as_ref().unwrap_or(&Branch::Spent);
        verdict.map(|_| ())
    }

    fn otherwise(&mut self, keyword: &Word) -> Result<(), Diagnostic> {
        let Some(block) = self.current(keyword)? else { return Ok(()) };
        block.after_else = true;
        block.branch = match block.branch {
            Branch::Waiting => Branch::Taken,
            Branch::Taken | Branch::Spent => Branch::Spent,
        };
        Ok(())
    }

    fn end(&mut self, keyword: &Word) -> Result<(), Diagnostic> {
        if self.open.is_empty() {
            return Err(lone(keyword));
        }
        self.pop();
        Ok(())
    }

    /// The block that an `.elif` or `.else` goes on with; `None` beyond the limit.
    fn current(&mut self, keyword: &Word) -> Result<Option<&mut Block>, Diagnostic> {
        if self.beyond > 0 {
            return Ok(None);
        }
        match self.open.last_mut() {
            None => Err(lone(keyword)),
            Some(block) if block.after_else => {
                block.branch = Branch::Spent;
                let message = format!("'{keyword}' after '.else' is not permitted.");
                Err(Diagnostic::alert(keyword.span, message))
            }
            Some(block) => Ok(Some(block)),
        }
    }

    fn push(&mut self, branch: Branch, span: Span) {
        if self.open.len() >= MAX_DEPTH {
            self.beyond += 1;
        } else {
            self.open.push(Block { branch, after_else: false, span });
        }
    }

    fn spend(&mut self) {
        if let Some(block) = self.open.last_mut() {
            block.branch = Branch::Spent;
        }
    }

    fn pop(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.open.pop();
        }
    }
}

/// Evaluates the words behind `.if` or `.elif`, joined by single spaces.
fn condition(
    keyword: &Word,
    arguments: &[Word],
    environment: &Environment,
) -> Result<Branch, Diagnostic> {
    let texts: Vec<&str> = arguments.iter().map(|word| &**word).collect();
    match conditions::evaluate(&texts.join(" "), environment) {
        Ok(true) => Ok(Branch::Taken),
        Ok(false) => Ok(Branch::Waiting),
        Err(error) => {
            let span = locate(arguments, error.at).unwrap_or(keyword.span);
            let position = error.at + 1;
            let message = format!("{} in '{keyword}' at position {position}:", error.message);
            Err(Diagnostic::alert(span, message))
        }
    }
}

/// The place of byte `at` of the joined words: exact in a word without quotes, otherwise the word.
fn locate(words: &[Word], mut at: usize) -> Option<Span> {
    for word in words {
        if at <= word.len() {
            let Span { start, end, .. } = word.span;
            let exact = (end - start) as usize == word.len() && at < word.len();
            let start = if exact { start + u32::try_from(at).ok()? } else { start };
            return Some(Span { start, ..word.span });
        }
        at -= word.len() + 1;
    }
    words.last().map(|word| word.span)
}

fn message(keyword: &Word, arguments: &[Word]) -> Result<Diagnostic, Diagnostic> {
    if let Some(extra) = arguments.iter().skip(1).find(|word| !word.is_empty()) {
        let mut refused = unexpected(keyword, extra);
        refused.message.push_str(" Use quotes if the message should contain spaces.");
        return Err(refused);
    }
    let severity = match &**keyword {
        ".diag" => Severity::Diag,
        ".warning" => Severity::Warning,
        ".alert" => Severity::Alert,
        _ => Severity::Notice,
    };
    let text = arguments.first().map_or("", |word| word);
    let span = Span { start: 0, end: 0, ..keyword.span };
    Ok(Diagnostic { severity, span: Some(span), message: format!("'{text}'."), hint: None })
}

fn no_more(keyword: &Word, arguments: &[Word]) -> Result<(), Diagnostic> {
    match arguments.iter().find(|word| !word.is_empty()) {
        Some(extra) => Err(unexpected(keyword, extra)),
        None => Ok(()),
    }
}

fn unexpected(keyword: &Word, extra: &Word) -> Diagnostic {
    Diagnostic::alert(extra.span, format!("Unexpected argument '{extra}' for '{keyword}'."))
}

fn lone(keyword: &Word) -> Diagnostic {
    Diagnostic::alert(keyword.span, format!("lone '{keyword}' with no matching '.if'."))
}

fn unknown(keyword: &Word) -> Diagnostic {
    let diagnostic = Diagnostic::alert(keyword.span, format!("unknown directive '{keyword}'."));
    match super::suggest::nearest(keyword, DIRECTIVES.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean '{near}'?")),
        None => diagnostic,
    }
}

const DIRECTIVES: &[&str] =
    &[".if", ".elif", ".else", ".endif", ".diag", ".notice", ".warning", ".alert"];

/// Blocks within blocks, HAProxy's limit.
const MAX_DEPTH: usize = 99;
