//! What stick tables know of a key (manual, section 7.3.1, `in_table` and `table_…`).

use std::sync::Arc;

use super::Converter;
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};
use crate::table::{Data, Entry, Table};
use crate::time::monotonic_ms;

macro_rules! table {
    ($name:literal, $required:expr, $optional:expr, $type:expr, $doc:literal, $run:expr) => {
        Converter {
            name: $name,
            required: $required,
            optional: $optional,
            input: Type::Any,
            output: $type,
            documentation: $doc,
            example: "",
            check: None,
            run: $run,
        }
    };
    ($name:literal, $data:ident) => {
        table!(
            $name,
            &[],
            &[Shape::OwnTable],
            Type::Int,
            "Of the key's entry in a table: what its name says; 0 without one.",
            |value, args, _| get(value, args, Data::$data)
        )
    };
}

pub(super) const KEYWORDS: &[Converter] = &[
    table!("table_bytes_in_rate", BytesInRate),
    table!("table_bytes_out_rate", BytesOutRate),
    table!("table_conn_cnt", ConnCnt),
    table!("table_conn_cur", ConnCur),
    table!("table_conn_rate", ConnRate),
    table!("table_glitch_cnt", GlitchCnt),
    table!("table_glitch_rate", GlitchRate),
    table!("table_gpc0", Gpc0),
    table!("table_gpc0_rate", Gpc0Rate),
    table!("table_gpc1", Gpc1),
    table!("table_gpc1_rate", Gpc1Rate),
    table!("table_gpt0", Gpt0),
    table!("table_http_err_cnt", HttpErrCnt),
    table!("table_http_err_rate", HttpErrRate),
    table!("table_http_fail_cnt", HttpFailCnt),
    table!("table_http_fail_rate", HttpFailRate),
    table!("table_http_req_cnt", HttpReqCnt),
    table!("table_http_req_rate", HttpReqRate),
    table!("table_server_id", ServerId),
    table!("table_sess_cnt", SessCnt),
    table!("table_sess_rate", SessRate),
    table!(
        "table_kbytes_in",
        &[],
        &[Shape::OwnTable],
        Type::Int,
        "Kilobytes from clients of the key.",
        |value, args, _| kilobytes(value, args, Data::BytesInCnt)
    ),
    table!(
        "table_kbytes_out",
        &[],
        &[Shape::OwnTable],
        Type::Int,
        "Kilobytes to clients of the key.",
        |value, args, _| kilobytes(value, args, Data::BytesOutCnt)
    ),
    table!(
        "in_table",
        &[],
        &[Shape::OwnTable],
        Type::Bool,
        "Whether a table has the key.",
        |value, args, _| {
            let table = args.table(0)?;
            Some(Value::Bool(find(value, table).is_some()))
        }
    ),
    table!(
        "table_trackers",
        &[],
        &[Shape::OwnTable],
        Type::Int,
        "How many track the key, the one who asks included.",
        |value, args, _| {
            let table = args.table(0)?;
            Some(Value::Int(find(value, table).map_or(0, |entry| i64::from(entry.users()) + 1)))
        }
    ),
    table!(
        "table_expire",
        &[],
        &[Shape::OwnTable, Shape::Int],
        Type::Int,
        "Milliseconds until the entry expires; the default, or nothing, without one.",
        |value, args, _| time(value, args, |entry, _, now| entry.expires_in(now))
    ),
    table!(
        "table_idle",
        &[],
        &[Shape::OwnTable, Shape::Int],
        Type::Int,
        "Milliseconds since the entry was used; the default, or nothing, without one.",
        |value, args, _| time(value, args, |entry, table, now| {
            table.declaration.expire_ms.saturating_sub(entry.expires_in(now))
        })
    ),
    table!(
        "table_gpc",
        &[Shape::Unsigned],
        &[Shape::OwnTable],
        Type::Int,
        "An element of 'gpc' of the key; 0 without an entry.",
        |value, args, _| element(value, args, Data::Gpc)
    ),
    table!(
        "table_gpt",
        &[Shape::Unsigned],
        &[Shape::OwnTable],
        Type::Int,
        "An element of 'gpt' of the key; 0 without an entry.",
        |value, args, _| element(value, args, Data::Gpt)
    ),
    table!(
        "table_gpc_rate",
        &[Shape::Unsigned],
        &[Shape::OwnTable],
        Type::Int,
        "An element of 'gpc_rate' of the key; 0 without an entry.",
        |value, args, _| element(value, args, Data::GpcRate)
    ),
    table!(
        "table_clr_gpc0",
        &[],
        &[Shape::OwnTable],
        Type::Int,
        "Clears 'gpc0'; gives what it was.",
        |value, args, _| {
            let table = args.table(0)?;
            clear(value, table, table.declaration.layout.find(Data::Gpc0))
        }
    ),
    table!(
        "table_clr_gpc1",
        &[],
        &[Shape::OwnTable],
        Type::Int,
        "Clears 'gpc1'; gives what it was.",
        |value, args, _| {
            let table = args.table(0)?;
            clear(value, table, table.declaration.layout.find(Data::Gpc1))
        }
    ),
    table!(
        "table_clr_gpc",
        &[Shape::Unsigned],
        &[Shape::OwnTable],
        Type::Int,
        "Clears an element of 'gpc'; gives what it was.",
        |value, args, _| {
            let table = args.table(1)?;
            clear(value, table, table.declaration.layout.element(Data::Gpc, index(args)?))
        }
    ),
    table!(
        "table_inc_gpc0",
        &[],
        &[Shape::OwnTable],
        Type::Int,
        "Adds one to 'gpc0'; gives what it is then.",
        |value, args, _| {
            let table = args.table(0)?;
            let layout = &table.declaration.layout;
            increment(value, table, (layout.find(Data::Gpc0), layout.find(Data::Gpc0Rate)))
        }
    ),
    table!(
        "table_inc_gpc1",
        &[],
        &[Shape::OwnTable],
        Type::Int,
        "Adds one to 'gpc1'; gives what it is then.",
        |value, args, _| {
            let table = args.table(0)?;
            let layout = &table.declaration.layout;
            increment(value, table, (layout.find(Data::Gpc1), layout.find(Data::Gpc1Rate)))
        }
    ),
    table!(
        "table_inc_gpc",
        &[Shape::Unsigned],
        &[Shape::OwnTable],
        Type::Int,
        "Adds one to an element of 'gpc'; gives what it is then.",
        |value, args, _| {
            let (table, index) = (args.table(1)?, index(args)?);
            let layout = &table.declaration.layout;
            let at = (layout.element(Data::Gpc, index), layout.element(Data::GpcRate, index));
            increment(value, table, at)
        }
    ),
];

