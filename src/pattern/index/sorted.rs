//! Prefixes, or suffixes read backwards: sorted strings, each knowing the longest other one that
//! it begins with.
//!
//! The last string that is not after the text shares its longest prefix with it: what matches is
//! among that string and those it begins with.

use super::blob::Blob;
use super::{Visit, with_copy, with_folded};

/// Strings in order.
#[derive(Debug)]
pub(in crate::pattern) struct Sorted {
    texts: Blob,
    /// The first bytes of each string behind what all of them begin with: most comparisons need
    /// no more.
    heads: Vec<u64>,
    /// Bytes that all strings begin with.
    common: usize,
    /// The item of each place.
    items: Vec<u32>,
    /// The place of the longest string that this one begins with, itself excluded.
    parents: Vec<u32>,
    ignore_case: bool,
    backwards: bool,
}

impl Sorted {
    pub(super) fn build<'t>(
        texts: impl Iterator<Item = &'t [u8]>,
        ignore_case: bool,
        backwards: bool,
    ) -> Self {
        let mut pairs: Vec<(Box<[u8]>, u32)> = texts
            .zip(0..)
            .map(|(text, item)| {
                let mut text: Box<[u8]> = text.into();
                if ignore_case {
                    text.make_ascii_lowercase();
                }
                if backwards {
                    text.reverse();
                }
                (text, item)
            })
            .collect();
        // Of the same string the first declared comes last: it is the one found first.
        pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let common = match (pairs.first(), pairs.last()) {
            (Some((first, _)), Some((last, _))) => shared(first, last),
            _ => 0,
        };
        let mut sorted = Self {
            texts: Blob::with_capacity(pairs.len()),
            heads: Vec::with_capacity(pairs.len()),
            common,
            items: Vec::with_capacity(pairs.len()),
            parents: Vec::with_capacity(pairs.len()),
            ignore_case,
            backwards,
        };
        for (text, item) in &pairs {
            let parent = sorted.longest_prefix(text);
            sorted.texts.push(text);
            sorted.heads.push(head(&text[common..]));
            sorted.items.push(*item);
            sorted.parents.push(parent);
        }
        sorted.texts.shrink();
        sorted
    }

    /// Items whose strings the text begins with, the longest first.
    pub(super) fn visit(&self, text: &[u8], visit: Visit<'_>) -> bool {
        let mut run = |text: &[u8]| self.visit_prefixes(text, &mut |item, _| visit(item));
        with_folded(text, self.ignore_case, |text| {
            if self.backwards { with_copy(text, <[u8]>::reverse, run) } else { run(text) }
        })
    }

    /// The same for text that is already folded, with the length of what matched.
    pub(super) fn visit_prefixes(
        &self,
        text: &[u8],
        visit: &mut dyn FnMut(u32, usize) -> bool,
    ) -> bool {
        let mut place = self.last_not_after(text);
        while place != NONE {
            let at = place as usize;
            let candidate = self.texts.get(at);
            if text.starts_with(candidate) && visit(self.items[at], candidate.len()) {
                return true;
            }
            place = self.parents[at];
        }
        false
    }

    /// While building: the place of the longest earlier string that this one begins with.
    fn longest_prefix(&self, text: &[u8]) -> u32 {
        let mut place = (self.texts.len() as u32).wrapping_sub(1);
        while place != NONE && !text.starts_with(self.texts.get(place as usize)) {
            place = self.parents[place as usize];
        }
        place
    }

    fn last_not_after(&self, text: &[u8]) -> u32 {
        // A text that does not begin as all strings do matches none of them.
        let Some(rest) = self.behind_common(text) else { return NONE };
        let wanted = head(rest);
        let start = self.heads.partition_point(|head| *head < wanted);
        // Those with the same head are told apart by the rest.
        let same = self.heads[start..].partition_point(|head| *head == wanted);
        let (mut low, mut high) = (start, start + same);
        while low < high {
            let middle = low.midpoint(high);
            if self.texts.get(middle) <= text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low as u32).wrapping_sub(1)
    }

    fn behind_common<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        if self.items.is_empty() {
            return Some(text);
        }
        text.strip_prefix(&self.texts.get(0)[..self.common])
    }
}

/// The first eight bytes as a number that orders as they do.
fn head(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text[..length]);
    u64::from_be_bytes(bytes)
}

fn shared(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

const NONE: u32 = u32::MAX;
