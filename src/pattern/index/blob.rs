//! Many byte strings in one allocation.

/// Byte strings, by number.
#[derive(Debug, Default)]
pub(super) struct Blob {
    bytes: Vec<u8>,
    /// Where each begins, and the end of the last.
    starts: Vec<u64>,
}

impl Blob {
    pub(super) fn with_capacity(count: usize) -> Self {
        let mut starts = Vec::with_capacity(count + 1);
        starts.push(0);
        Self { bytes: Vec::new(), starts }
    }

    pub(super) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.starts.push(self.bytes.len() as u64);
    }

    pub(super) fn get(&self, number: usize) -> &[u8] {
        &self.bytes[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.starts.shrink_to_fit();
    }
}
