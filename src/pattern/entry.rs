//! One entry of a list: a pattern's text and, in maps, its value.

/// An entry. It is replaced, never changed.
#[derive(Debug)]
pub struct Entry {
    /// Ascends in the order of declaration; a new value keeps it.
    pub id: u64,
    /// The version of the list that the entry belongs to.
    pub(super) version: u32,
    /// The line of the file it was read from, 0 for none.
    pub(super) line: u32,
    key_length: u32,
    /// The key, and what follows it.
    text: Box<[u8]>,
}

impl Entry {
    pub(super) fn new(id: u64, version: u32, line: u32, key: &[u8], value: &[u8]) -> Self {
        let mut text = Vec::with_capacity(key.len() + value.len());
        text.extend_from_slice(key);
        text.extend_from_slice(value);
        Self { id, version, line, key_length: key.len() as u32, text: text.into() }
    }

    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.text[..self.key_length as usize]
    }

    /// Empty in lists without values.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.text[self.key_length as usize..]
    }
}
