//! Samples (manual, chapter 7): values taken from a stream by fetches, changed by converters, and
//! put into texts by log formats.

#![allow(clippy::ptr_arg, reason = "checks have one signature, whether they add arguments or not")]

mod alias;
mod args;
mod context;
mod expression;
mod format;
mod layer;
mod value;

pub mod converter;
pub mod fetch;

pub use args::{Arg, Args, Check, Shape};
pub use context::{Captures, Context, Half, Late, Loading, Reference, Stage, Target};
pub use expression::Expression;
pub use format::Format;
pub use layer::Layer;
pub use value::{Type, Value};

use crate::syntax::registry::Entry;

/// All fetches, by subject.
pub fn fetches() -> impl Iterator<Item = &'static fetch::Fetch> {
    fetch::SUBJECTS.iter().flat_map(|subject| subject.iter())
}

/// All converters, by subject.
pub fn converters() -> impl Iterator<Item = &'static converter::Converter> {
    converter::SUBJECTS.iter().flat_map(|subject| subject.iter())
}

impl Entry for fetch::Fetch {
    fn name(&self) -> &'static str {
        self.name
    }
    fn documentation(&self) -> &'static str {
        self.documentation
    }
}

impl Entry for converter::Converter {
    fn name(&self) -> &'static str {
        self.name
    }
    fn documentation(&self) -> &'static str {
        self.documentation
    }
}

#[cfg(test)]
mod tests;
