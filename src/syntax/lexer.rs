//! Cuts one line into words: quotes, escapes, comments and environment variables (manual sections
//! 2.1 to 2.3). A line stands alone, a backslash at its end is a backslash.

mod variable;

use super::diagnostic::Diagnostic;
use super::environment::Environment;
use super::span::Span;
use super::text;
use super::word::Word;

/// The line being read and what its variables may refer to.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Index of the file and number of the line, for spans.
    pub file: u16,
    pub line: u32,
    /// `.FILE`
    pub file_name: &'a str,
    /// `.SECTION`
    pub section: &'a str,
    pub environment: &'a Environment,
}

/// Cuts `line` into words. A blank line or a comment has none.
///
/// # Errors
///
/// The first mistake of the line, with the place to point at.
pub fn words(line: &str, place: Place<'_>) -> Result<Vec<Word>, Diagnostic> {
    Lexer::new(line, place).run()
}

/// As [`words`] for text that comes as one argument of a command line: a hash is no comment there.
///
/// # Errors
///
/// As [`words`].
pub fn words_of_argument(text: &str, place: Place<'_>) -> Result<Vec<Word>, Diagnostic> {
    Lexer { comments: false, ..Lexer::new(text, place) }.run()
}

/// The state within a line. Bytes are enough: every character with a meaning is ASCII.
struct Lexer<'a> {
    bytes: &'a [u8],
    place: Place<'a>,
    at: usize,
    /// Whether a hash ends the line.
    comments: bool,
    words: Vec<Word>,
    partial: Partial,
    /// Bytes that may still be kept in all words, to bound what variables can blow up.
    room: usize,
}

/// The word being put together.
#[derive(Default)]
struct Partial {
    bytes: Vec<u8>,
    /// Where it is written, once anything of it is.
    start: Option<usize>,
    /// Something was written for this word, even if it is empty as `""` is.
    begun: bool,
    /// A `${NAME[*]}` took part: if nothing came of it, there is no word.
    expanded: bool,
}

impl<'a> Lexer<'a> {
    fn new(line: &'a str, place: Place<'a>) -> Self {
        Self {
            bytes: line.as_bytes(),
            place,
            at: 0,
            comments: true,
            words: Vec::new(),
            partial: Partial::default(),
            room: line.len() + MAX_EXPANSION,
        }
    }

    fn run(mut self) -> Result<Vec<Word>, Diagnostic> {
        while let Some(byte) = self.peek() {
            match byte {
                b'#' if self.comments => break,
                _ if ends_line(byte) => break,
                _ if is_blank(byte) => self.end_word(self.at)?,
                b'\'' => self.strong_quotes()?,
                b'"' => self.weak_quotes()?,
                b'\\' => self.escape(UNQUOTED)?,
                _ => self.keep(byte)?,
            }
            self.at += 1;
        }
        self.end_word(self.at)?;
        Ok(self.words)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Everything up to the next single quote, unchanged. Ends on that quote.
    fn strong_quotes(&mut self) -> Result<(), Diagnostic> {
        let opening = self.at;
        self.begin();
        loop {
            self.at += 1;
            match self.peek() {
                Some(b'\'') => return Ok(()),
                Some(byte) if !ends_line(byte) => self.keep(byte)?,
                _ => return Err(self.unmatched_quote(opening)),
            }
        }
    }

    /// Text between double quotes, with escapes and variables. Ends on the closing quote.
    fn weak_quotes(&mut self) -> Result<(), Diagnostic> {
        let opening = self.at;
        let expanded_before = std::mem::take(&mut self.partial.expanded);
        self.mark_start();
        loop {
            self.at += 1;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(WEAKLY_QUOTED)?,
                Some(b'$') => self.variable(opening)?,
                Some(byte) if !ends_line(byte) => self.keep(byte)?,
                _ => return Err(self.unmatched_quote(opening)),
            }
        }
        if !self.partial.expanded {
            self.begin();
        }
        self.partial.expanded |= expanded_before;
        Ok(())
    }

