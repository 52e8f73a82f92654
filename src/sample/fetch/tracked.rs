//! What stick tables know of tracked keys and of the client's address (manual, section 7.3.3,
//! `sc_…`, `sc0_…` and `src_…`).

use std::sync::Arc;

use super::{Fetch, Layer, Run};
use crate::exchange::Stream;
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};
use crate::table::{Data, Entry, Position, Table};
use crate::time::monotonic_ms;

/// Whose entry is meant.
#[derive(Clone, Copy)]
enum Whose {
    /// The key in this slot.
    Slot(usize),
    /// The key in the slot that an argument gives.
    SlotArgument,
    /// The client's address.
    Source,
}

/// An entry, if there is one, and its table.
struct Found<'a> {
    table: &'a Arc<Table>,
    entry: Option<Arc<Entry>>,
}

/// The entries of one family of names. `$before` are the arguments before the table.
macro_rules! family {
    ($list:ident, $prefix:literal, $whose:expr, $before:expr, $table:expr, $what:literal) => {
        pub(super) const $list: &[Fetch] = &[
            family!(@get $prefix, "_bytes_in_rate", BytesInRate, $whose, $before, $table, $what),
            family!(@get $prefix, "_bytes_out_rate", BytesOutRate, $whose, $before, $table, $what),
            family!(@get $prefix, "_conn_cnt", ConnCnt, $whose, $before, $table, $what),
            family!(@get $prefix, "_conn_cur", ConnCur, $whose, $before, $table, $what),
            family!(@get $prefix, "_conn_rate", ConnRate, $whose, $before, $table, $what),
            family!(@get $prefix, "_get_gpc0", Gpc0, $whose, $before, $table, $what),
            family!(@get $prefix, "_get_gpc1", Gpc1, $whose, $before, $table, $what),
            family!(@get $prefix, "_get_gpt0", Gpt0, $whose, $before, $table, $what),
            family!(@get $prefix, "_glitch_cnt", GlitchCnt, $whose, $before, $table, $what),
            family!(@get $prefix, "_glitch_rate", GlitchRate, $whose, $before, $table, $what),
            family!(@get $prefix, "_gpc0_rate", Gpc0Rate, $whose, $before, $table, $what),
            family!(@get $prefix, "_gpc1_rate", Gpc1Rate, $whose, $before, $table, $what),
            family!(@get $prefix, "_http_err_cnt", HttpErrCnt, $whose, $before, $table, $what),
            family!(@get $prefix, "_http_err_rate", HttpErrRate, $whose, $before, $table, $what),
            family!(@get $prefix, "_http_fail_cnt", HttpFailCnt, $whose, $before, $table, $what),
            family!(@get $prefix, "_http_fail_rate", HttpFailRate, $whose, $before, $table, $what),
            family!(@get $prefix, "_http_req_cnt", HttpReqCnt, $whose, $before, $table, $what),
            family!(@get $prefix, "_http_req_rate", HttpReqRate, $whose, $before, $table, $what),
            family!(@get $prefix, "_sess_cnt", SessCnt, $whose, $before, $table, $what),
            family!(@get $prefix, "_sess_rate", SessRate, $whose, $before, $table, $what),
            family!(@run $prefix, "_kbytes_in", $before, $table, $what, Type::Int,
                |stream, args| kilobytes(stream, args, $whose, Data::BytesInCnt)),
            family!(@run $prefix, "_kbytes_out", $before, $table, $what, Type::Int,
                |stream, args| kilobytes(stream, args, $whose, Data::BytesOutCnt)),
            family!(@run $prefix, "_clr_gpc0", $before, $table, $what, Type::Int,
                |stream, args| clear(stream, args, $whose, Data::Gpc0)),
            family!(@run $prefix, "_clr_gpc1", $before, $table, $what, Type::Int,
                |stream, args| clear(stream, args, $whose, Data::Gpc1)),
            family!(@run $prefix, "_inc_gpc0", $before, $table, $what, Type::Int,
                |stream, args| increment(stream, args, $whose, (Data::Gpc0, Data::Gpc0Rate))),
            family!(@run $prefix, "_inc_gpc1", $before, $table, $what, Type::Int,
                |stream, args| increment(stream, args, $whose, (Data::Gpc1, Data::Gpc1Rate))),
        ];
    };
    (@get $prefix:literal, $name:literal, $data:ident, $whose:expr, $before:expr, $table:expr,
     $what:literal) => {
        family!(@run $prefix, $name, $before, $table, $what, Type::Int,
            |stream, args| get(stream, args, $whose, Data::$data))
    };
    (@run $prefix:literal, $name:literal, $before:expr, $table:expr, $what:literal, $type:expr,
     $run:expr) => {
        Fetch {
            name: concat!($prefix, $name),
            required: $before,
            optional: $table,
            check: None,
            output: $type,
            layer: Layer::Internal,
            documentation: concat!("Of ", $what, ": what its name says (section 11.1)."),
            example: "",
            run: Run::One($run),
        }
    };
}

