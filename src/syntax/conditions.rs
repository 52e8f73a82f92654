//! The conditions of `.if`, `.elif` and `-cc` (manual section 2.4). Only evaluates them: which
//! lines they switch on is the reader's affair.

mod predicate;
mod version;

use super::environment::Environment;
use super::lexer::{self, Place};

/// Why a condition cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError {
    pub message: String,
    /// Byte offset into the condition, from zero.
    pub at: usize,
}

/// Whether `condition` holds. An empty one does not.
///
/// # Errors
///
/// The first mistake in the condition. All of it is read, whatever its parts give.
pub fn evaluate(condition: &str, environment: &Environment) -> Result<bool, ConditionError> {
    let mut parser = Parser { text: condition, at: 0, depth: 0, environment };
    parser.skip_blanks();
    if parser.rest().is_empty() {
        return Ok(false);
    }
    let holds = parser.alternatives(None)?;
    match parser.rest().chars().next() {
        None => Ok(holds),
        Some(unexpected) => Err(parser.error(format!(
            "unexpected character '{unexpected}' at the end of conditional expression '{}'",
            parser.text
        ))),
    }
}

/// Whether the condition given on the command line (`-cc`) holds. It is cut into words like a line
/// first, so it may have quotes and variables.
///
/// # Errors
///
/// A sentence for the user; the exit status is 2.
pub fn evaluate_argument(text: &str, environment: &Environment) -> Result<bool, String> {
    let place = Place { file: 0, line: 1, file_name: "", section: "", environment };
    let words = lexer::words_of_argument(text, place)
        .map_err(|mistake| format!("Syntax Error in condition: {}", alone(&mistake.message)))?;
    let texts: Vec<&str> = words.iter().map(|word| &**word).collect();
    evaluate(&texts.join(" "), environment)
        .map_err(|error| format!("Failed to evaluate condition: {}", error.message))
}

/// A lexer's sentence where there is no line to have a position in.
fn alone(message: &str) -> String {
    let message = message.split(" at position ").next().unwrap_or_default();
    let first = message.get(..1).unwrap_or_default().to_ascii_uppercase();
    format!("{first}{}.", message.get(1..).unwrap_or_default())
}

/// Recursive descent over `a && b || !c || (d)`; each function leaves `at` behind trailing blanks.
struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    environment: &'a Environment,
}

impl<'a> Parser<'a> {
    /// `group` is where the parenthesis around them, or its negation, begins.
    fn alternatives(&mut self, group: Option<usize>) -> Result<bool, ConditionError> {
        let mut holds = self.conjunction()?;
        let operator = self.at;
        while self.take("||") {
            if self.rest().is_empty() {
                return Err(self.unparsable(group.unwrap_or_default(), group.unwrap_or(operator)));
            }
            holds |= self.conjunction()?;
        }
        Ok(holds)
    }

    fn conjunction(&mut self) -> Result<bool, ConditionError> {
        let mut holds = self.term()?;
        let operator = self.at;
        while self.take("&&") {
            if self.rest().is_empty() {
                return Err(self.unparsable(operator, operator));
            }
            holds &= self.term()?;
        }
        Ok(holds)
    }

    fn term(&mut self) -> Result<bool, ConditionError> {
        let start = self.at;
        let mut negated = false;
        while self.take("!") {
            negated = !negated;
        }
        let holds = if self.rest().starts_with('(') {
            self.group(start)?
        } else if let Some(number) = self.number() {
            number
        } else {
            self.predicate(start)?
        };
        self.skip_blanks();
        Ok(holds != negated)
    }

    /// `start` is where the term began.
    fn group(&mut self, start: usize) -> Result<bool, ConditionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("conditional expression nested too deeply".to_owned()));
        }
        self.take("(");
        if self.rest().is_empty() {
            return Err(self.unparsable(start, start));
        }
        let holds = self.alternatives(Some(start))?;
        if !self.take(")") {
            let message =
                format!("expected ')' after conditional expression '{}'", &self.text[start..]);
            return Err(ConditionError { message, at: start });
        }
        self.depth -= 1;
        Ok(holds)
    }

    /// An integer: anything but zero holds.
    fn number(&mut self) -> Option<bool> {
        let rest = self.rest();
        let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        self.at += rest.len() - digits.len() + length;
        Some(digits[..length].bytes().any(|digit| digit != b'0'))
    }

    /// A name, perhaps with arguments in parentheses. `start` is where the term began.
    fn predicate(&mut self, start: usize) -> Result<bool, ConditionError> {
        let name = self.rest();
        let length = name.bytes().take_while(|each| each.is_ascii_lowercase() || *each == b'_');
        let name = &name[..length.count()];
        let Some(predicate) = predicate::find(name) else {
            return Err(self.unparsable(start, start));
        };
        self.at += name.len();
        let arguments = self.arguments(predicate)?;
        (predicate.holds)(&arguments, self.environment).ok_or_else(|| {
            self.error(format!(
                "invalid argument to conditional expression predicate '{name}': '{}'",
                arguments.join(",")
            ))
        })
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
            self.skip_blanks();
        }
        found
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// What begins at byte `start` is no condition.
    fn unparsable(&self, start: usize, at: usize) -> ConditionError {
        let message = format!("unparsable conditional expression '{}'", &self.text[start..]);
        ConditionError { message, at }
    }

    fn error(&self, message: String) -> ConditionError {
        ConditionError { message, at: self.at }
    }
}

/// Parentheses within parentheses.
const MAX_DEPTH: usize = 200;

#[cfg(test)]
mod tests;
