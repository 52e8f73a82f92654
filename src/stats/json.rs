//! Statistics as JSON (management guide, `show stat json`, `show info json`).

use std::fmt::Write;

use super::column::columns;
use super::info::facts;
use super::row::{Kind, Row};
use super::{Context, value::Value};

/// What `show schema json` answers.
pub const SCHEMA: &str = include_str!("schema.json");

/// Appends an array with one array of values for each row.
pub fn write<'a>(rows: impl Iterator<Item = Row<'a>>, out: &mut String) {
    out.push('[');
    for (n, row) in rows.enumerate() {
        if n > 0 {
            out.push(',');
        }
        self::row(&row, out);
    }
    out.push(']');
}

/// Appends an array with the facts of the process.
pub fn write_info(context: &Context<'_>, out: &mut String) {
    out.push('[');
    for (n, (fact, value)) in facts(context).enumerate() {
        if n > 0 {
            out.push(',');
        }
        out.push('{');
        field(fact.position, fact.name, fact.tags, &value, out);
    }
    out.push(']');
}

fn row(row: &Row<'_>, out: &mut String) {
    let kind = match row.kind {
        Kind::Frontend(_) => "Frontend",
        Kind::Server(..) => "Server",
        Kind::Backend(_) => "Backend",
    };
    out.push('[');
    let mut first = true;
    for (position, column) in columns() {
        let value = column.value(row);
        if value == Value::Empty {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        let (proxy, id) = (row.proxy_id(), row.id());
        let _ = write!(out, r#"{{"objType":"{kind}","proxyId":{proxy},"id":{id},"#);
        field(position, column.name, column.tags(row), &value, out);
    }
    out.push(']');
}

fn field(position: usize, name: &str, tags: &str, value: &Value<'_>, out: &mut String) {
    let _ = write!(
        out,
        r#""field":{{"pos":{position},"name":"{name}"}},"processNum":1,"tags":{{"origin":"{}","nature":"{}","scope":"{}"}},"value":{{"type":"{}","value":"#,
        word(ORIGINS, tags, 0),
        word(NATURES, tags, 1),
        word(SCOPES, tags, 2),
        value.type_name(),
    );
    match value {
        Value::Text(text) => string(text, out),
        number => {
            let _ = write!(out, "{number}");
        }
    }
    out.push_str("}}");
}

/// A JSON string (RFC 8259, section 7).
fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn word(words: &[(u8, &'static str)], tags: &str, at: usize) -> &'static str {
    let letter = tags.as_bytes().get(at).copied();
    words.iter().find(|(other, _)| Some(*other) == letter).map_or("Unknown", |(_, word)| word)
}

const ORIGINS: &[(u8, &str)] =
    &[(b'M', "Metric"), (b'S', "Status"), (b'K', "Key"), (b'C', "Config"), (b'P', "Product")];

const NATURES: &[(u8, &str)] = &[
    (b'G', "Gauge"),
    (b'L', "Limit"),
    (b'm', "Min"),
    (b'M', "Max"),
    (b'R', "Rate"),
    (b'C', "Counter"),
    (b'D', "Duration"),
    (b'A', "Age"),
    (b'T', "Time"),
    (b'N', "Name"),
    (b'O', "Output"),
    (b'a', "Avg"),
];

const SCOPES: &[(u8, &str)] =
    &[(b'C', "Cluster"), (b'P', "Process"), (b'S', "Service"), (b's', "System")];
