//! Stick counters: `track-sc0`, `sc-inc-gpc0`, `sc-set-gpt0`, …

use std::sync::{Arc, OnceLock};

use super::{Action, Keyword, Parse, Stage};
use crate::exchange::Stream;
use crate::rule::Flow;
use crate::sample::{Context, Expression, Late, Target, Value};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;
use crate::table::{Data, Table};
use crate::time::monotonic_ms;

const TRACKING: &[Stage] = &[
    Stage::TcpRequestConnection,
    Stage::TcpRequestSession,
    Stage::TcpRequestContent,
    Stage::HttpRequest,
    Stage::HttpResponse,
];

const ALL: &[Stage] = &[
    Stage::TcpRequestConnection,
    Stage::TcpRequestSession,
    Stage::TcpRequestContent,
    Stage::TcpResponseContent,
    Stage::HttpRequest,
    Stage::HttpResponse,
    Stage::HttpAfterResponse,
];

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        // The slot is part of the name: `track-sc0`.
        name: "track-sc",
        stages: TRACKING,
        documentation: "Tracks a key in a slot of the stick counters.",
        example: "track-sc0 src table app",
        parse: |name, words, context| Ok(Box::new(Track::parse(name, words, context)?)),
    },
    counter(
        "sc-inc-gpc",
        "Adds one to an element of 'gpc' of a tracked key.",
        "sc-inc-gpc(0,0)",
        |name, words, _| {
            let (index, slot) = index_and_slot(name, "gpc")?;
            nothing_more(words)?;
            Ok(Box::new(Increment { slot, at: [(Data::Gpc, index), (Data::GpcRate, index)] }))
        },
    ),
    counter(
        "sc-inc-gpc0",
        "Adds one to 'gpc0' of a tracked key.",
        "sc-inc-gpc0(0)",
        |name, words, _| {
            nothing_more(words)?;
            Ok(Box::new(Increment { slot: slot(name), at: [(Data::Gpc0, 0), (Data::Gpc0Rate, 0)] }))
        },
    ),
    counter(
        "sc-inc-gpc1",
        "Adds one to 'gpc1' of a tracked key.",
        "sc-inc-gpc1(0)",
        |name, words, _| {
            nothing_more(words)?;
            Ok(Box::new(Increment { slot: slot(name), at: [(Data::Gpc1, 0), (Data::Gpc1Rate, 0)] }))
        },
    ),
    counter(
        "sc-add-gpc",
        "Adds to an element of 'gpc' of a tracked key.",
        "sc-add-gpc(0,0) 5",
        |name, words, context| {
            let (index, slot) = index_and_slot(name, "gpc")?;
            let amount = Amount::parse(words, context)?;
            Ok(Box::new(Change { slot, data: Data::Gpc, index, amount, add: true }))
        },
    ),
    counter(
        "sc-set-gpt",
        "Sets an element of 'gpt' of a tracked key.",
        "sc-set-gpt(0,0) 5",
        |name, words, context| {
            let (index, slot) = index_and_slot(name, "gpt")?;
            let amount = Amount::parse(words, context)?;
            Ok(Box::new(Change { slot, data: Data::Gpt, index, amount, add: false }))
        },
    ),
    counter(
        "sc-set-gpt0",
        "Sets 'gpt0' of a tracked key.",
        "sc-set-gpt0(0) 5",
        |name, words, context| {
            let amount = Amount::parse(words, context)?;
            Ok(Box::new(Change {
                slot: slot(name),
                data: Data::Gpt0,
                index: 0,
                amount,
                add: false,
            }))
        },
    ),
];

const fn counter(
    name: &'static str,
    documentation: &'static str,
    example: &'static str,
    parse: Parse,
) -> Keyword {
    Keyword { name, stages: ALL, documentation, example, parse }
}

#[derive(Debug)]
struct Track {
    slot: usize,
    key: Expression,
    table: Late<Table>,
}

impl Track {
    /// `track-sc<slot> <key> [table <table>]`.
    fn parse(name: &Word, words: &[Word], context: &Context<'_>) -> Result<Self, Diagnostic> {
        let number = name.text.trim_start_matches("track-sc");
        let slot: usize = number.parse().map_err(|_| {
            Diagnostic::alert(name.span, format!("invalid track-sc number '{number}'."))
        })?;
        let slots = context.loading.stick_counters();
        if slot >= slots {
            return Err(Diagnostic::alert(
                name.span,
                format!(
                    "{slot} track-sc number exceeding {} (tune.stick-counters-1) value.",
                    slots.saturating_sub(1)
                ),
            ));
        }
        let Some((key, rest)) = words.split_first() else {
            return Err(Diagnostic::alert(name.span, "missing fetch method."));
        };
        let key = Expression::parse(&key.text, context)
            .map_err(|error| Diagnostic::alert(key.span, error))?;
        let table = match rest {
            [] => context.proxy,
            [keyword, table] if keyword.text == "table" => &table.text,
            [keyword] if keyword.text == "table" => {
                return Err(Diagnostic::alert(keyword.span, "missing table name."));
            }
            [other, ..] => {
                return Err(Diagnostic::alert(
                    other.span,
                    format!("unexpected argument '{other}' after the key"),
                ));
            }
        };
        let late = Arc::new(OnceLock::new());
        let target = Target::Table { name: table.to_owned(), slot: Arc::clone(&late) };
        context.refer(NAMES.get(slot).unwrap_or(&"track-sc"), 0, target);
        Ok(Self { slot, key, table: late })
    }
}

