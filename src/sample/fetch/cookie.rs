//! Cookies of requests and responses (manual, section 7.3.6; RFC 6265).

use std::ops::ControlFlow;

use super::http::{current, number, request, response};
use super::{Fetch, Layer, Run};
use crate::exchange::{Known, Message};
use crate::sample::args::Shape;
use crate::sample::value::{Type, Value};

macro_rules! cookies {
    (@get $name:literal, $type:ident, $layer:ident, $what:literal, $message:ident, $make:expr) => {
        Fetch::new(
            $name,
            Type::$type,
            Layer::$layer,
            $what,
            Run::Each {
                each: |stream, args, visit| {
                    let Some(message) = $message(stream) else { return ControlFlow::Continue(()) };
                    let make: fn(&[u8]) -> Option<Value<'_>> = $make;
                    named(message, args.text(0)).filter_map(make).try_for_each(visit)
                },
                last: |stream, args| {
                    let make: fn(&[u8]) -> Option<Value<'_>> = $make;
                    wanted($message(stream)?, args.text(0)).and_then(make)
                },
            },
        )
        .with(&[], &[Shape::Text])
    };
    (@str $name:literal, $layer:ident, $message:ident) => {
        cookies!(@get $name, Str, $layer, "The value of a cookie.", $message,
            |value| Some(Value::str(value)))
    };
    (@val $name:literal, $layer:ident, $message:ident) => {
        cookies!(@get $name, Int, $layer, "The value of a cookie as an integer.", $message,
            |value| Some(Value::Int(number(value))))
    };
    (@cnt $name:literal, $layer:ident, $message:ident) => {
        Fetch::one($name, Type::Int, Layer::$layer, "How often a cookie occurs.", |stream, args| {
            Some(Value::Int(named($message(stream)?, args.text(0)).count() as i64))
        })
        .with(&[], &[Shape::Text])
    };
    (@names $name:literal, $layer:ident, $message:ident) => {
        Fetch::one($name, Type::Str, Layer::$layer, "The names of all cookies.", |stream, args| {
            let delimiter = if args.get(0).is_some() { args.text(0) } else { b"," };
            let names: Vec<_> = all($message(stream)?).map(|(name, _)| name).collect();
            Some(Value::owned(names.join(delimiter)))
        })
        .with(&[], &[Shape::Text])
    };
}

pub(super) const KEYWORDS: &[Fetch] = &[
    cookies!(@str "cookie", Message, current),
    cookies!(@str "cook", Request, request),
    cookies!(@cnt "cook_cnt", Request, request),
    cookies!(@val "cook_val", Request, request),
    cookies!(@str "req.cook", Request, request),
    cookies!(@cnt "req.cook_cnt", Request, request),
    cookies!(@val "req.cook_val", Request, request),
    cookies!(@names "req.cook_names", Request, request),
    cookies!(@str "scook", Response, response),
    cookies!(@cnt "scook_cnt", Response, response),
    cookies!(@val "scook_val", Response, response),
    cookies!(@str "res.cook", Response, response),
    cookies!(@cnt "res.cook_cnt", Response, response),
    cookies!(@val "res.cook_val", Response, response),
    cookies!(@names "res.cook_names", Response, response),
];

/// The values of the cookies with this name, of all without one.
fn named<'a>(message: &'a Message, name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let wanted = move |pair: &(&[u8], &[u8])| name.is_empty() || pair.0 == name;
    all(message).filter(wanted).map(|(_, value)| value)
}

/// The last cookie of a name; without one the first of all.
fn wanted<'a>(message: &'a Message, name: &'a [u8]) -> Option<&'a [u8]> {
    let mut values = named(message, name);
    if name.is_empty() { values.next() } else { values.last() }
}

/// Name and value of each cookie: all that a request sends, and those that a response sets.
fn all(message: &Message) -> impl Iterator<Item = (&[u8], &[u8])> {
    let is_response = message.status() != 0;
    let lines = message.known(if is_response { Known::SetCookie } else { Known::Cookie });
    // What follows the first pair of Set-Cookie are attributes.
    let most = if is_response { 1 } else { usize::MAX };
    lines.flat_map(move |line| line.split(|byte| *byte == b';').take(most)).filter_map(pair)
}

fn pair(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = memchr::memchr(b'=', text)?;
    let (name, value) = (text[..equals].trim_ascii(), text[equals + 1..].trim_ascii());
    Some((name, value))
}
