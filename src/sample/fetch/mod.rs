//! Sample fetch methods (manual, section 7.3), one file per subject.

mod auth;
mod body;
mod connection;
mod constant;
mod cookie;
mod hello;
mod http;
mod internal;
mod kept;
mod live;
mod payload;
mod time;
mod tracked;
mod unsupported;
mod url;

use std::fmt;
use std::ops::ControlFlow;

pub use unsupported::UNSUPPORTED;

use super::args::{Args, Check, Shape};
pub use super::layer::Layer;
use super::value::{Type, Value};
use crate::exchange::Stream;

/// One fetch method.
#[derive(Debug)]
pub struct Fetch {
    pub name: &'static str,
    pub required: &'static [Shape],
    pub optional: &'static [Shape],
    pub check: Option<Check>,
    pub output: Type,
    pub layer: Layer,
    pub documentation: &'static str,
    pub example: &'static str,
    pub run: Run,
}

impl Fetch {
    /// A fetch without arguments that gives at most one sample.
    const fn one(
        name: &'static str,
        output: Type,
        layer: Layer,
        documentation: &'static str,
        run: One,
    ) -> Self {
        Self::new(name, output, layer, documentation, Run::One(run))
    }

    const fn new(
        name: &'static str,
        output: Type,
        layer: Layer,
        documentation: &'static str,
        run: Run,
    ) -> Self {
        let (required, optional): (&[Shape], &[Shape]) = (&[], &[]);
        let (check, example) = (None, name);
        Self { name, required, optional, check, output, layer, documentation, example, run }
    }

    /// The same with these arguments.
    const fn with(self, required: &'static [Shape], optional: &'static [Shape]) -> Self {
        Self { required, optional, ..self }
    }

    const fn checked(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}

type One = for<'a> fn(&'a Stream<'_>, &'a Args) -> Option<Value<'a>>;

/// How a fetch is evaluated.
#[derive(Clone, Copy)]
pub enum Run {
    /// At most one sample.
    One(One),
    /// Any number of samples in order, and the last one for uses that want one.
    Each { each: Each, last: for<'a> fn(&'a Stream<'_>, &'a Args) -> Option<Value<'a>> },
}

/// Visits samples until the visitor breaks.
pub type Each = for<'a> fn(
    &'a Stream<'_>,
    &'a Args,
    &mut dyn FnMut(Value<'a>) -> ControlFlow<()>,
) -> ControlFlow<()>;

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::One(_) => "One",
            Self::Each { .. } => "Each",
        })
    }
}

pub(super) const SUBJECTS: &[&[Fetch]] = &[
    internal::KEYWORDS,
    connection::KEYWORDS,
    http::KEYWORDS,
    constant::KEYWORDS,
    live::KEYWORDS,
    time::KEYWORDS,
    url::KEYWORDS,
    cookie::KEYWORDS,
    body::KEYWORDS,
    kept::KEYWORDS,
    payload::KEYWORDS,
    auth::KEYWORDS,
    tracked::SC,
    tracked::SC0,
    tracked::SC1,
    tracked::SC2,
    tracked::SRC,
    tracked::OTHERS,
];