type At = Option<crate::table::Position>;

/// The entry of the key that a sample stands for. Looking does not keep it.
fn find(value: Value<'_>, table: &Table) -> Option<Arc<Entry>> {
    table.find(&table.declaration.key.key(value)?, monotonic_ms())
}

fn get<'a>(value: Value<'a>, args: &'a Args, data: Data) -> Option<Value<'a>> {
    let table = args.table(0)?;
    number(value, table, table.declaration.layout.find(data))
}

fn element<'a>(value: Value<'a>, args: &'a Args, data: Data) -> Option<Value<'a>> {
    let table = args.table(1)?;
    number(value, table, table.declaration.layout.element(data, index(args)?))
}

/// 0 of what has no entry; nothing of what is not stored.
fn number<'a>(value: Value<'a>, table: &Table, at: At) -> Option<Value<'a>> {
    match find(value, table) {
        None => Some(Value::Int(0)),
        Some(entry) => Some(Value::Int(entry.get(at?, monotonic_ms()) as i64)),
    }
}

fn kilobytes<'a>(value: Value<'a>, args: &'a Args, data: Data) -> Option<Value<'a>> {
    match get(value, args, data)? {
        Value::Int(bytes) => Some(Value::Int(bytes >> 10)),
        other => Some(other),
    }
}

fn clear<'a>(value: Value<'a>, table: &Table, at: At) -> Option<Value<'a>> {
    let Some(entry) = find(value, table) else { return Some(Value::Int(0)) };
    Some(Value::Int(entry.clear(at?, monotonic_ms()) as i64))
}

/// Makes an entry where there is none.
fn increment<'a>(value: Value<'a>, table: &Table, (counter, rate): (At, At)) -> Option<Value<'a>> {
    let now = monotonic_ms();
    let entry = table.find_or_insert(table.declaration.key.key(value)?, now)?;
    Some(Value::Int(entry.count(counter, rate, now)? as i64))
}

fn time<'a>(
    value: Value<'a>,
    args: &'a Args,
    of: impl Fn(&Entry, &Table, u64) -> u64,
) -> Option<Value<'a>> {
    let table = args.table(0)?;
    match find(value, table) {
        Some(entry) => Some(Value::Int(of(&entry, table, monotonic_ms()) as i64)),
        None => args.int(1).map(Value::Int),
    }
}

fn index(args: &Args) -> Option<usize> {
    usize::try_from(args.int(0)?).ok()
}