impl Action for Track {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let Some(table) = self.table.get() else { return Flow::Next };
        if stream.tracked.get(self.slot).is_some() {
            return Flow::Next;
        }
        let Some(value) = self.key.evaluate(stream) else { return Flow::Next };
        let Some(key) = table.declaration.key.key(value) else { return Flow::Next };
        let now = monotonic_ms();
        if let Some(entry) = table.find_or_insert(key, now) {
            stream.tracked.track(self.slot, Arc::clone(table), entry, now);
            // A request that has been received counts for who is tracked from here on.
            if stream.request.is_present()
                && let Some(tracking) = stream.tracked.get(self.slot)
            {
                tracking.add(Data::HttpReqCnt, 1, now);
                tracking.add(Data::HttpReqRate, 1, now);
            }
        }
        Flow::Next
    }
}

/// Counts one event in a counter and in its rate, whichever the table stores.
#[derive(Debug)]
struct Increment {
    slot: usize,
    at: [(Data, usize); 2],
}

impl Action for Increment {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        if let Some(tracking) = stream.tracked.get(self.slot) {
            let now = monotonic_ms();
            for (data, index) in self.at {
                if let Some(at) = position(&tracking.table, data, index) {
                    tracking.entry.add(at, 1, now);
                }
            }
        }
        Flow::Next
    }
}

/// Sets a number, or adds to it.
#[derive(Debug)]
struct Change {
    slot: usize,
    data: Data,
    index: usize,
    amount: Amount,
    add: bool,
}

impl Action for Change {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        if let Some(tracking) = stream.tracked.get(self.slot)
            && let Some(at) = position(&tracking.table, self.data, self.index)
            && let Some(amount) = self.amount.get(stream)
        {
            let now = monotonic_ms();
            if self.add {
                tracking.entry.add(at, amount, now);
                if let Some(rate) = position(&tracking.table, Data::GpcRate, self.index) {
                    tracking.entry.add(rate, amount, now);
                }
            } else {
                tracking.entry.set(at, amount, now);
            }
        }
        Flow::Next
    }
}

/// An integer, or what an expression gives as one.
#[derive(Debug)]
enum Amount {
    Constant(u64),
    Expression(Expression),
}

impl Amount {
    fn parse(words: &[Word], context: &Context<'_>) -> Result<Self, Diagnostic> {
        let [word] = words else {
            let nothing = Ok(Self::Constant(0));
            return words.get(1).map_or(nothing, |extra| {
                Err(Diagnostic::alert(extra.span, format!("unexpected argument '{extra}'")))
            });
        };
        if let Ok(number) = word.text.parse::<i64>() {
            return Ok(Self::Constant(number as u32 as u64));
        }
        Expression::parse(&word.text, context)
            .map(Self::Expression)
            .map_err(|error| Diagnostic::alert(word.span, error))
    }

    fn get(&self, stream: &Stream<'_>) -> Option<u64> {
        match self {
            Self::Constant(number) => Some(*number),
            Self::Expression(expression) => {
                let value = expression.evaluate(stream).as_ref().and_then(Value::as_int)?;
                Some(u64::from(value as u32))
            }
        }
    }
}

fn position(table: &Table, data: Data, index: usize) -> Option<crate::table::Position> {
    let layout = &table.declaration.layout;
    if data.is_array() { layout.element(data, index) } else { layout.find(data) }
}

/// What stands in parentheses behind the action's name.
fn inside(name: &Word) -> &str {
    name.text.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'))
}

/// The slot; HAProxy takes what is no number as 0, and tracks nothing in slots that do not exist.
fn slot(name: &Word) -> usize {
    inside(name).trim().parse().unwrap_or(0)
}

fn index_and_slot(name: &Word, what: &str) -> Result<(usize, usize), Diagnostic> {
    let base = name.text.split('(').next().unwrap_or_default();
    let missing = || {
        let form = format!("{base}(<{} ID>,<Track ID>)", what.to_ascii_uppercase());
        Diagnostic::alert(name.span, format!("Missing {what} ID '{name}'. Expects {form}."))
    };
    let (index, slot) = inside(name).split_once(',').ok_or_else(missing)?;
    let number = |text: &str| {
        text.trim().parse().map_err(|_| {
            Diagnostic::alert(name.span, format!("invalid {what} ID '{text}' in '{name}'"))
        })
    };
    Ok((number(index)?, number(slot)?))
}

fn nothing_more(words: &[Word]) -> Result<(), Diagnostic> {
    match words.first() {
        None => Ok(()),
        Some(word) => Err(Diagnostic::alert(word.span, format!("unexpected argument '{word}'"))),
    }
}

/// What messages call the action of a slot.
const NAMES: &[&str] = &[
    "track-sc0",
    "track-sc1",
    "track-sc2",
    "track-sc3",
    "track-sc4",
    "track-sc5",
    "track-sc6",
    "track-sc7",
    "track-sc8",
    "track-sc9",
    "track-sc10",
    "track-sc11",
];
