//! Converters (manual, section 7.3.1), one file per subject.

mod string;

use std::fmt;

use super::args::{Args, Shape};
use super::value::Value;

/// One converter.
pub struct Converter {
    pub name: &'static str,
    pub required: &'static [Shape],
    pub optional: &'static [Shape],
    pub documentation: &'static str,
    pub example: &'static str,
    /// `None` stops the chain: the sample is not found.
    pub run: for<'a> fn(Value<'a>, &'a Args) -> Option<Value<'a>>,
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

pub(super) const SUBJECTS: &[&[Converter]] = &[string::KEYWORDS];
