//! `stick-table type … size …` (manual, section 11.1).

use super::data::{Class, Data};
use super::key::KeyType;
use super::layout::Layout;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::value::duration::{MAX_MS, Unit, duration_ms};
use crate::syntax::value::size::size;
use crate::syntax::word::Word;

/// What a table is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    pub key: KeyType,
    /// Entries at most.
    pub size: usize,
    /// Milliseconds that an unused entry lives; 0 is for ever.
    pub expire_ms: u64,
    /// A full table takes no new entries instead of forgetting old ones.
    pub no_purge: bool,
    pub layout: Layout,
    pub server_key: ServerKey,
    /// Bytes that count as one in byte rates.
    pub byte_rate_factor: u32,
    pub receive_only: bool,
    /// `peers`: the section to exchange entries with.
    pub peers: Option<Word>,
    /// `write-to`: the table that gets what peers send, too.
    pub write_to: Option<Word>,
}

/// `srvkey`: what a server is remembered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServerKey {
    #[default]
    Name,
    Address,
}

/// What was read so far.
#[derive(Default)]
struct Draft {
    key: Option<KeyType>,
    size: usize,
    expire_ms: u64,
    no_purge: bool,
    receive_only: bool,
    stored: Vec<(Data, usize, u64)>,
    server_key: ServerKey,
    byte_rate_factor: u32,
    peers: Option<Word>,
    write_to: Option<Word>,
}

impl Declaration {
    /// Reads what follows `stick-table`; `span` is the keyword's. Warnings go to `warn`.
    ///
    /// # Errors
    /// HAProxy's sentence about the first word that is wrong.
    pub fn parse(
        span: Span,
        words: &[Word],
        warn: &mut dyn FnMut(Diagnostic),
    ) -> Result<Self, Diagnostic> {
        let mut draft = Draft { byte_rate_factor: 1, ..Draft::default() };
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            draft.argument(word, &mut words, warn)?;
        }
        if draft.size == 0 {
            return Err(Diagnostic::alert(span, "stick-table: missing size."));
        }
        let key = draft.key.ok_or_else(|| Diagnostic::alert(span, "stick-table: missing type."))?;
        Ok(Self {
            key,
            size: draft.size,
            expire_ms: draft.expire_ms,
            no_purge: draft.no_purge,
            layout: Layout::new(&draft.stored),
            server_key: draft.server_key,
            byte_rate_factor: draft.byte_rate_factor,
            receive_only: draft.receive_only,
            peers: draft.peers,
            write_to: draft.write_to,
        })
    }

    /// Makes room for a data type that a rule needs and the declaration does not name
    /// (`server_id`, `server_key`).
    pub fn also_store(&mut self, data: Data) {
        if self.layout.column(data).is_none() {
            let mut stored: Vec<_> = self
                .layout
                .columns()
                .iter()
                .map(|column| (column.data, column.elements, column.period_ms))
                .collect();
            stored.push((data, 1, 0));
            self.layout = Layout::new(&stored);
        }
    }
}

type Words<'w> = std::iter::Peekable<std::slice::Iter<'w, Word>>;

impl Draft {
    fn argument(
        &mut self,
        word: &Word,
        words: &mut Words<'_>,
        warn: &mut dyn FnMut(Diagnostic),
    ) -> Result<(), Diagnostic> {
        let after = |words: &mut Words<'_>| {
            words.next().cloned().ok_or_else(|| {
                alert(word, format!("stick-table: missing argument after '{word}'."))
            })
        };
        match word.text.as_str() {
            "type" => self.key = Some(key_type(word, words)?),
            "size" => {
                let text = after(words)?;
                let entries = size(&text.text).ok().filter(|entries| *entries <= LARGEST_SIZE);
                let entries = entries.ok_or_else(|| unexpected(&text, "size"))?;
                self.size = usize::try_from(entries).unwrap_or(usize::MAX);
            }
            "expire" => {
                let text = after(words)?;
                self.expire_ms = duration_ms(&text.text, Unit::Millisecond).map_err(|error| {
                    if error.starts_with("timer overflow") {
                        overflow(&text)
                    } else {
                        unexpected(&text, "expire")
                    }
                })?;
            }
            "nopurge" => self.no_purge = true,
            "recv-only" => self.receive_only = true,
            "brates-factor" => {
                let text = after(words)?;
                let factor = text.text.parse().ok().filter(|factor| (1..=1024).contains(factor));
                self.byte_rate_factor = factor.ok_or_else(|| {
                    alert(
                        &text,
                        "stick-table: argument 'brates-factor' must be greater than 0 and lower \
                         or equal than 1024.",
                    )
                })?;
            }
            "peers" => self.peers = Some(after(words)?),
            "write-to" => {
                self.write_to =
                    Some(words.next().cloned().ok_or_else(|| {
                        alert(word, "stick-table : write-to requires table name.")
                    })?);
            }
            "srvkey" => self.server_key = server_key(word, words.next())?,
            "store" => {
                if let Some(list) = words.next() {
                    self.store(list, warn)?;
                }
            }
            other => {
                return Err(alert(word, format!("stick-table: unknown argument '{other}'.")));
            }
        }
        Ok(())
    }

    fn store(&mut self, list: &Word, warn: &mut dyn FnMut(Diagnostic)) -> Result<(), Diagnostic> {
        for item in items(&list.text) {
            let (name, argument) = match item.split_once('(') {
                Some((name, rest)) => (name, Some(rest.trim_end_matches(')'))),
                None => (item, None),
            };
            let data = Data::of(name).ok_or_else(|| {
                alert(list, format!("stick-table: unknown store option '{name}'."))
            })?;
            let (elements, period_ms) = shape(data, argument).map_err(|what| alert(list, what))?;
            if self.stored.iter().any(|(known, ..)| *known == data) {
                warn(Diagnostic::warning(
                    list.span,
                    format!("stick-table: store option '{name}' already enabled, ignored."),
                ));
                continue;
            }
            self.stored.push((data, elements, period_ms));
            self.refuse_both(data).map_err(|what| alert(list, what))?;
        }
        Ok(())
    }

    /// An array and what it takes the place of do not go together.
    fn refuse_both(&self, latest: Data) -> Result<(), String> {
        let has = |data: Data| self.stored.iter().any(|(known, ..)| *known == data);
        for (array, plain, name) in [
            (Data::Gpt, &[Data::Gpt0][..], "gpt0"),
            (Data::Gpc, &[Data::Gpc0, Data::Gpc1], "gpc[0/1]"),
            (Data::GpcRate, &[Data::Gpc0Rate, Data::Gpc1Rate], "gpc[0/1]_rate"),
        ] {
            let concerned = latest == array || plain.contains(&latest);
            if concerned && has(array) && plain.iter().any(|data| has(*data)) {
                let array = array.name();
                return Err(format!(
                    "stick-table: simultaneous usage of '{array}' and '{name}' in a same table is \
                     not permitted as '{array}' overrides '{name}'."
                ));
            }
        }
        Ok(())
    }
}

