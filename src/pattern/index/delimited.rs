//! Parts between delimiters: directories of a path, labels of a domain.

use super::sorted::Sorted;
use super::{Visit, with_folded};

/// Patterns that must stand between delimiters or the ends of a text.
#[derive(Debug)]
pub(in crate::pattern) struct Delimited {
    /// Without their own outer delimiters, which do not count.
    cores: Sorted,
    /// The items of `cores`.
    items: Vec<u32>,
    /// Patterns of delimiters only.
    hollow: Vec<u32>,
    delimiters: &'static [u8],
    ignore_case: bool,
}

impl Delimited {
    pub(super) fn build<'t>(
        texts: impl Iterator<Item = &'t [u8]>,
        ignore_case: bool,
        delimiters: &'static [u8],
    ) -> Self {
        let (mut cores, mut items, mut hollow) = (Vec::new(), Vec::new(), Vec::new());
        for (text, item) in texts.zip(0..) {
            let core = trimmed(text, delimiters);
            if core.is_empty() {
                hollow.push(item);
            } else {
                cores.push(core);
                items.push(item);
            }
        }
        let cores = Sorted::build(cores.into_iter(), ignore_case, false);
        Self { cores, items, hollow, delimiters, ignore_case }
    }

    pub(super) fn visit(&self, text: &[u8], visit: Visit<'_>) -> bool {
        if !self.hollow.is_empty()
            && self.is_hollow(text)
            && self.hollow.iter().any(|item| visit(*item))
        {
            return true;
        }
        if self.items.is_empty() {
            return false;
        }
        with_folded(text, self.ignore_case, |text| self.visit_cores(text, visit))
    }

    fn visit_cores(&self, text: &[u8], visit: Visit<'_>) -> bool {
        let mut starts = true;
        for (at, byte) in text.iter().enumerate() {
            let is_delimiter = self.delimiters.contains(byte);
            let begins = std::mem::replace(&mut starts, is_delimiter) && !is_delimiter;
            let rest = &text[at..];
            if begins
                && self.cores.visit_prefixes(rest, &mut |core, length| {
                    rest.get(length).is_none_or(|next| self.delimiters.contains(next))
                        && visit(self.items[core as usize])
                })
            {
                return true;
            }
        }
        false
    }

    /// What HAProxy matches with a pattern that has nothing between delimiters: texts that end
    /// in exactly one of them.
    fn is_hollow(&self, text: &[u8]) -> bool {
        let is_delimiter = |byte: &u8| self.delimiters.contains(byte);
        match text {
            [.., before, last] => is_delimiter(last) && !is_delimiter(before),
            [only] => is_delimiter(only),
            [] => false,
        }
    }
}

fn trimmed<'t>(text: &'t [u8], delimiters: &[u8]) -> &'t [u8] {
    let inner = |byte: &u8| !delimiters.contains(byte);
    match (text.iter().position(inner), text.iter().rposition(inner)) {
        (Some(start), Some(end)) => &text[start..=end],
        _ => b"",
    }
}
