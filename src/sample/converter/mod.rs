//! Converters (manual, section 7.3.1), one file per subject.

mod arithmetic;
mod base64;
mod bytes;
mod cipher;
mod comparison;
mod date;
mod digest;
mod encoding;
mod fix;
mod forwarded;
mod hash;
mod hex;
mod host;
mod json;
mod json_query;
mod jwt;
mod language;
pub(super) mod map;
mod mqtt;
mod operand;
mod packet;
mod protobuf;
mod state;
mod string;
mod substitution;
mod table;
mod url;
mod variable;
mod word;
mod x509;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

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
    pub run: Run,
}

/// Changes one sample.
pub type Run = for<'a> fn(Value<'a>, &'a Args, &'a Stream<'_>) -> Option<Value<'a>>;

impl Converter {
    /// A converter without arguments.
    const fn new(
        name: &'static str,
        (input, output): (Type, Type),
        documentation: &'static str,
        example: &'static str,
        run: Run,
    ) -> Self {
        Self {
            name,
            required: &[],
            optional: &[],
            input,
            output,
            documentation,
            example,
            check: None,
            run,
        }
    }

    /// The same with arguments.
    const fn takes(self, required: &'static [Shape], optional: &'static [Shape]) -> Self {
        Self { required, optional, ..self }
    }

    /// The same with a check of its arguments.
    const fn checked(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A part of some bytes, without copying if they are borrowed.
fn part(bytes: Cow<'_, [u8]>, range: Range<usize>) -> Cow<'_, [u8]> {
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[range]),
        Cow::Owned(mut bytes) => {
            bytes.truncate(range.end);
            bytes.drain(..range.start);
            Cow::Owned(bytes)
        }
    }
}

pub(super) const SUBJECTS: &[&[Converter]] = &[
    arithmetic::KEYWORDS,
    bytes::KEYWORDS,
    cipher::KEYWORDS,
    comparison::KEYWORDS,
    date::KEYWORDS,
    digest::KEYWORDS,
    encoding::KEYWORDS,
    fix::KEYWORDS,
    forwarded::KEYWORDS,
    hash::KEYWORDS,
    host::KEYWORDS,
    json::KEYWORDS,
    json_query::KEYWORDS,
    jwt::KEYWORDS,
    language::KEYWORDS,
    map::KEYWORDS,
    mqtt::KEYWORDS,
    packet::KEYWORDS,
    protobuf::KEYWORDS,
    state::KEYWORDS,
    string::KEYWORDS,
    substitution::KEYWORDS,
    table::KEYWORDS,
    url::KEYWORDS,
    variable::KEYWORDS,
    word::KEYWORDS,
    x509::KEYWORDS,
];
