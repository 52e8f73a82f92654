//! Requests and responses as a whole (manual, section 7.3.6): start lines, versions, fields by
//! number.

use super::{Fetch, Layer, Run};
use crate::exchange::{Message, Stream, Version};
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    fetch("method", Type::Method, "The method of the request.", |s, _| {
        request(s).map(|message| Value::Method(message.method().into()))
    }),
    fetch("path", Type::Str, "The path of the request, without its query string.", |s, _| {
        let path = request(s)?.path();
        (!path.is_empty()).then(|| Value::str(path))
    }),
    fetch("pathq", Type::Str, "The path of the request with its query string.", |s, _| {
        let path = request(s)?.path_and_query();
        (!path.is_empty()).then(|| Value::str(path))
    }),
    fetch("query", Type::Str, "The query string, without its question mark.", |s, _| {
        request(s).map(|message| Value::str(message.query()))
    }),
    fetch("req.ver", Type::Str, "The version of the request: 1.0, 1.1.", |s, _| {
        request(s).map(|message| version(message.version()))
    }),
    fetch("req_ver", Type::Str, "Old name of 'req.ver'.", |s, _| {
        request(s).map(|message| version(message.version()))
    }),
    fetch("req.proto_http", Type::Bool, "Whether a request was received.", |s, _| proto_http(s)),
    fetch("req_proto_http", Type::Bool, "Old name of 'req.proto_http'.", |s, _| proto_http(s)),
    fetch(
        "http_first_req",
        Type::Bool,
        "Whether this is the first request of its connection.",
        |s, _| Some(Value::Bool(request(s).is_some() && s.first)),
    ),
    fetch("req.hdrs", Type::Str, "All fields of the request, with line ends.", |s, _| {
        Some(Value::owned(fields(request(s)?)))
    }),
    fetch("unique-id", Type::Str, "The identifier of 'unique-id-format'.", |_, _| None),
    response_fetch("status", Type::Int, "The status of the response.", |s, _| {
        response(s).map(|message| Value::Int(i64::from(message.status())))
    }),
    response_fetch("res.ver", Type::Str, "The version of the response: 1.0, 1.1.", |s, _| {
        response(s).map(|message| version(message.version()))
    }),
    response_fetch("resp_ver", Type::Str, "Old name of 'res.ver'.", |s, _| {
        response(s).map(|message| version(message.version()))
    }),
    response_fetch("res.hdrs", Type::Str, "All fields of the response, with line ends.", |s, _| {
        Some(Value::owned(fields(response(s)?)))
    }),
    captured("capture.req.method", "The method of the request as it was received.", |s, _| {
        word(s, 0)
    }),
    captured("capture.req.uri", "The target of the request as it was received.", |s, _| word(s, 1)),
    captured("capture.req.ver", "The version of the request as it was received.", |s, _| {
        word(s, 2)
    }),
    captured("capture.res.ver", "The version of the response.", |s, _| {
        response(s).map(|message| Value::str(message.version().text()))
    }),
    Fetch {
        required: &[Shape::Unsigned],
        layer: Layer::Internal,
        example: "capture.req.hdr(0)",
        ..fetch(
            "capture.req.hdr",
            Type::Str,
            "What a capture slot of the request holds.",
            |s, a| {
                let slot = s.request_captures.get(usize::try_from(a.int(0)?).ok()?)?;
                slot.as_deref().map(Value::str)
            },
        )
    },
    Fetch {
        required: &[Shape::Unsigned],
        layer: Layer::Internal,
        example: "capture.res.hdr(0)",
        ..fetch(
            "capture.res.hdr",
            Type::Str,
            "What a capture slot of the response holds.",
            |s, a| {
                let slot = s.response_captures.get(usize::try_from(a.int(0)?).ok()?)?;
                slot.as_deref().map(Value::str)
            },
        )
    },
];

pub(super) type Of = for<'a> fn(&'a Stream<'_>, &'a Args) -> Option<Value<'a>>;

/// A fetch of the request without arguments.
pub(super) const fn fetch(
    name: &'static str,
    output: Type,
    documentation: &'static str,
    run: Of,
) -> Fetch {
    Fetch {
        name,
        required: &[],
        optional: &[],
        check: None,
        output,
        layer: Layer::Request,
        documentation,
        example: "",
        run: Run::One(run),
    }
}

const fn response_fetch(
    name: &'static str,
    output: Type,
    documentation: &'static str,
    run: Of,
) -> Fetch {
    Fetch { layer: Layer::Response, ..fetch(name, output, documentation, run) }
}

const fn captured(name: &'static str, documentation: &'static str, run: Of) -> Fetch {
    Fetch { layer: Layer::Internal, ..fetch(name, Type::Str, documentation, run) }
}

/// A word of the request's start line: as it is kept for the log, or as it stands now.
fn word<'a>(stream: &'a Stream<'_>, at: usize) -> Option<Value<'a>> {
    let kept = &stream.outcome.request_line;
    let line = if kept.is_empty() { request(stream)?.start_line() } else { kept };
    line.split(|byte| *byte == b' ').nth(at).map(Value::str)
}

/// Before a request was read, in rules of the content, more bytes may make one.
fn proto_http<'a>(stream: &Stream<'_>) -> Option<Value<'a>> {
    if request(stream).is_some() {
        return Some(Value::Bool(true));
    }
    if stream.inspection.lacks() { None } else { Some(Value::Bool(false)) }
}

fn version<'a>(version: Version) -> Value<'a> {
    Value::str(&version.text()[5..])
}

fn fields(message: &Message) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in message.fields() {
        out.extend_from_slice(name);
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.extend_from_slice(b"\r\n");
    }
    out
}

pub(super) fn request<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    stream.request.is_present().then_some(&stream.request)
}

pub(super) fn response<'a>(stream: &'a Stream<'_>) -> Option<&'a Message> {
    stream.response.is_present().then_some(&stream.response)
}
