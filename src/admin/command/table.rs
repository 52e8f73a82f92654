//! `show table`, `set table`, `clear table`.

use std::fmt::Write;
use std::sync::Arc;

use super::{Call, Keyword};
use crate::proxy::Level;
use crate::table::{Class, Column, Data, Entry, Key, KeyType, Position, Table};

pub(super) const CLEAR: &[Keyword] = &[Keyword {
    words: &["clear", "table"],
    level: Level::Operator,
    usage: "clear table <table> [<filter>]*",
    documentation: "remove an entry from a table (filter: data/key)",
    run: clear,
}];

pub(super) const SET: &[Keyword] = &[Keyword {
    words: &["set", "table"],
    level: Level::Operator,
    usage: "set table <table> key <k> [data.* <v>]*",
    documentation: "update or create a table entry's data",
    run: set,
}];

pub(super) const SHOW: &[Keyword] = &[Keyword {
    words: &["show", "table"],
    level: Level::User,
    usage: "show table [<table> [<filter>]*]",
    documentation: "report table usage stats or dump this table's contents (filter: data/key)",
    run: show,
}];

/// Which entries are meant.
enum Wanted {
    Key(Key),
    /// The address that `show table` gave.
    Pointer(usize),
    /// Those for which all of these hold.
    Data(Vec<Filter>),
}

/// `data.<type> <operator> <value>`.
struct Filter {
    at: Position,
    operator: fn(i64, i64) -> bool,
    value: i64,
}

fn show(call: &mut Call<'_>) -> Result<(), String> {
    let now = call.context.now_ms();
    let plan = &call.context.plan;
    let Some(name) = call.word(2) else {
        for table in plan.tables.iter().rev() {
            table.sweep(now);
            header(table, call.out);
        }
        return Ok(());
    };
    let table = named(call, name)?;
    let wanted = match &call.words[3..] {
        [] => Wanted::Data(Vec::new()),
        rest => wanted(table, rest, SHOW_USAGE)?,
    };
    let found = matching(table, &wanted, now)?;
    if matches!(wanted, Wanted::Data(_)) || !found.is_empty() {
        header(table, call.out);
    }
    for entry in found {
        line(table, &entry, now, call.out);
    }
    Ok(())
}

fn clear(call: &mut Call<'_>) -> Result<(), String> {
    let name = call.word(2).ok_or(CLEAR_USAGE)?;
    let table = named(call, name)?;
    let wanted = match &call.words[3..] {
        [] => Wanted::Data(Vec::new()),
        rest => wanted(table, rest, CLEAR_USAGE)?,
    };
    let now = call.context.now_ms();
    for entry in matching(table, &wanted, now)? {
        let removed = table.remove(&entry.key);
        if !removed && !matches!(wanted, Wanted::Data(_)) {
            return Err("Entry currently in use, cannot remove".to_owned());
        }
    }
    Ok(())
}

fn set(call: &mut Call<'_>) -> Result<(), String> {
    let name = call.word(2).ok_or(SET_USAGE)?;
    let table = named(call, name)?;
    let (words, now) = (&call.words[3..], call.context.now_ms());
    let entry = match words {
        [] => return Ok(()),
        [keyword, rest @ ..] if keyword == "key" => {
            let text = rest.first().ok_or(KEY_EXPECTED)?;
            if matches!(table.declaration.key, KeyType::Binary(_)) {
                return Err(NOT_INSERTED.to_owned());
            }
            let key = key(table, text)?;
            table.find_or_insert(key, now).ok_or("Unable to allocate a new entry")?
        }
        [keyword, ..] if keyword == "ptr" => {
            let wanted = wanted(table, words, SET_USAGE)?;
            matching(table, &wanted, now)?.pop().ok_or(NO_POINTER)?
        }
        _ => return Err(SET_USAGE.to_owned()),
    };
    table.touch(&entry, now);
    for pair in words[2..].chunks(2) {
        let at = data(table, &pair[0], "Data type expected")?;
        let value = pair.get(1).and_then(|text| text.parse::<i64>().ok());
        let value = value.ok_or("Require a valid integer value to store")?;
        entry.set(at, value as u64, now);
    }
    Ok(())
}

fn named<'a>(call: &Call<'a>, name: &str) -> Result<&'a Arc<Table>, String> {
    let mut tables = call.context.plan.tables.iter();
    tables.find(|table| table.name == name).ok_or_else(|| "No such table".to_owned())
}

/// Reads `key …`, `ptr …` or filters.
fn wanted(table: &Table, words: &[String], usage: &str) -> Result<Wanted, String> {
    match words {
        [keyword, rest @ ..] if keyword == "key" => {
            let text = rest.first().ok_or(KEY_EXPECTED)?;
            Ok(Wanted::Key(key(table, text)?))
        }
        [keyword, rest @ ..] if keyword == "ptr" => {
            let text = rest.first().map_or("", String::as_str);
            let digits = text.strip_prefix("0x").and_then(|it| usize::from_str_radix(it, 16).ok());
            digits.map(Wanted::Pointer).ok_or_else(|| "Pointer expected (0xffff notation)".into())
        }
        [first, ..] if first.starts_with("data.") => words
            .chunks(3)
            .enumerate()
            .map(|(n, it)| filter(table, n + 1, it))
            .collect::<Result<_, _>>()
            .map(Wanted::Data),
        _ => Err(usage.to_owned()),
    }
}

