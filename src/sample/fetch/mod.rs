//! Sample fetch methods (manual, section 7.3), one file per subject.

mod auth;
mod connection;
mod cookie;
mod header;
mod http;
mod internal;
mod live;
mod payload;
mod process;
mod tracked;
mod unsupported;
mod url;

use std::fmt;
use std::ops::ControlFlow;

pub use unsupported::UNSUPPORTED;

use super::args::{Args, Check, Shape};
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

/// What must be there for a fetch to give anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Always available.
    Internal,
    /// The client's connection.
    Client,
    /// The head of a request.
    Request,
    /// The head of a response.
    Response,
    /// The head of the message that the rule works on.
    Message,
}

/// How a fetch is evaluated.
#[derive(Clone, Copy)]
pub enum Run {
    /// At most one sample.
    One(for<'a> fn(&'a Stream<'_>, &'a Args) -> Option<Value<'a>>),
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
    header::CURRENT,
    header::REQUEST,
    header::RESPONSE,
    header::OLD_RESPONSE,
    cookie::KEYWORDS,
    url::KEYWORDS,
    auth::KEYWORDS,
    live::KEYWORDS,
    payload::KEYWORDS,
    process::KEYWORDS,
    tracked::SC,
    tracked::SC0,
    tracked::SC1,
    tracked::SC2,
    tracked::SRC,
    tracked::OTHERS,
];