family!(SC0, "sc0", Whose::Slot(0), &[], TABLE, "the key in slot 0");
family!(SC1, "sc1", Whose::Slot(1), &[], TABLE, "the key in slot 1");
family!(SC2, "sc2", Whose::Slot(2), &[], TABLE, "the key in slot 2");
family!(SC, "sc", Whose::SlotArgument, &[Shape::Unsigned], TABLE, "the key in a slot");
family!(SRC, "src", Whose::Source, &[], OWN_TABLE, "the client's address");

/// What not every family has.
macro_rules! other {
    ($name:literal, $required:expr, $optional:expr, $type:expr, $doc:literal, $run:expr) => {
        Fetch {
            name: $name,
            required: $required,
            optional: $optional,
            check: None,
            output: $type,
            layer: Layer::Internal,
            documentation: $doc,
            example: "",
            run: Run::One($run),
        }
    };
}

const TABLE: &[Shape] = &[Shape::Table];
const OWN_TABLE: &[Shape] = &[Shape::OwnTable];
const SLOT: &[Shape] = &[Shape::Unsigned];
const INDEX_SLOT: &[Shape] = &[Shape::Unsigned, Shape::Unsigned];

pub(super) const OTHERS: &[Fetch] = &[
    other!(
        "sc_tracked",
        SLOT,
        TABLE,
        Type::Bool,
        "Whether something is tracked in a slot.",
        |stream, args| Some(tracked(stream, args, Whose::SlotArgument))
    ),
    other!(
        "sc0_tracked",
        &[],
        TABLE,
        Type::Bool,
        "Whether something is tracked in slot 0.",
        |stream, args| Some(tracked(stream, args, Whose::Slot(0)))
    ),
    other!(
        "sc1_tracked",
        &[],
        TABLE,
        Type::Bool,
        "Whether something is tracked in slot 1.",
        |stream, args| Some(tracked(stream, args, Whose::Slot(1)))
    ),
    other!(
        "sc2_tracked",
        &[],
        TABLE,
        Type::Bool,
        "Whether something is tracked in slot 2.",
        |stream, args| Some(tracked(stream, args, Whose::Slot(2)))
    ),
    other!(
        "sc_trackers",
        SLOT,
        TABLE,
        Type::Int,
        "How many track the key in a slot.",
        |stream, args| trackers(stream, args, Whose::SlotArgument)
    ),
    other!(
        "sc0_trackers",
        &[],
        TABLE,
        Type::Int,
        "How many track the key in slot 0.",
        |stream, args| trackers(stream, args, Whose::Slot(0))
    ),
    other!(
        "sc1_trackers",
        &[],
        TABLE,
        Type::Int,
        "How many track the key in slot 1.",
        |stream, args| trackers(stream, args, Whose::Slot(1))
    ),
    other!(
        "sc2_trackers",
        &[],
        TABLE,
        Type::Int,
        "How many track the key in slot 2.",
        |stream, args| trackers(stream, args, Whose::Slot(2))
    ),
    other!("sc_key", SLOT, &[], Type::Any, "The key in a slot.", |stream, args| key(
        stream,
        index_of(args)?
    )),
    other!("sc0_key", &[], &[], Type::Any, "The key in slot 0.", |stream, _| key(stream, 0)),
    other!("sc1_key", &[], &[], Type::Any, "The key in slot 1.", |stream, _| key(stream, 1)),
    other!("sc2_key", &[], &[], Type::Any, "The key in slot 2.", |stream, _| key(stream, 2)),
    other!(
        "sc_get_gpc",
        INDEX_SLOT,
        TABLE,
        Type::Int,
        "An element of 'gpc' of the key in a slot.",
        |stream, args| get_element(stream, args, Whose::SlotArgument, Data::Gpc)
    ),
    other!(
        "sc_get_gpt",
        INDEX_SLOT,
        TABLE,
        Type::Int,
        "An element of 'gpt' of the key in a slot.",
        |stream, args| get_element(stream, args, Whose::SlotArgument, Data::Gpt)
    ),
    other!(
        "sc_gpc_rate",
        INDEX_SLOT,
        TABLE,
        Type::Int,
        "An element of 'gpc_rate' of the key in a slot.",
        |stream, args| get_element(stream, args, Whose::SlotArgument, Data::GpcRate)
    ),
    other!(
        "sc_inc_gpc",
        INDEX_SLOT,
        TABLE,
        Type::Int,
        "Adds one to an element of 'gpc' of the key in a slot.",
        |stream, args| increment_element(stream, args, Whose::SlotArgument)
    ),
    other!(
        "sc_clr_gpc",
        INDEX_SLOT,
        TABLE,
        Type::Int,
        "Clears an element of 'gpc' of the key in a slot.",
        |stream, args| clear_element(stream, args, Whose::SlotArgument)
    ),
    other!(
        "src_get_gpc",
        &[Shape::Unsigned],
        OWN_TABLE,
        Type::Int,
        "An element of 'gpc' of the client's address.",
        |stream, args| get_element(stream, args, Whose::Source, Data::Gpc)
    ),
    other!(
        "src_get_gpt",
        &[Shape::Unsigned],
        OWN_TABLE,
        Type::Int,
        "An element of 'gpt' of the client's address.",
        |stream, args| get_element(stream, args, Whose::Source, Data::Gpt)
    ),
    other!(
        "src_gpc_rate",
        &[Shape::Unsigned],
        OWN_TABLE,
        Type::Int,
        "An element of 'gpc_rate' of the client's address.",
        |stream, args| get_element(stream, args, Whose::Source, Data::GpcRate)
    ),
    other!(
        "src_inc_gpc",
        &[Shape::Unsigned],
        OWN_TABLE,
        Type::Int,
        "Adds one to an element of 'gpc' of the client's address.",
        |stream, args| increment_element(stream, args, Whose::Source)
    ),
    other!(
        "src_clr_gpc",
        &[Shape::Unsigned],
        OWN_TABLE,
        Type::Int,
        "Clears an element of 'gpc' of the client's address.",
        |stream, args| clear_element(stream, args, Whose::Source)
    ),
    other!(
        "src_updt_conn_cnt",
        &[],
        OWN_TABLE,
        Type::Int,
        "Counts a connection of the client's address.",
        count_connection
    ),
    other!(
        "table_avl",
        &[],
        OWN_TABLE,
        Type::Int,
        "Entries that a table has room for.",
        |_, args| {
            let table = args.table(0)?;
            Some(Value::Int(table.declaration.size.saturating_sub(table.used()) as i64))
        }
    ),
    other!("table_cnt", &[], OWN_TABLE, Type::Int, "Entries of a table.", |_, args| Some(
        Value::Int(args.table(0)?.used() as i64)
    )),
];

