//! Shapes of arguments, each with HAProxy's sentence for what does not have it. In a sentence `@`
//! stands for the keyword and `{}` for the argument.

use std::fmt;

use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::duration::{Unit, duration_ms};
use crate::syntax::value::size::size;

/// What must stand behind a keyword.
#[derive(Debug)]
pub(in super::super) enum Shape {
    Nothing,
    /// Whatever HAProxy does not look at.
    Anything,
    /// One word; what is said when it is missing.
    Word(&'static str),
    /// One word or more.
    Words(&'static str),
    /// One of these words.
    OneOf(&'static [&'static str], &'static str),
    /// Some of these words.
    AnyOf(&'static [&'static str], &'static str),
    /// As C reads numbers: what follows the digits is ignored, and nothing is 0.
    Number {
        missing: Option<&'static str>,
        range: (i64, i64),
        outside: &'static str,
    },
    /// A number and nothing but that.
    Exact {
        range: (i64, i64),
        unreadable: &'static str,
        outside: &'static str,
    },
    /// With `k`, `m`, `g`.
    Size {
        missing: &'static str,
        zero: Option<&'static str>,
    },
    /// With a unit; in milliseconds.
    Time {
        missing: &'static str,
        range: (u64, u64),
        outside: &'static str,
    },
    /// Something of its own.
    Own(&'static str, fn(&mut Statement<'_>) -> Result<(), Diagnostic>),
}

impl Shape {
    pub(super) fn check(&self, line: &mut Statement<'_>) -> Result<(), Diagnostic> {
        let first = line.arguments.first();
        match self {
            Self::Nothing => line.at_most(0),
            Self::Anything => Ok(()),
            Self::Word(missing) => {
                line.at_most(1)?;
                first.map(|_| ()).ok_or_else(|| said(line, missing))
            }
            Self::Words(missing) => first.map(|_| ()).ok_or_else(|| said(line, missing)),
            Self::OneOf(known, sentence) => {
                line.at_most(1)?;
                let good = first.is_some_and(|word| known.contains(&word.text.as_str()));
                good.then_some(()).ok_or_else(|| said(line, sentence))
            }
            Self::AnyOf(known, sentence) => some(line, known, sentence),
            Self::Number { missing, range, outside } => {
                line.at_most(1)?;
                if let (None, Some(missing)) = (first, missing) {
                    return Err(said(line, missing));
                }
                let value = first.map_or(0, |word| number(&word.text));
                let inside = (range.0..=range.1).contains(&value);
                inside.then_some(()).ok_or_else(|| said(line, outside))
            }
            Self::Exact { range, unreadable, outside } => {
                line.at_most(1)?;
                let value = first.and_then(|word| word.text.parse::<i64>().ok());
                let value = value.ok_or_else(|| said(line, unreadable))?;
                let inside = (range.0..=range.1).contains(&value);
                inside.then_some(()).ok_or_else(|| said(line, outside))
            }
            Self::Size { missing, zero } => {
                line.at_most(1)?;
                let word = first.ok_or_else(|| said(line, missing))?;
                let value = size(&word.text)
                    .map_err(|_| said(line, "unexpected '{}' after size passed to '@'"))?;
                match zero {
                    Some(sentence) if value == 0 => Err(said(line, sentence)),
                    _ => Ok(()),
                }
            }
            Self::Time { missing, range, outside } => {
                line.at_most(1)?;
                let word = first.ok_or_else(|| said(line, missing))?;
                let time =
                    duration_ms(&word.text, Unit::Millisecond).map_err(|_| unreadable(line))?;
                let inside = (range.0..=range.1).contains(&time);
                inside.then_some(()).ok_or_else(|| said(line, outside))
            }
            Self::Own(_, check) => check(line),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Anything => f.write_str("…"),
            Self::Word(_) => f.write_str("<string>"),
            Self::Words(_) => f.write_str("<string> …"),
            Self::OneOf(known, _) => write!(f, "{{ {} }}", known.join(" | ")),
            Self::AnyOf(known, _) => write!(f, "{{ {} }} …", known.join(" | ")),
            Self::Number { range, .. } | Self::Exact { range, .. } => {
                if range.1 == i64::MAX || range.0 == i64::MIN {
                    f.write_str("<number>")
                } else {
                    write!(f, "<{}..{}>", range.0, range.1)
                }
            }
            Self::Size { .. } => f.write_str("<size>"),
            Self::Time { .. } => f.write_str("<time>"),
            Self::Own(arguments, _) => f.write_str(arguments),
        }
    }
}

/// An alert at the first argument, or at the keyword when there is none.
pub(super) fn said(line: &Statement<'_>, sentence: &str) -> Diagnostic {
    let first = line.arguments.first();
    let value = first.map_or("", |word| word.text.as_str());
    let message = sentence.replace('@', &line.name()).replace("{}", value);
    Diagnostic::alert(first.map_or_else(|| line.span(), |word| word.span), message)
}

/// A time with something else in it.
fn unreadable(line: &Statement<'_>) -> Diagnostic {
    let text = line.arguments.first().map_or("", |word| word.text.as_str());
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match text[digits..].chars().next() {
        Some(character) => {
            said(line, &format!("unexpected character '{character}' in argument to <@>."))
        }
        None => said(line, "timer overflow in argument <{}> to <@>."),
    }
}

fn some(line: &Statement<'_>, known: &[&str], sentence: &str) -> Result<(), Diagnostic> {
    let wrong = line.arguments.iter().find(|word| !known.contains(&word.text.as_str()));
    match (line.arguments.first(), wrong) {
        (Some(_), None) => Ok(()),
        (_, wrong) => {
            let value = wrong.map_or("", |word| word.text.as_str());
            let message = sentence.replace('@', &line.name()).replace("{}", value);
            Err(Diagnostic::alert(wrong.map_or_else(|| line.span(), |word| word.span), message))
        }
    }
}

/// The number that `text` begins with; 0 if none. Too large ones are the largest.
pub(super) fn number(text: &str) -> i64 {
    crate::proxy::keyword::leading_integer(text).0
}

/// Any number.
pub(super) const ANY: (i64, i64) = (i64::MIN, i64::MAX);

/// From 0 on.
pub(super) const POSITIVE: (i64, i64) = (0, i64::MAX);

/// `on` or `off`.
pub(super) const SWITCH: &[&str] = &["on", "off"];
