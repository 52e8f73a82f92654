//! The columns of the statistics in HAProxy's order: CSV, typed, JSON and the page derive from
//! this slice (management guide, section 9.1).

mod protocol;
mod state;
mod traffic;

use super::row::{Kind, Row};
use super::value::Value;
use crate::proxy::Mode;

/// A column: what it is called, what it says, and how it is found.
pub struct Column {
    pub name: &'static str,
    /// Origin, nature, scope and persistence (section 9.2).
    tags: &'static str,
    /// Kinds of lines that have it.
    of: u8,
    pub documentation: &'static str,
    value: for<'a> fn(&Row<'a>) -> Value<'a>,
}

impl Column {
    /// The value on a line; empty where the column means nothing.
    #[must_use]
    pub fn value<'a>(&self, row: &Row<'a>) -> Value<'a> {
        let here = match row.kind {
            Kind::Frontend(_) => FRONTEND,
            Kind::Server(..) => SERVER,
            Kind::Backend(_) => BACKEND,
        };
        if self.of & here == 0 || (self.of & HTTP != 0 && row.mode() != Mode::Http) {
            return Value::Empty;
        }
        (self.value)(row)
    }

    /// The tags on a line. A server's share in `act` and `bck` is a state, a backend's a count.
    #[must_use]
    pub fn tags(&self, row: &Row<'_>) -> &'static str {
        match (self.name, row.kind) {
            ("act" | "bck" | "rate_max", Kind::Backend(_)) => "MGPV",
            _ => self.tags,
        }
    }
}

/// All columns with their positions.
pub fn columns() -> impl Iterator<Item = (usize, &'static Column)> {
    fixed().chain(extensible()).enumerate()
}

/// The columns before the separator, whose positions never change.
pub(super) fn fixed() -> impl Iterator<Item = &'static Column> {
    state::COLUMNS.iter().chain(traffic::COLUMNS)
}

/// The columns behind the separator.
pub(super) fn extensible() -> impl Iterator<Item = &'static Column> {
    protocol::COLUMNS.iter()
}

/// The column with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Column> {
    columns().map(|(_, column)| column).find(|column| column.name == name)
}

const fn column(
    name: &'static str,
    tags: &'static str,
    of: u8,
    documentation: &'static str,
    value: for<'a> fn(&Row<'a>) -> Value<'a>,
) -> Column {
    Column { name, tags, of, documentation, value }
}

const FRONTEND: u8 = 1;
const SERVER: u8 = 2;
const BACKEND: u8 = 4;
/// Lines of single listeners, which are not shown.
const LISTENER: u8 = 0;
/// Only in HTTP mode.
const HTTP: u8 = 8;
