//! The options of a TCP segment (RFC 9293, section 3.2). Apart because their walk is the part that
//! must not run away.

pub(super) const MSS: u8 = 2;
pub(super) const SCALE: u8 = 3;
pub(super) const SACK_PERMITTED: u8 = 4;
pub(super) const TIMESTAMP: u8 = 8;

/// The data of the first option of this kind, if it has at least `length` bytes; zeros if there is
/// no such option.
pub(super) fn find(segment: &[u8], kind: u8, length: usize) -> Option<&[u8]> {
    let found = walk(segment)?.find(|(found, _)| *found == kind);
    let data = found.and_then(|(_, data)| data).unwrap_or(&[0; 8]);
    (data.len() >= length).then_some(data)
}

/// Whether there is an option of this kind. `None` if the header is not there as a whole.
pub(super) fn has(segment: &[u8], kind: u8) -> Option<bool> {
    Some(walk(segment)?.any(|(found, _)| found == kind))
}

/// The kinds in their order, without what only fills.
pub(super) fn kinds(segment: &[u8]) -> Option<Vec<u8>> {
    Some(walk(segment)?.map(|(kind, _)| kind).collect())
}

/// Kind and data of each option; no data of one that is cut. `None` if the header is not there as a whole.
pub(super) fn walk(segment: &[u8]) -> Option<impl Iterator<Item = (u8, Option<&[u8]>)>> {
    let header = usize::from(segment.get(12)? >> 4) * 4;
    let mut rest = segment.get(20..header)?;
    Some(std::iter::from_fn(move || {
        let (kind, after) = rest.split_first()?;
        match *kind {
            0 => {
                rest = &[];
                None
            }
            1 => {
                rest = after;
                Some((1, Some(&[][..])))
            }
            kind => {
                let length = usize::from(after.first().copied().unwrap_or(0));
                match rest.get(..length).filter(|_| length >= 2) {
                    Some(option) => {
                        rest = &rest[length..];
                        Some((kind, Some(&option[2..])))
                    }
                    // It was begun, but there is no telling where the next one is.
                    None => {
                        rest = &[];
                        Some((kind, None))
                    }
                }
            }
        }
    }))
}
