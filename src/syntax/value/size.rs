//! Sizes (manual section 2.6).

/// A size in bytes.
pub fn size(text: &str) -> Result<u64, String> {
    Err(text.to_owned())
}
