//! What all registries have in common: entries with a name and a line of documentation, in
//! visible slices, from which suggestions, dumps and `docs/keywords.md` derive.

/// One entry of a registry.
pub trait Entry {
    fn name(&self) -> &'static str;
    /// One sentence.
    fn documentation(&self) -> &'static str;
}
