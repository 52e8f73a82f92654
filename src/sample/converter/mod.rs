//! Converters (manual, section 7.3.1), one file per subject.

pub(super) mod map;
mod string;
mod table;

use std::fmt;

use super::args::{Args, Check, Shape};
use super::value::{Type, Value};
use crate::exchange::Stream;

/// One converter.
pub struct Converter {
    pub name: &'static str,
    pub required: &'static [Shape],
    pub optional: &'static [Shape],
    /// What `run` gets: the sample is cast before.
    pub input: Type,
    pub output: Type,
    pub documentation: &'static str,
    pub example: &'static str,
    pub check: Option<Check>,
    /// `None` stops the chain: the sample is not found.
    pub run: for<'a> fn(Value<'a>, &'a Args, &'a Stream<'_>) -> Option<Value<'a>>,
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

pub(super) const SUBJECTS: &[&[Converter]] = &[map::KEYWORDS, string::KEYWORDS, table::KEYWORDS];
