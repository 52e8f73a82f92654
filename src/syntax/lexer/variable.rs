//! Variables between double quotes: `$NAME`, `${NAME}`, `${NAME-default}`, `${NAME[*]}` and the
//! pseudo-variables `.FILE`, `.LINE` and `.SECTION` (manual section 2.3).

use super::{Diagnostic, Lexer, is_blank};

/// A reference as written.
struct Reference<'a> {
    name: &'a str,
    /// `[*]`: the value is a list of words.
    list: bool,
    default: Option<&'a [u8]>,
}

impl<'a> Lexer<'a> {
    /// Replaces the variable whose `$` is the current byte. Ends on its last byte. `opening` is
    /// the column of the double quote around it.
    pub(super) fn variable(&mut self, opening: usize) -> Result<(), Diagnostic> {
        let reference = self.reference()?;
        let value = self.value(reference.name);
        let value = match &value {
            Some(value) => value.as_bytes(),
            None => reference.default.unwrap_or_default(),
        };
        if reference.list {
            self.expand(value, opening)
        } else {
            value.iter().try_for_each(|&byte| self.keep(byte))
        }
    }

    fn reference(&mut self) -> Result<Reference<'a>, Diagnostic> {
        self.at += 1;
        let brace = (self.peek() == Some(b'{')).then_some(self.at);
        self.at += usize::from(brace.is_some());
        let name = self.name()?;
        let Some(brace) = brace else {
            self.at -= 1;
            return Ok(Reference { name, list: false, default: None });
        };
        let list = self.list_suffix()?;
        let default = self.default_value();
        if self.peek() != Some(b'}') {
            return Err(self.alert(brace, 1, "unmatched brace in environment variable name"));
        }
        Ok(Reference { name, list, default })
    }

    /// Ends behind the name.
    fn name(&mut self) -> Result<&'a str, Diagnostic> {
        let start = self.at;
        let rest = &self.bytes[start.min(self.bytes.len())..];
        let dot = usize::from(rest.first() == Some(&b'.'));
        let length = rest[dot..].iter().take_while(|&&each| is_name(each)).count() + dot;
        let name = std::str::from_utf8(&rest[..length]).unwrap_or_default();
        let valid = if dot == 1 {
            PSEUDO_VARIABLES.contains(&name)
        } else {
            length > 0 && !rest[0].is_ascii_digit()
        };
        if !valid {
            return Err(self.alert(start, 1, "forbidden first char in environment variable name"));
        }
        self.at += length;
        Ok(name)
    }

    fn list_suffix(&mut self) -> Result<bool, Diagnostic> {
        if self.peek() != Some(b'[') {
            return Ok(false);
        }
        if !self.bytes[self.at..].starts_with(b"[*]") {
            return Err(self.alert(self.at, 1, "truncated or invalid word expansion sequence"));
        }
        self.at += 3;
        Ok(true)
    }

    /// Everything between a dash and the closing brace, unchanged. Ends on the brace or the end.
    fn default_value(&mut self) -> Option<&'a [u8]> {
        if self.peek() != Some(b'-') {
            return None;
        }
        let rest = &self.bytes[self.at + 1..];
        let length = rest.iter().position(|&each| each == b'}').unwrap_or(rest.len());
        self.at += 1 + length;
        Some(&rest[..length])
    }

    fn value(&self, name: &str) -> Option<String> {
        match name {
            ".FILE" => Some(self.place.file_name.to_owned()),
            ".LINE" => Some(self.place.line.to_string()),
            ".SECTION" => Some(self.place.section.to_owned()),
            _ => self.place.environment.get(name).map(str::to_owned),
        }
    }

    /// Puts a list in place: its blanks part words. All of them point at the whole quoted text.
    fn expand(&mut self, list: &[u8], opening: usize) -> Result<(), Diagnostic> {
        self.partial.expanded = true;
        for &byte in list {
            if is_blank(byte) || byte == b'\n' || byte == b'\r' {
                self.end_word(self.at + 1)?;
                self.partial.start = Some(opening);
                self.partial.expanded = true;
            } else {
                self.keep(byte)?;
            }
        }
        Ok(())
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const PSEUDO_VARIABLES: &[&str] = &[".FILE", ".LINE", ".SECTION"];
