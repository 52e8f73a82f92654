//! Header fields (manual, section 7.3.6): `hdr` and its family, for requests and responses.

use std::ops::ControlFlow;

use super::http::{Of, request, response};
use super::{Each, Fetch, Layer, Run};
use crate::exchange::{Message, Stream};
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

/// Every fetch that one message has.
macro_rules! family {
    ($list:ident, $layer:expr, $of:ident, [$hdr:literal, $cnt:literal, $ip:literal, $val:literal,
      $fhdr:literal, $fcnt:literal, $names:literal], $who:literal) => {
        pub(super) const $list: &[Fetch] = &[
            Fetch {
                optional: &[Shape::Text, Shape::Int],
                example: concat!($hdr, "(host)"),
                ..each(
                    $hdr,
                    $layer,
                    Type::Str,
                    concat!("Each value of a field of ", $who, ", split at commas."),
                    |s, a, v| values($of(s), a, v),
                    |s, a| occurrence($of(s)?, a),
                )
            },
            one(
                $cnt,
                $layer,
                Type::Int,
                concat!("How many values a field of ", $who, " has."),
                |s, a| {
                    Some(Value::Int(
                        named($of(s)?, a).flat_map(|(_, value)| items(value)).count() as i64
                    ))
                },
            ),
            Fetch {
                optional: &[Shape::Text, Shape::Int],
                example: concat!($ip, "(x-client)"),
                ..each(
                    $ip,
                    $layer,
                    Type::Addr,
                    concat!("Each address in a field of ", $who, "."),
                    |s, a, v| {
                        values($of(s), a, &mut |value| {
                            address(value).map_or(ControlFlow::Continue(()), &mut *v)
                        })
                    },
                    |s, a| address(occurrence($of(s)?, a)?),
                )
            },
            Fetch {
                optional: &[Shape::Text, Shape::Int],
                example: concat!($val, "(x-number)"),
                ..each(
                    $val,
                    $layer,
                    Type::Int,
                    concat!("Each number in a field of ", $who, "."),
                    |s, a, v| {
                        values($of(s), a, &mut |value| {
                            number(value).map_or(ControlFlow::Continue(()), &mut *v)
                        })
                    },
                    |s, a| number(occurrence($of(s)?, a)?),
                )
            },
            Fetch {
                optional: &[Shape::Text, Shape::Int],
                example: concat!($fhdr, "(user-agent)"),
                ..each(
                    $fhdr,
                    $layer,
                    Type::Str,
                    concat!("Each field of ", $who, " with a name, as a whole."),
                    |s, a, v| lines($of(s), a, v),
                    |s, a| line($of(s)?, a),
                )
            },
            one(
                $fcnt,
                $layer,
                Type::Int,
                concat!("How many fields of ", $who, " have a name."),
                |s, a| Some(Value::Int(named($of(s)?, a).count() as i64)),
            ),
            one(
                $names,
                $layer,
                Type::Str,
                concat!("The names of all fields of ", $who, "."),
                |s, a| Some(Value::owned(names($of(s)?, a))),
            ),
        ];
    };
}

family!(
    CURRENT,
    Layer::Message,
    current,
    ["hdr", "hdr_cnt", "hdr_ip", "hdr_val", "fhdr", "fhdr_cnt", "hdr_names"],
    "the message"
);
family!(
    REQUEST,
    Layer::Request,
    request,
    [
        "req.hdr",
        "req.hdr_cnt",
        "req.hdr_ip",
        "req.hdr_val",
        "req.fhdr",
        "req.fhdr_cnt",
        "req.hdr_names"
    ],
    "the request"
);
family!(
    RESPONSE,
    Layer::Response,
    response,
    [
        "res.hdr",
        "res.hdr_cnt",
        "res.hdr_ip",
        "res.hdr_val",
        "res.fhdr",
        "res.fhdr_cnt",
        "res.hdr_names"
    ],
    "the response"
);
family!(
    OLD_RESPONSE,
    Layer::Response,
    response,
    ["shdr", "shdr_cnt", "shdr_ip", "shdr_val", "sfhdr", "sfhdr_cnt", "shdr_names"],
    "the response"
);

const fn one(
    name: &'static str,
    layer: Layer,
    output: Type,
    documentation: &'static str,
    run: Of,
) -> Fetch {
    Fetch {
        name,
        required: &[],
        optional: &[Shape::Text],
        check: None,
        output,
        layer,
        documentation,
        example: "",
        run: Run::One(run),
    }
}

