//! One pattern, read as its method wants it.

use super::index::{Network, NumberParser, hexadecimal, parse_network};
use super::method::Method;
use super::regex::Regex;
use crate::syntax::text;

/// A pattern.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// Nothing to compare with, as for `found` and `bool`; or an operator.
    Any,
    Bytes(Box<[u8]>),
    Range(i64, i64),
    Network(Network),
    Regex(Regex),
}

/// Reads patterns one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    method: Method,
    ignore_case: bool,
    resolve: bool,
    numbers: NumberParser,
}

impl Reader {
    pub(super) fn new(method: Method, ignore_case: bool, resolve: bool) -> Self {
        let numbers = NumberParser::new(method == Method::Version);
        Self { method, ignore_case, resolve, numbers }
    }

    /// # Errors
    /// HAProxy's sentence, without its full stop.
    pub(super) fn read(&mut self, text: &str) -> Result<Pattern, String> {
        Ok(match self.method {
            Method::Found | Method::Bool => Pattern::Any,
            Method::Int | Method::Len | Method::Version => match self.numbers.read(text)? {
                Some((low, high)) => Pattern::Range(low, high),
                None => Pattern::Any,
            },
            Method::Ip => Pattern::Network(parse_network(text, self.resolve)?),
            Method::Bin => Pattern::Bytes(hexadecimal(text)?),
            Method::Reg => Pattern::Regex(Regex::compile(text, self.ignore_case)?),
            Method::Str | Method::Beg | Method::End | Method::Sub | Method::Dir | Method::Dom => {
                Pattern::Bytes(text::bytes(text).into())
            }
        })
    }
}