    /// A backslash and what follows. A backslash that escapes nothing is kept. Ends on the last
    /// byte of the sequence.
    fn escape(&mut self, escapable: &[u8]) -> Result<(), Diagnostic> {
        let byte = match self.bytes.get(self.at + 1) {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'x') => return self.hexadecimal(),
            Some(&next) if escapable.contains(&next) => next,
            _ => return self.keep(b'\\'),
        };
        self.keep(byte)?;
        self.at += 1;
        Ok(())
    }

    fn hexadecimal(&mut self) -> Result<(), Diagnostic> {
        let digit = |offset| self.bytes.get(self.at + offset).and_then(|&each| nibble(each));
        match (digit(2), digit(3)) {
            (Some(0), Some(0)) => {
                let message = "a NUL byte in a word is not supported by evenkeel yet";
                Err(self.alert(self.at, 4, message))
            }
            (Some(high), Some(low)) => {
                self.keep(high << 4 | low)?;
                self.at += 3;
                Ok(())
            }
            _ => Err(self.alert(self.at, 4, "truncated or invalid hexadecimal sequence")),
        }
    }

    fn keep(&mut self, byte: u8) -> Result<(), Diagnostic> {
        self.begin();
        let Some(room) = self.room.checked_sub(1) else {
            return Err(self.alert(
                self.partial.start.unwrap_or(self.at),
                1,
                "line too long after expansion",
            ));
        };
        self.room = room;
        self.partial.bytes.push(byte);
        Ok(())
    }

    fn mark_start(&mut self) {
        self.partial.start.get_or_insert(self.at);
    }

    fn begin(&mut self) {
        self.mark_start();
        self.partial.begun = true;
    }

    /// Closes the current word, if there is one, before column `end`.
    fn end_word(&mut self, end: usize) -> Result<(), Diagnostic> {
        let partial = std::mem::take(&mut self.partial);
        if !partial.begun {
            return Ok(());
        }
        let span = self.span(partial.start.unwrap_or(end), end);
        if self.words.len() == MAX_WORDS {
            return Err(self.too_many_words(span));
        }
        let text =
            String::from_utf8(partial.bytes).unwrap_or_else(|mixed| joined(mixed.as_bytes()));
        self.words.push(Word { text, span });
        Ok(())
    }

    fn unmatched_quote(&self, opening: usize) -> Diagnostic {
        self.alert(opening, 1, "unmatched quote")
    }

    /// HAProxy counts columns from one.
    fn alert(&self, start: usize, length: usize, message: &str) -> Diagnostic {
        let end = (start + length).min(self.bytes.len()).max(start + 1);
        let before = std::str::from_utf8(&self.bytes[..start.min(self.bytes.len())]);
        let before = before.map_or(start, |before| text::bytes(before).len());
        let message = format!("{message} at position {}:", before + 1);
        Diagnostic::alert(self.span(start, end), message)
    }

    fn too_many_words(&self, span: Span) -> Diagnostic {
        let word = self.words.last().map_or("", |word| word);
        // In the line as it would be with single blanks.
        let position: usize = self.words.iter().map(|word| word.len() + 1).sum();
        let position = position - word.len();
        let message = format!(
            "too many words, truncating after word {MAX_WORDS}, position {position}: <{word}>."
        );
        Diagnostic::alert(span, message)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let column = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let Place { file, line, .. } = self.place;
        Span { file, line, start: column(start), end: column(end) }
    }
}

/// The text of a word in which bytes written as `\xNN` stand beside characters of the file.
fn joined(mixed: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(mixed.len());
    for chunk in mixed.utf8_chunks() {
        bytes.extend_from_slice(&text::bytes(chunk.valid()));
        bytes.extend_from_slice(chunk.invalid());
    }
    text::from_bytes(&bytes)
}

/// The blanks between words, as C's `isspace` has them within a line.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// What ends a line even between quotes.
fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// What a backslash makes literal. The manual's table has tabs and, outside of quotes, dollars too,
/// but HAProxy keeps those backslashes, and patterns such as `^/\$` rely on it.
const UNQUOTED: &[u8] = b" #\\'\"";
const WEAKLY_QUOTED: &[u8] = b" #\\'\"$";

/// Words of one line, HAProxy's limit.
const MAX_WORDS: usize = 64;

/// Bytes that variables may add to a line: ours, so that variables made of variables cannot eat the
/// memory.
const MAX_EXPANSION: usize = 16 << 20;

#[cfg(test)]
mod tests;
