//! Patterns in the structure that their method searches fastest. Immutable once built; an item
//! is known by its position in the order of declaration.

mod blob;
mod delimited;
mod exact;
mod network;
mod number;
mod regexes;
mod sorted;
mod substring;

use super::method::Method;
use super::read::Pattern;
use super::regex::Regex;
use crate::sample::{Type, Value};

pub(super) use network::{Network, parse as parse_network};
pub(super) use number::{Ranges as NumberParser, hexadecimal};

/// One built structure.
#[derive(Debug)]
pub(super) enum Index {
    /// Every sample matches, whatever the patterns.
    Found,
    Bool,
    Int(number::Numbers),
    Len(number::Numbers),
    Ip(network::Networks),
    Bin(exact::Exact),
    Str(exact::Exact),
    Beg(sorted::Sorted),
    End(sorted::Sorted),
    Sub(substring::Substrings),
    Parts(delimited::Delimited),
    Reg(regexes::Regexes),
}

/// Visits items that match; returns true to stop.
pub(super) type Visit<'v> = &'v mut dyn FnMut(u32) -> bool;

impl Index {
    /// Builds one over patterns of the same method.
    pub(super) fn build(method: Method, ignore_case: bool, patterns: &[Pattern]) -> Self {
        let texts = || {
            patterns.iter().map(|pattern| match pattern {
                Pattern::Bytes(bytes) => &**bytes,
                _ => b"",
            })
        };
        match method {
            Method::Found => Self::Found,
            Method::Bool => Self::Bool,
            Method::Int | Method::Version => Self::Int(number::Numbers::build(patterns)),
            Method::Len => Self::Len(number::Numbers::build(patterns)),
            Method::Ip => Self::Ip(network::Networks::build(patterns)),
            Method::Bin => Self::Bin(exact::Exact::build(texts(), false)),
            Method::Str => Self::Str(exact::Exact::build(texts(), ignore_case)),
            Method::Beg => Self::Beg(sorted::Sorted::build(texts(), ignore_case, false)),
            Method::End => Self::End(sorted::Sorted::build(texts(), ignore_case, true)),
            Method::Sub => Self::Sub(substring::Substrings::build(texts(), ignore_case)),
            Method::Dir => Self::Parts(delimited::Delimited::build(texts(), ignore_case, b"/?")),
            Method::Dom => Self::Parts(delimited::Delimited::build(texts(), ignore_case, b"/?.:")),
            Method::Reg => Self::Reg(regexes::Regexes::build(patterns)),
        }
    }

    /// Visits matching items, the finest first where finer is preferred, else in any order.
    /// True if the visitor stopped.
    pub(super) fn visit(&self, value: &Value<'_>, visit: Visit<'_>) -> bool {
        match self {
            Self::Found => visit(u32::MAX),
            Self::Bool => value.as_bool().unwrap_or(false) && visit(u32::MAX),
            // Text without any character is no number.
            Self::Int(_) if matches!(value, Value::Str(text) if text.is_empty()) => false,
            Self::Int(numbers) => value.as_int().is_some_and(|n| numbers.visit(n, visit)),
            Self::Ip(networks) => value.as_ip().is_some_and(|ip| networks.visit(ip, visit)),
            Self::Bin(exact) => match value {
                Value::Str(bytes) | Value::Bin(bytes) | Value::Method(bytes) => {
                    exact.visit(bytes, visit)
                }
                other => exact.visit(&other.clone().into_binary(), visit),
            },
            _ => match value {
                Value::Str(bytes) | Value::Bin(bytes) | Value::Method(bytes) => {
                    self.visit_bytes(bytes, visit)
                }
                other => match other.clone().cast(Type::Str) {
                    Some(text) => self.visit_bytes(&text.into_bytes(), visit),
                    None => false,
                },
            },
        }
    }

    /// The expression of an item.
    pub(super) fn regex(&self, item: u32) -> Option<Regex> {
        match self {
            Self::Reg(regexes) => regexes.get(item),
            _ => None,
        }
    }

    fn visit_bytes(&self, bytes: &[u8], visit: Visit<'_>) -> bool {
        match self {
            Self::Len(numbers) => numbers.visit(bytes.len() as i64, visit),
            Self::Str(exact) => exact.visit(bytes, visit),
            Self::Beg(sorted) | Self::End(sorted) => sorted.visit(bytes, visit),
            Self::Sub(substrings) => substrings.visit(bytes, visit),
            Self::Parts(parts) => parts.visit(bytes, visit),
            Self::Reg(regexes) => regexes.visit(bytes, visit),
            _ => false,
        }
    }
}

/// Calls `run` with the bytes in lower case if case is ignored; short ones are folded on the
/// stack.
fn with_folded<T>(bytes: &[u8], ignore_case: bool, run: impl FnOnce(&[u8]) -> T) -> T {
    if !ignore_case || !bytes.iter().any(u8::is_ascii_uppercase) {
        return run(bytes);
    }
    with_copy(bytes, <[u8]>::make_ascii_lowercase, run)
}

/// Calls `run` with a changed copy, on the stack if it is short.
fn with_copy<T>(bytes: &[u8], change: fn(&mut [u8]), run: impl FnOnce(&[u8]) -> T) -> T {
    let mut small = [0u8; 256];
    if let Some(copy) = small.get_mut(..bytes.len()) {
        copy.copy_from_slice(bytes);
        change(copy);
        return run(copy);
    }
    let mut copy = bytes.to_vec();
    change(&mut copy);
    run(&copy)
}
