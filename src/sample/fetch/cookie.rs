//! Cookies (manual, section 7.3.6).

use std::ops::ControlFlow;

use super::http::{Of, request, response};
use super::{Each, Fetch, Layer, Run};
use crate::exchange::{Known, Stream};
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    cookie("req.cook", Layer::Request, "A cookie of the request.", each_request, last_request),
    cookie("cook", Layer::Request, "Old name of 'req.cook'.", each_request, last_request),
    cookie("cookie", Layer::Request, "A cookie of the request.", each_request, last_request),
    cookie(
        "res.cook",
        Layer::Response,
        "A cookie that the response sets.",
        each_response,
        last_response,
    ),
    cookie("scook", Layer::Response, "Old name of 'res.cook'.", each_response, last_response),
    cookie(
        "set-cookie",
        Layer::Response,
        "A cookie that the response sets.",
        each_response,
        last_response,
    ),
    number("req.cook_cnt", Layer::Request, "How often a cookie stands in the request.", |s, a| {
        count(requests(s, a))
    }),
    number("cook_cnt", Layer::Request, "Old name of 'req.cook_cnt'.", |s, a| count(requests(s, a))),
    number("res.cook_cnt", Layer::Response, "How often the response sets a cookie.", |s, a| {
        count(responses(s, a))
    }),
    number("scook_cnt", Layer::Response, "Old name of 'res.cook_cnt'.", |s, a| {
        count(responses(s, a))
    }),
    number("req.cook_val", Layer::Request, "The number in a cookie of the request.", |s, a| {
        value(last_request(s, a)?)
    }),
    number("cook_val", Layer::Request, "Old name of 'req.cook_val'.", |s, a| {
        value(last_request(s, a)?)
    }),
    number(
        "res.cook_val",
        Layer::Response,
        "The number in a cookie that the response sets.",
        |s, a| value(last_response(s, a)?),
    ),
    number("scook_val", Layer::Response, "Old name of 'res.cook_val'.", |s, a| {
        value(last_response(s, a)?)
    }),
];

const fn cookie(
    name: &'static str,
    layer: Layer,
    documentation: &'static str,
    each: Each,
    last: Of,
) -> Fetch {
    Fetch {
        name,
        required: &[],
        optional: &[Shape::Text],
        check: None,
        output: Type::Str,
        layer,
        documentation,
        example: "",
        run: Run::Each { each, last },
    }
}

const fn number(name: &'static str, layer: Layer, documentation: &'static str, run: Of) -> Fetch {
    Fetch {
        name,
        required: &[],
        optional: &[Shape::Text],
        check: None,
        output: Type::Int,
        layer,
        documentation,
        example: "",
        run: Run::One(run),
    }
}

/// The values of cookies of this name in the request.
fn requests<'a>(stream: &'a Stream<'_>, args: &'a Args) -> impl Iterator<Item = &'a [u8]> {
    request(stream)
        .into_iter()
        .flat_map(|message| message.known(Known::Cookie))
        .flat_map(|line| line.split(|byte| *byte == b';'))
        .filter_map(move |pair| named(pair, args.text(0)))
}

/// The values of cookies of this name that the response sets.
fn responses<'a>(stream: &'a Stream<'_>, args: &'a Args) -> impl Iterator<Item = &'a [u8]> {
    response(stream)
        .into_iter()
        .flat_map(|message| message.known(Known::SetCookie))
        .filter_map(|line| line.split(|byte| *byte == b';').next())
        .filter_map(move |pair| named(pair, args.text(0)))
}

/// The value of a pair with this name, or with any where none is given.
fn named<'a>(pair: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let equals = memchr::memchr(b'=', pair)?;
    let (found, value) = (pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii());
    (name.is_empty() || found == name).then_some(value)
}

type Visit<'v, 'a> = &'v mut dyn FnMut(Value<'a>) -> ControlFlow<()>;

fn each_request<'a>(s: &'a Stream<'_>, a: &'a Args, v: Visit<'_, 'a>) -> ControlFlow<()> {
    requests(s, a).try_for_each(|value| v(Value::str(value)))
}

fn each_response<'a>(s: &'a Stream<'_>, a: &'a Args, v: Visit<'_, 'a>) -> ControlFlow<()> {
    responses(s, a).try_for_each(|value| v(Value::str(value)))
}

/// The first one: that is what HAProxy takes where one is wanted.
fn last_request<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    requests(stream, args).next().map(Value::str)
}

fn last_response<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    responses(stream, args).next().map(Value::str)
}

fn count<'a>(values: impl Iterator<Item = &'a [u8]>) -> Option<Value<'a>> {
    Some(Value::Int(values.count() as i64))
}

fn value(value: Value<'_>) -> Option<Value<'_>> {
    value.as_int().map(Value::Int)
}
