//! Statistics as comma-separated values (management guide, section 9.1).

use std::fmt::Write;

use super::column::{Column, extensible, fixed};
use super::row::Row;
use super::value::Value;

/// Appends the header and one line for each row.
pub fn write<'a>(rows: impl Iterator<Item = Row<'a>>, out: &mut String) {
    header(out);
    for row in rows {
        line(&row, out);
    }
}

fn header(out: &mut String) {
    out.push_str("# ");
    names(fixed(), out);
    out.push_str("-,");
    names(extensible(), out);
    out.push('\n');
}

fn names(columns: impl Iterator<Item = &'static Column>, out: &mut String) {
    for column in columns {
        out.push_str(column.name);
        out.push(',');
    }
}

fn line(row: &Row<'_>, out: &mut String) {
    values(row, fixed(), out);
    out.push_str("-,");
    values(row, extensible(), out);
    out.push('\n');
}

fn values(row: &Row<'_>, columns: impl Iterator<Item = &'static Column>, out: &mut String) {
    for column in columns {
        match column.value(row) {
            Value::Text(text) => quoted(&text, out),
            value => {
                let _ = write!(out, "{value}");
            }
        }
        out.push(',');
    }
}

/// A text with a comma, a quote or a line end stands in quotes, and its quotes are doubled.
fn quoted(text: &str, out: &mut String) {
    if !text.contains(['"', ',', '\n', '\r']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(if c == '\n' || c == '\r' { ' ' } else { c });
    }
    out.push('"');
}