fn filter(table: &Table, number: usize, words: &[String]) -> Result<Filter, String> {
    let within = |error: &str| format!("Filter entry #{number}: {error}");
    let at = data(table, &words[0], "Data type expected").map_err(|error| within(&error))?;
    let operator: fn(i64, i64) -> bool = match words.get(1).map_or("", String::as_str) {
        "eq" => |a, b| a == b,
        "ne" => |a, b| a != b,
        "le" => |a, b| a <= b,
        "ge" => |a, b| a >= b,
        "lt" => |a, b| a < b,
        "gt" => |a, b| a > b,
        _ => return Err(within(OPERATOR_EXPECTED)),
    };
    let value = words.get(2).and_then(|text| text.parse().ok());
    let value = value.ok_or_else(|| within("Require a valid integer value to compare against"))?;
    Ok(Filter { at, operator, value })
}

/// Where `data.<type>` or `data.<type>[<index>]` lies.
fn data(table: &Table, word: &str, missing: &str) -> Result<Position, String> {
    let name = word.strip_prefix("data.").ok_or(missing)?;
    let (name, index) = match name.split_once('[') {
        Some((name, rest)) => (name, rest.trim_end_matches(']').parse().ok()),
        None => (name, None),
    };
    let data = Data::of(name).ok_or("Unknown data type")?;
    let layout = &table.declaration.layout;
    let at = match index {
        Some(index) => layout.element(data, index),
        None => layout.find(data),
    };
    at.ok_or_else(|| "Data type not stored in this table".to_owned())
}

/// Integers are read as far as they go.
fn key(table: &Table, text: &str) -> Result<Key, String> {
    let key = match table.declaration.key {
        KeyType::Integer => {
            let (number, _) = super::split_number(text);
            Some(Key::Integer(number.unwrap_or(0) as u32))
        }
        kind => kind.key_of_text(text),
    };
    key.ok_or_else(|| "Invalid key".to_owned())
}

fn matching(table: &Table, wanted: &Wanted, now: u64) -> Result<Vec<Arc<Entry>>, String> {
    Ok(match wanted {
        Wanted::Key(key) => table.find(key, now).into_iter().collect(),
        Wanted::Pointer(pointer) => {
            let mut entries = table.entries(now);
            entries.retain(|entry| Arc::as_ptr(entry) as usize == *pointer);
            if entries.is_empty() {
                return Err(NO_POINTER.to_owned());
            }
            entries
        }
        Wanted::Data(filters) => {
            let mut entries = table.entries(now);
            entries.retain(|entry| {
                filters.iter().all(|it| (it.operator)(entry.get(it.at, now) as i64, it.value))
            });
            entries
        }
    })
}

fn header(table: &Table, out: &mut String) {
    let (kind, size) = (table.declaration.key.name(), table.declaration.size);
    let _ =
        writeln!(out, "# table: {}, type: {kind}, size:{size}, used:{}", table.name, table.used());
}

fn line(table: &Table, entry: &Arc<Entry>, now: u64, out: &mut String) {
    let _ = write!(
        out,
        "{:p}: key={} use={} exp={} shard=0",
        Arc::as_ptr(entry),
        entry.key,
        entry.users(),
        entry.expires_in(now)
    );
    for column in table.declaration.layout.columns() {
        values(column, entry, now, out);
    }
    out.push('\n');
}

fn values(column: &Column, entry: &Entry, now: u64, out: &mut String) {
    let name = column.data.name();
    if column.data.class() == Class::Text {
        let _ = write!(out, " {name}={}", entry.text().as_deref().unwrap_or("-"));
        return;
    }
    for element in 0..column.elements {
        let Some(at) = column.element(element) else { continue };
        let name = match (column.data.is_array(), name.strip_suffix("_rate")) {
            (true, Some(base)) => format!("{base}{element}_rate"),
            (true, None) => format!("{name}{element}"),
            (false, _) => name.to_owned(),
        };
        let period = match column.data.class() {
            Class::Rate => format!("({})", column.period_ms),
            _ => String::new(),
        };
        let _ = write!(out, " {name}{period}={}", entry.get(at, now));
    }
}

const KEY_EXPECTED: &str = "Key value expected";
const NO_POINTER: &str = "No entry can be found matching ptr.";
const OPERATOR_EXPECTED: &str =
    "Require and operator among \"eq\", \"ne\", \"le\", \"ge\", \"lt\", \"gt\"";
const NOT_INSERTED: &str = "Inserting keys into tables of type other than ip, ipv6, string and \
                            integer is not supported";
const SHOW_USAGE: &str = "Optional argument only supports \"data.<store_data_type>\" <operator> \
                          <value> or key <key> or ptr <ptr>";
const CLEAR_USAGE: &str = "Required arguments: <table> \"data.<store_data_type>\" <operator> \
                           <value> or <table> key <key> or <table> ptr <ptr>";
const SET_USAGE: &str = "Required arguments: <table> key <key> [data.<store_data_type> <value>]* \
                         or <table> ptr <ptr> [data.<store_data_type> <value>]*";
