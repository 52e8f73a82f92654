//! Entries of the registries of sections that are no proxies.

use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::registry::Entry;

/// A keyword of a section that is read into a `T`.
pub struct Keyword<T: 'static> {
    /// One word.
    pub name: &'static str,
    /// The shape of the arguments, as the manual writes it.
    pub arguments: &'static str,
    /// One sentence.
    pub documentation: &'static str,
    /// How many arguments there must be at least, and the sentence about it.
    pub least: (usize, &'static str),
    pub parse: fn(&mut Statement<'_>, &mut T) -> Result<(), Diagnostic>,
}

impl<T> Entry for Keyword<T> {
    fn name(&self) -> &'static str {
        self.name
    }
    fn documentation(&self) -> &'static str {
        self.documentation
    }
}
