//! HTTP heads (manual, section 7.3.6).

use std::ops::ControlFlow;

use super::{Fetch, Layer, Run};
use crate::exchange::{Known, Message, Stream};
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch {
        name: "method",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Method,
        layer: Layer::Request,
        documentation: "The method of the request.",
        example: "method",
        run: Run::One(|stream, _| {
            request(stream).map(|message| Value::Method(message.method().into()))
        }),
    },
    Fetch {
        name: "path",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The path of the request, without its query string.",
        example: "path",
        run: Run::One(|stream, _| request(stream).map(|message| Value::str(message.path()))),
    },
    Fetch {
        name: "pathq",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The path of the request with its query string.",
        example: "pathq",
        run: Run::One(|stream, _| {
            request(stream).map(|message| Value::str(message.path_and_query()))
        }),
    },
    Fetch {
        name: "query",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The query string, without its question mark.",
        example: "query",
        run: Run::One(|stream, _| request(stream).map(|message| Value::str(message.query()))),
    },
    Fetch {
        name: "url",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The request target as it stands in the request.",
        example: "url",
        run: Run::One(|stream, _| request(stream).map(|message| Value::str(message.target()))),
    },
    Fetch {
        name: "status",
        required: &[],
        optional: &[],
        check: None,
        output: Type::Int,
        layer: Layer::Response,
        documentation: "The status of the response.",
        example: "status",
        run: Run::One(|stream, _| {
            response(stream).map(|message| Value::Int(i64::from(message.status())))
        }),
    },
    Fetch {
        name: "hdr",
        required: &[Shape::Text],
        optional: &[Shape::Int],
        check: None,
        output: Type::Str,
        layer: Layer::Message,
        documentation: "Each value of a header field, split at commas.",
        example: "hdr(host)",
        run: Run::Each { each: current_each, last: current_last },
    },
    Fetch {
        name: "req.hdr",
        required: &[Shape::Text],
        optional: &[Shape::Int],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "Each value of a request header field, split at commas.",
        example: "req.hdr(accept)",
        run: Run::Each { each: request_each, last: request_last },
    },
    Fetch {
        name: "res.hdr",
        required: &[Shape::Text],
        optional: &[Shape::Int],
        check: None,
        output: Type::Str,
        layer: Layer::Response,
        documentation: "Each value of a response header field, split at commas.",
        example: "res.hdr(server)",
        run: Run::Each { each: response_each, last: response_last },
    },
    Fetch {
        name: "req.fhdr",
        required: &[Shape::Text],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The last request header field of a name, as a whole line.",
        example: "req.fhdr(user-agent)",
        run: Run::One(|stream, args| {
            request(stream)?.values(args.text(0)).next_back().map(Value::str)
        }),
    },
    Fetch {
        name: "res.fhdr",
        required: &[Shape::Text],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Response,
        documentation: "The last response header field of a name, as a whole line.",
        example: "res.fhdr(date)",
        run: Run::One(|stream, args| {
            response(stream)?.values(args.text(0)).next_back().map(Value::str)
        }),
    },
    Fetch {
        name: "req.hdr_cnt",
        required: &[Shape::Text],
        optional: &[],
        check: None,
        output: Type::Int,
        layer: Layer::Request,
        documentation: "How many values a request header field has.",
        example: "req.hdr_cnt(cookie)",
        run: Run::One(|stream, args| {
            let message = request(stream)?;
            let count = message.values(args.text(0)).flat_map(items).count();
            Some(Value::Int(count as i64))
        }),
    },
    Fetch {
        name: "req.cook",
        required: &[Shape::Text],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The value of a cookie of the request.",
        example: "req.cook(session)",
        run: Run::One(cookie),
    },
    Fetch {
        name: "url_param",
        required: &[Shape::Text],
        optional: &[],
        check: None,
        output: Type::Str,
        layer: Layer::Request,
        documentation: "The first value of a parameter of the query string, not decoded.",
        example: "url_param(id)",
        run: Run::One(parameter),
    },
];

fn request<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    stream.request.is_present().then_some(&stream.request)
}

fn response<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    stream.response.is_present().then_some(&stream.response)
}

/// The message that rules work on: the response once there is one.
fn current<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    response(stream).or_else(|| request(stream))
}

type Visit<'v, 'a> = &'v mut dyn FnMut(Value<'a>) -> ControlFlow<()>;

fn current_each<'a>(s: &'a Stream<'_>, a: &'a Args, v: Visit<'_, 'a>) -> ControlFlow<()> {
    each(current(s), a, v)
}

fn request_each<'a>(s: &'a Stream<'_>, a: &'a Args, v: Visit<'_, 'a>) -> ControlFlow<()> {
    each(request(s), a, v)
}

fn response_each<'a>(s: &'a Stream<'_>, a: &'a Args, v: Visit<'_, 'a>) -> ControlFlow<()> {
    each(response(s), a, v)
}

fn current_last<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    occurrence(current(stream)?, args)
}

fn request_last<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    occurrence(request(stream)?, args)
}

fn response_last<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    occurrence(response(stream)?, args)
}

fn each<'a>(message: Option<&'a Message>, args: &'a Args, visit: Visit<'_, 'a>) -> ControlFlow<()> {
    let Some(message) = message else { return ControlFlow::Continue(()) };
    if args.int(1).is_some() {
        return occurrence(message, args).map_or(ControlFlow::Continue(()), visit);
    }
    message.values(args.text(0)).flat_map(items).try_for_each(|item| visit(Value::str(item)))
}

/// The n-th value: 1 is the first, -1 the last, which is also the default.
fn occurrence<'a>(message: &'a Message, args: &'a Args) -> Option<Value<'a>> {
    let mut values = message.values(args.text(0)).flat_map(items);
    match args.int(1).unwrap_or(-1) {
        0 | -1 => values.last(),
        n @ 1.. => values.nth((n - 1) as usize),
        n => {
            let all: Vec<_> = values.collect();
            all.len().checked_sub(n.unsigned_abs() as usize).map(|at| all[at])
        }
    }
    .map(Value::str)
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

fn cookie<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    request(stream)?
        .known(Known::Cookie)
        .flat_map(|value| value.split(|byte| *byte == b';'))
        .filter_map(|pair| {
            let equals = memchr::memchr(b'=', pair)?;
            Some((pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii()))
        })
        .find(|(name, _)| *name == args.text(0))
        .map(|(_, value)| Value::str(value))
}

fn parameter<'a>(stream: &'a Stream<'_>, args: &'a Args) -> Option<Value<'a>> {
    request(stream)?
        .query()
        .split(|byte| *byte == b'&')
        .filter_map(|pair| {
            let equals = memchr::memchr(b'=', pair)?;
            (&pair[..equals] == args.text(0)).then(|| Value::str(&pair[equals + 1..]))
        })
        .next()
}