fn get<'a>(stream: &'a Stream<'_>, args: &'a Args, whose: Whose, data: Data) -> Option<Value<'a>> {
    let found = find(stream, args, whose, 0)?;
    number(&found, found.table.declaration.layout.find(data))
}

fn get_element<'a>(s: &'a Stream<'_>, a: &'a Args, whose: Whose, data: Data) -> Option<Value<'a>> {
    let found = find(s, a, whose, 1)?;
    number(&found, found.table.declaration.layout.element(data, index_of(a)?))
}

/// 0 of what has no entry; nothing of what is not stored.
fn number<'a>(found: &Found<'_>, at: Option<Position>) -> Option<Value<'a>> {
    let Some(entry) = &found.entry else { return Some(Value::Int(0)) };
    Some(Value::Int(entry.get(at?, monotonic_ms()) as i64))
}

fn kilobytes<'a>(s: &'a Stream<'_>, a: &'a Args, whose: Whose, data: Data) -> Option<Value<'a>> {
    match get(s, a, whose, data)? {
        Value::Int(bytes) => Some(Value::Int(bytes >> 10)),
        other => Some(other),
    }
}

fn clear<'a>(s: &'a Stream<'_>, a: &'a Args, whose: Whose, data: Data) -> Option<Value<'a>> {
    let found = find(s, a, whose, 0)?;
    reset(&found, found.table.declaration.layout.find(data))
}

fn clear_element<'a>(s: &'a Stream<'_>, a: &'a Args, whose: Whose) -> Option<Value<'a>> {
    let found = find(s, a, whose, 1)?;
    reset(&found, found.table.declaration.layout.element(Data::Gpc, index_of(a)?))
}

