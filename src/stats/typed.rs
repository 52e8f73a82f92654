//! The typed form: one value a line, with position, tags and type (management guide, section
//! 9.2 and `show stat typed`, `show info typed`).

use std::fmt::Write;

use super::column::columns;
use super::info::facts;
use super::row::{Kind, Row};
use super::{Context, value::Value};

/// Appends one line for each value of each row.
pub fn write<'a>(rows: impl Iterator<Item = Row<'a>>, described: bool, out: &mut String) {
    for row in rows {
        let letter = match row.kind {
            Kind::Frontend(_) => 'F',
            Kind::Server(..) => 'S',
            Kind::Backend(_) => 'B',
        };
        let (proxy, id) = (row.proxy_id(), row.id());
        for (position, column) in columns() {
            let value = column.value(&row);
            if value == Value::Empty {
                continue;
            }
            let _ = write!(out, "{letter}.{proxy}.{id}.{position}.{}.1:", column.name);
            tail(&value, column.tags(&row), described.then_some(column.documentation), out);
        }
    }
}

/// Appends the facts of the process.
pub fn write_info(context: &Context<'_>, described: bool, out: &mut String) {
    for (fact, value) in facts(context) {
        let _ = write!(out, "{}.{}.1:", fact.position, fact.name);
        tail(&value, fact.tags, described.then_some(fact.documentation), out);
    }
}

fn tail(value: &Value<'_>, tags: &str, documentation: Option<&str>, out: &mut String) {
    let _ = write!(out, "{tags}:{}:{value}", value.type_name());
    if let Some(documentation) = documentation {
        let _ = write!(out, ":\"{documentation}\"");
    }
    out.push('\n');
}
