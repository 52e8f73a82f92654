//! Integers and ranges of them.

use std::collections::HashMap;

use super::Visit;
use crate::pattern::read::Pattern;

/// Ranges of integers, both ends included.
#[derive(Debug)]
pub(in crate::pattern) struct Numbers {
    /// Items of one integer, by the integer.
    single: HashMap<i64, Vec<u32>>,
    /// The others in order: lowest, highest, item.
    ranges: Vec<(i64, i64, u32)>,
}

/// Reads patterns in their order: an operator holds for those that follow it.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::pattern) struct Ranges {
    operator: Operator,
    /// `3.1` is one number, of two halves.
    dotted: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Operator {
    #[default]
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
}

impl Numbers {
    pub(super) fn build(patterns: &[Pattern]) -> Self {
        let (mut single, mut ranges) = (HashMap::<i64, Vec<u32>>::new(), Vec::new());
        for (pattern, item) in patterns.iter().zip(0..) {
            match *pattern {
                Pattern::Range(low, high) if low == high => {
                    single.entry(low).or_default().push(item);
                }
                Pattern::Range(low, high) => ranges.push((low, high, item)),
                _ => {}
            }
        }
        Self { single, ranges }
    }

    pub(super) fn visit(&self, n: i64, visit: Visit<'_>) -> bool {
        let single = !self.single.is_empty()
            && self.single.get(&n).is_some_and(|items| items.iter().any(|item| visit(*item)));
        single
            || self
                .ranges
                .iter()
                .any(|(low, high, item)| (*low..=*high).contains(&n) && visit(*item))
    }
}

impl Ranges {
    pub(in crate::pattern) fn new(dotted: bool) -> Self {
        Self { dotted, ..Self::default() }
    }

    /// A range, or nothing for an operator.
    ///
    /// # Errors
    /// HAProxy's sentence.
    pub(in crate::pattern) fn read(&mut self, text: &str) -> Result<Option<(i64, i64)>, String> {
        if let Some((_, operator)) = OPERATORS.iter().find(|(name, _)| *name == text) {
            self.operator = *operator;
            return Ok(None);
        }
        // HAProxy lets the end of the flags stand behind an operator.
        if text == "--" {
            return Ok(None);
        }
        let what = match (self.dotted, text.contains(':')) {
            (true, _) => "dotted number",
            (false, true) => "valid number range",
            (false, false) => "number",
        };
        self.range(text).map(Some).ok_or_else(|| format!("'{text}' is not a {what}"))
    }

    fn range(self, text: &str) -> Option<(i64, i64)> {
        let separator = if self.dotted && text.contains('-') { '-' } else { ':' };
        if let Some((low, high)) = text.split_once(separator) {
            if low.is_empty() && high.is_empty() {
                return None;
            }
            let low = if low.is_empty() { i64::MIN } else { self.number(low)? };
            let high = if high.is_empty() { i64::MAX } else { self.number(high)? };
            return (low <= high).then_some((low, high));
        }
        // Behind an operator HAProxy reads an integer up to its first dot.
        let text = match (self.operator, text.split_once('.')) {
            (Operator::Eq, _) | (_, None) => text,
            (_, Some(_)) if self.dotted => text,
            (_, Some((whole, fraction))) => {
                let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
                if digits { whole } else { text }
            }
        };
        let n = self.number(text)?;
        Some(match self.operator {
            Operator::Eq => (n, n),
            Operator::Ge => (n, i64::MAX),
            Operator::Gt => (n.saturating_add(1), i64::MAX),
            Operator::Le => (i64::MIN, n),
            Operator::Lt => (i64::MIN, n.saturating_sub(1)),
        })
    }

    fn number(self, text: &str) -> Option<i64> {
        if text.starts_with('+') {
            return None;
        }
        if !self.dotted {
            return text.parse().ok();
        }
        let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
        let half = |text: &str| text.parse::<u16>().ok().map(i64::from);
        Some(half(major)? << 16 | half(minor)?)
    }
}

/// Bytes of their hexadecimal digits.
///
/// # Errors
/// HAProxy's sentence.
pub(in crate::pattern) fn hexadecimal(text: &str) -> Result<Box<[u8]>, String> {
    if let Some(other) = text.chars().find(|c| !c.is_ascii_hexdigit()) {
        // It looks at pairs, and a blank makes no pair.
        if other != ' ' {
            return Err(format!("an hex digit is expected (found '{other}')"));
        }
    }
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    if !text.len().is_multiple_of(2) || digits.len() != text.len() {
        return Err("an even number of hex digit is expected".to_owned());
    }
    Ok(digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect())
}

const OPERATORS: &[(&str, Operator)] = &[
    ("eq", Operator::Eq),
    ("ge", Operator::Ge),
    ("gt", Operator::Gt),
    ("le", Operator::Le),
    ("lt", Operator::Lt),
];