/// Sets a counter to zero and gives what it was.
fn reset<'a>(found: &Found<'_>, at: Option<Position>) -> Option<Value<'a>> {
    let Some(entry) = &found.entry else { return Some(Value::Int(0)) };
    Some(Value::Int(entry.clear(at?, monotonic_ms()) as i64))
}

fn increment<'a>(
    stream: &'a Stream<'_>,
    args: &'a Args,
    whose: Whose,
    (counter, rate): (Data, Data),
) -> Option<Value<'a>> {
    let found = find_or_insert(stream, args, whose, 0)?;
    let layout = &found.table.declaration.layout;
    count(&found, layout.find(counter), layout.find(rate))
}

fn increment_element<'a>(s: &'a Stream<'_>, a: &'a Args, whose: Whose) -> Option<Value<'a>> {
    let found = find_or_insert(s, a, whose, 1)?;
    let (layout, index) = (&found.table.declaration.layout, index_of(a)?);
    count(&found, layout.element(Data::Gpc, index), layout.element(Data::GpcRate, index))
}

/// Counts one event in a counter and in its rate; gives the counter's new value.
fn count<'a>(
    found: &Found<'_>,
    counter: Option<Position>,
    rate: Option<Position>,
) -> Option<Value<'a>> {
    let Some(entry) = &found.entry else { return Some(Value::Int(0)) };
    Some(Value::Int(entry.count(counter, rate, monotonic_ms())? as i64))
}

fn count_connection<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    let found = find_or_insert(stream, args, Whose::Source, 0)?;
    let at = found.table.declaration.layout.find(Data::ConnCnt)?;
    Some(Value::Int(found.entry?.add(at, 1, monotonic_ms()) as i64))
}

fn tracked<'a>(stream: &Stream<'_>, args: &Args, whose: Whose) -> Value<'a> {
    Value::Bool(find(stream, args, whose, 0).is_some_and(|found| found.entry.is_some()))
}

fn trackers<'a>(stream: &Stream<'_>, args: &Args, whose: Whose) -> Option<Value<'a>> {
    let found = find(stream, args, whose, 0)?;
    Some(Value::Int(found.entry.map_or(0, |entry| i64::from(entry.users()))))
}

fn key<'a>(stream: &'a Stream<'_>, slot: usize) -> Option<Value<'a>> {
    stream.tracked.get(slot).map(|tracking| tracking.entry.key.value())
}

/// The entry that is meant; `before` arguments stand before the slot or the table.
fn find<'a>(
    stream: &'a Stream<'_>,
    args: &'a Args,
    whose: Whose,
    before: usize,
) -> Option<Found<'a>> {
    let slot = match whose {
        Whose::Slot(slot) => slot,
        Whose::SlotArgument => usize::try_from(args.int(before)?).ok()?,
        Whose::Source => {
            let table = args.table(before)?;
            let key = table.declaration.key.key(Value::Ip(stream.connection.client.ip()?))?;
            return Some(Found { table, entry: table.find(&key, monotonic_ms()) });
        }
    };
    let tracking = stream.tracked.get(slot)?;
    let at = before + usize::from(matches!(whose, Whose::SlotArgument));
    match args.table(at) {
        Some(table) => {
            let entry = table.find(&tracking.entry.key, monotonic_ms());
            Some(Found { table, entry })
        }
        None => Some(Found { table: &tracking.table, entry: Some(Arc::clone(&tracking.entry)) }),
    }
}

/// As [`find`], but makes an entry for the client's address or for a key in another table.
fn find_or_insert<'a>(
    stream: &'a Stream<'_>,
    args: &'a Args,
    whose: Whose,
    before: usize,
) -> Option<Found<'a>> {
    let found = find(stream, args, whose, before)?;
    if found.entry.is_some() {
        return Some(found);
    }
    let kind = found.table.declaration.key;
    let key = match whose {
        Whose::Source => kind.key(Value::Ip(stream.connection.client.ip()?))?,
        Whose::Slot(slot) => kind.key(stream.tracked.get(slot)?.entry.key.value())?,
        Whose::SlotArgument => {
            let slot = usize::try_from(args.int(before)?).ok()?;
            kind.key(stream.tracked.get(slot)?.entry.key.value())?
        }
    };
    Some(Found { table: found.table, entry: found.table.find_or_insert(key, monotonic_ms()) })
}

fn index_of(args: &Args) -> Option<usize> {
    usize::try_from(args.int(0)?).ok()
}
