//! Regular expressions: many of them are first tried together.

use regex_automata::{Input, meta};

use super::Visit;
use crate::pattern::read::Pattern;
use crate::pattern::regex::Regex;

/// Regular expressions in order.
#[derive(Debug)]
pub(in crate::pattern) struct Regexes {
    regexes: Vec<Regex>,
    /// All of them, if there are many and all run in linear time: says when none matches.
    together: Option<meta::Regex>,
}

impl Regexes {
    pub(super) fn build(patterns: &[Pattern]) -> Self {
        let regexes: Vec<Regex> = patterns
            .iter()
            .filter_map(|pattern| match pattern {
                Pattern::Regex(regex) => Some(regex.clone()),
                _ => None,
            })
            .collect();
        let together = if regexes.len() >= MANY { Regex::together(&regexes) } else { None };
        Self { regexes, together }
    }

    pub(super) fn get(&self, item: u32) -> Option<Regex> {
        self.regexes.get(item as usize).cloned()
    }

    pub(super) fn visit(&self, text: &[u8], visit: Visit<'_>) -> bool {
        if self.together.as_ref().is_some_and(|all| !all.is_match(Input::new(text))) {
            return false;
        }
        self.regexes.iter().zip(0..).any(|(regex, item)| regex.is_match(text) && visit(item))
    }
}

/// Fewer are quicker one by one.
const MANY: usize = 4;