/// Number of elements and period in milliseconds that follow the name of a data type.
fn shape(data: Data, argument: Option<&str>) -> Result<(usize, u64), String> {
    let name = data.name();
    let is_rate = data.class() == Class::Rate;
    let Some(argument) = argument else {
        if is_rate || data.is_array() {
            return Err(format!("stick-table: missing argument to store option '{name}'."));
        }
        return Ok((1, 0));
    };
    if !is_rate && !data.is_array() {
        return Err(format!("stick-table: unexpected argument to store option '{name}'."));
    }
    let (count, period) = match (data.is_array(), is_rate) {
        (true, true) => argument
            .split_once(',')
            .ok_or_else(|| format!("stick-table: missing argument to store option '{name}'."))?,
        (true, false) => (argument, "0"),
        _ => ("1", argument),
    };
    let wrong = || format!("stick-table: error when processing store option '{name}'.");
    let elements: usize = count.parse().map_err(|_| wrong())?;
    if !(1..=MOST_ELEMENTS).contains(&elements) {
        return Err(format!(
            "stick-table: array size is out of allowed range (1-{MOST_ELEMENTS}) for store option \
             '{name}'."
        ));
    }
    let period_ms = duration_ms(period, Unit::Millisecond).map_err(|_| wrong())?;
    Ok((elements, period_ms))
}

fn key_type(word: &Word, words: &mut Words<'_>) -> Result<KeyType, Diagnostic> {
    let Some(name) = words.next() else {
        return Err(alert(word, "stick-table: unknown type ''."));
    };
    Ok(match name.text.as_str() {
        "ip" | "ipv4" => KeyType::Ipv4,
        "ipv6" => KeyType::Ipv6,
        "integer" => KeyType::Integer,
        "string" => KeyType::String(length(words)?),
        "binary" => KeyType::Binary(length(words)?),
        other => return Err(alert(name, format!("stick-table: unknown type '{other}'."))),
    })
}

/// `len <length>`, if it follows.
fn length(words: &mut Words<'_>) -> Result<usize, Diagnostic> {
    let Some(keyword) = words.next_if(|word| word.text == "len") else { return Ok(32) };
    let text = words.next();
    text.and_then(|text| text.text.parse().ok())
        .filter(|length| (1..=LONGEST_KEY).contains(length))
        .ok_or_else(|| alert(text.unwrap_or(keyword), "'len' expects a positive integer argument."))
}

fn server_key(keyword: &Word, word: Option<&Word>) -> Result<ServerKey, Diagnostic> {
    match word.map_or("", |word| word.text.as_str()) {
        "name" => Ok(ServerKey::Name),
        "addr" => Ok(ServerKey::Address),
        other => Err(alert(
            word.unwrap_or(keyword),
            format!("stick-table : unknown server key type '{other}'."),
        )),
    }
}

/// Splits at commas outside of parentheses.
fn items(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    list.split(move |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

fn unexpected(text: &Word, argument: &str) -> Diagnostic {
    let character = text.text.trim_start_matches(|c: char| c.is_ascii_digit()).chars().next();
    let character = character.or_else(|| text.text.chars().last()).unwrap_or(' ');
    let message =
        format!("stick-table: unexpected character '{character}' in argument of '{argument}'.");
    alert(text, message)
}

fn overflow(text: &Word) -> Diagnostic {
    alert(
        text,
        format!(
            "stick-table: timer overflow in argument <{text}> to <expire>, maximum value is \
             {MAX_MS} ms (~24.8 days)."
        ),
    )
}

fn alert(word: &Word, message: impl Into<String>) -> Diagnostic {
    Diagnostic::alert(word.span, message)
}

const MOST_ELEMENTS: usize = 100;
/// What fits the reference's 32 bits.
const LARGEST_SIZE: u64 = u32::MAX as u64;
/// Longer keys would let a client fill the memory.
const LONGEST_KEY: usize = 1 << 20;

#[cfg(test)]
pub(super) mod tests;