const fn each(
    name: &'static str,
    layer: Layer,
    output: Type,
    documentation: &'static str,
    each: Each,
    last: Of,
) -> Fetch {
    let run = Run::Each { each, last };
    Fetch { run, ..one(name, layer, output, documentation, |_, _| None) }
}

/// The message that rules work on: the response once there is one.
fn current<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    response(stream).or_else(|| request(stream))
}

type Visit<'v, 'a> = &'v mut dyn FnMut(Value<'a>) -> ControlFlow<()>;

/// The fields with the name that the first argument gives, or all of them.
fn named<'a>(
    message: &'a Message,
    args: &'a Args,
) -> impl DoubleEndedIterator<Item = (&'a [u8], &'a [u8])> {
    let wanted = args.text(0);
    message.fields().filter(move |(name, _)| wanted.is_empty() || name.eq_ignore_ascii_case(wanted))
}

fn values<'a>(
    message: Option<&'a Message>,
    args: &'a Args,
    visit: Visit<'_, 'a>,
) -> ControlFlow<()> {
    let Some(message) = message else { return ControlFlow::Continue(()) };
    if args.int(1).is_some() {
        return occurrence(message, args).map_or(ControlFlow::Continue(()), visit);
    }
    named(message, args)
        .flat_map(|(_, value)| items(value))
        .try_for_each(|item| visit(Value::str(item)))
}

fn lines<'a>(
    message: Option<&'a Message>,
    args: &'a Args,
    visit: Visit<'_, 'a>,
) -> ControlFlow<()> {
    let Some(message) = message else { return ControlFlow::Continue(()) };
    if args.int(1).is_some() {
        return line(message, args).map_or(ControlFlow::Continue(()), visit);
    }
    named(message, args).try_for_each(|(_, value)| visit(Value::str(value)))
}

/// The n-th value: 1 is the first, -1 the last, which is also the default.
fn occurrence<'a>(message: &'a Message, args: &'a Args) -> Option<Value<'a>> {
    nth(named(message, args).flat_map(|(_, value)| items(value)), args).map(Value::str)
}

/// The n-th field as a whole.
fn line<'a>(message: &'a Message, args: &'a Args) -> Option<Value<'a>> {
    nth(named(message, args).map(|(_, value)| value), args).map(Value::str)
}

fn nth<'a>(mut values: impl Iterator<Item = &'a [u8]>, args: &Args) -> Option<&'a [u8]> {
    match args.int(1).unwrap_or(-1) {
        0 | -1 => values.last(),
        n @ 1.. => values.nth((n - 1) as usize),
        n => {
            let all: Vec<_> = values.collect();
            let back = usize::try_from(n.unsigned_abs()).ok()?;
            all.len().checked_sub(back).map(|at| all[at])
        }
    }
}

/// An address, perhaps with a port behind it.
fn address(value: Value<'_>) -> Option<Value<'static>> {
    let Value::Str(bytes) = value else { return None };
    let text = std::str::from_utf8(&bytes).ok()?.trim();
    let ip = text.parse().ok().or_else(|| {
        text.parse()
            .ok()
            .map(|address: std::net::SocketAddr| address.ip())
            .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
    });
    ip.map(Value::Ip)
}

fn number(value: Value<'_>) -> Option<Value<'static>> {
    value.as_int().map(Value::Int)
}

/// The names in order, with commas or what the first argument gives between them.
fn names(message: &Message, args: &Args) -> Vec<u8> {
    let separator = match args.text(0) {
        [] => b",",
        other => &other[..1],
    };
    let mut names: Vec<Vec<u8>> = Vec::new();
    for (name, _) in message.fields() {
        let name = name.to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(separator)
}

/// The comma-separated items of a field's value; commas in quotes do not count.
fn items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = comma(text);
        rest = end.map(|at| &text[at + 1..]);
        Some(text[..end.unwrap_or(text.len())].trim_ascii())
    })
}

fn comma(text: &[u8]) -> Option<usize> {
    if memchr::memchr(b'"', text).is_none() {
        return memchr::memchr(b',', text);
    }
    let (mut quoted, mut escaped) = (false, false);
    text.iter().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return true,
            _ => {}
        }
        false
    })
}
