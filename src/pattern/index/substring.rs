//! Parts of texts: one pass of an automaton finds all patterns at once.

use aho_corasick::AhoCorasick;

use super::Visit;

/// Patterns that may stand anywhere.
#[derive(Debug)]
pub(in crate::pattern) struct Substrings {
    /// `None` if there are no patterns, or more than an automaton can hold: then one by one.
    automaton: Option<AhoCorasick>,
    texts: Vec<Box<[u8]>>,
    ignore_case: bool,
}

impl Substrings {
    pub(super) fn build<'t>(texts: impl Iterator<Item = &'t [u8]>, ignore_case: bool) -> Self {
        let texts: Vec<Box<[u8]>> = texts.map(Into::into).collect();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(ignore_case)
            .build(&texts)
            .ok()
            .filter(|_| !texts.is_empty());
        let texts = if automaton.is_some() { Vec::new() } else { texts };
        Self { automaton, texts, ignore_case }
    }

    pub(super) fn visit(&self, text: &[u8], visit: Visit<'_>) -> bool {
        match &self.automaton {
            Some(automaton) => {
                automaton.find_overlapping_iter(text).any(|found| visit(found.pattern().as_u32()))
            }
            None => super::with_folded(text, self.ignore_case, |text| {
                self.texts.iter().zip(0..).any(|(pattern, item)| {
                    let found = super::with_folded(pattern, self.ignore_case, |pattern| {
                        memchr::memmem::find(text, pattern).is_some()
                    });
                    found && visit(item)
                })
            }),
        }
    }
}
