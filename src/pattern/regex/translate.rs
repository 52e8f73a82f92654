//! From PCRE's syntax to that of our engines: the same characters stand for the same thing.

use std::iter::Peekable;
use std::str::Chars;

/// A pattern in our engines' syntax.
pub(super) struct Translated {
    pub(super) text: String,
    /// It has what needs the backtracking engine.
    pub(super) backtracks: bool,
}

/// Rewrites what differs. Mistakes are left for the engine to find.
pub(super) fn translate(pattern: &str) -> Translated {
    let mut translator =
        Translator { rest: pattern.chars().peekable(), text: String::new(), backtracks: false };
    translator.run();
    Translated { text: translator.text, backtracks: translator.backtracks }
}

struct Translator<'a> {
    rest: Peekable<Chars<'a>>,
    text: String,
    backtracks: bool,
}

impl Translator<'_> {
    fn run(&mut self) {
        let mut quantified = false;
        while let Some(c) = self.rest.next() {
            let after_quantifier = std::mem::take(&mut quantified);
            match c {
                '\\' => self.escape(false),
                '[' => self.class(),
                '(' => self.group(),
                '{' if !self.is_count() => self.text.push_str("\\{"),
                '{' => {
                    self.text.push('{');
                    for c in self.rest.by_ref() {
                        self.text.push(c);
                        if c == '}' {
                            break;
                        }
                    }
                    quantified = true;
                }
                '+' if after_quantifier => {
                    self.backtracks = true;
                    self.text.push('+');
                }
                '?' if after_quantifier => self.text.push('?'),
                '*' | '+' | '?' => {
                    self.text.push(c);
                    quantified = true;
                }
                _ => self.text.push(c),
            }
        }
    }

    /// What follows a brace is `n}`, `n,}` or `n,m}`; else the brace means itself.
    fn is_count(&self) -> bool {
        let ahead: String = self.rest.clone().take_while(|c| *c != '}').take(12).collect();
        let closed = self.rest.clone().take(13).any(|c| c == '}');
        let (low, high) = ahead.split_once(',').unwrap_or((&ahead, ""));
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        closed && !low.is_empty() && digits(low) && digits(high)
    }

    fn group(&mut self) {
        let ahead: Vec<char> = self.rest.clone().take(3).collect();
        match ahead.as_slice() {
            ['?', '#', ..] => {
                let _ = self.rest.by_ref().find(|c| *c == ')');
                return;
            }
            ['?', '\'', ..] => {
                self.rest.nth(1);
                let name: String = self.rest.by_ref().take_while(|c| *c != '\'').collect();
                self.text.push_str(&format!("(?P<{name}>"));
                return;
            }
            ['?', '=' | '!' | '>' | '|' | '(' | '&' | 'R' | '0'..='9', ..]
            | ['?', '<', '=' | '!']
            | ['?', 'P', '=' | '>']
            | ['*', ..] => self.backtracks = true,
            _ => {}
        }
        self.text.push('(');
        // A question mark here is no quantifier.
        if self.rest.next_if_eq(&'?').is_some() {
            self.text.push('?');
        }
    }

    fn class(&mut self) {
        self.text.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.text.push('^');
        }
        if self.rest.next_if_eq(&']').is_some() {
            self.text.push_str("\\]");
        }
        while let Some(c) = self.rest.next() {
            match c {
                ']' => {
                    self.text.push(']');
                    return;
                }
                '\\' => self.escape(true),
                '[' if self.rest.peek() == Some(&':') => {
                    self.text.push('[');
                    while let Some(c) = self.rest.next() {
                        self.text.push(c);
                        if c == ':' && self.rest.peek() == Some(&']') {
                            self.rest.next();
                            self.text.push(']');
                            break;
                        }
                    }
                }
                '[' | '&' | '~' => self.text.extend(['\\', c]),
                '-' if self.rest.peek() == Some(&'-') => self.text.push_str("\\-"),
                _ => self.text.push(c),
            }
        }
    }

    fn escape(&mut self, in_class: bool) {
        let Some(c) = self.rest.next() else {
            self.text.push('\\');
            return;
        };
        match c {
            'Q' => self.literal(),
            'E' => {}
            'e' => self.text.push_str("\\x1b"),
            'h' if in_class => self.text.push_str(" \\t"),
            'h' => self.text.push_str("[ \\t]"),
            'H' => self.text.push_str("[^ \\t]"),
            'N' => self.text.push_str("[^\\n]"),
            'R' => self.text.push_str("(?:\\r\\n|[\\n\\x0b\\f\\r])"),
            'Z' => self.text.push_str("(?:\\n?\\z)"),
            'b' if in_class => self.text.push_str("\\x08"),
            '<' | '>' => self.text.push(c),
            'x' => self.hexadecimal(),
            'c' => {
                let control = self.rest.next().map_or(0, |c| (c.to_ascii_uppercase() as u8) ^ 64);
                self.text.push_str(&format!("\\x{control:02x}"));
            }
            '0'..='7' if c == '0' || in_class || self.is_octal() => self.octal(c),
            '1'..='9' | 'k' | 'g' | 'K' | 'G' => {
                self.backtracks = true;
                self.text.extend(['\\', c]);
            }
            c if c.is_ascii() => self.text.extend(['\\', c]),
            c => self.text.push(c),
        }
    }

    /// `\Q` begins text without special characters, `\E` ends it.
    fn literal(&mut self) {
        while let Some(c) = self.rest.next() {
            if c == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            if c.is_ascii_punctuation() {
                self.text.push('\\');
            }
            self.text.push(c);
        }
    }

    fn hexadecimal(&mut self) {
        if self.rest.peek() == Some(&'{') {
            self.text.push_str("\\x");
            return;
        }
        let mut value = 0;
        for _ in 0..2 {
            let Some(c) = self.rest.next_if(char::is_ascii_hexdigit) else { break };
            value = value * 16 + c.to_digit(16).unwrap_or(0);
        }
        self.text.push_str(&format!("\\x{value:02x}"));
    }

    /// Two more octal digits follow: it is no reference to a group.
    fn is_octal(&self) -> bool {
        self.rest.clone().take(2).filter(|c| matches!(c, '0'..='7')).count() == 2
    }

    fn octal(&mut self, first: char) {
        let mut value = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(c) = self.rest.next_if(|c| matches!(c, '0'..='7')) else { break };
            value = value * 8 + c.to_digit(8).unwrap_or(0);
        }
        self.text.push_str(&format!("\\x{:02x}", value & 0xff));
    }
}
