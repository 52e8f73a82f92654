//! What is kept of a request and its response until the end (manual, section 7.3.6).

use std::borrow::Cow;

use super::http::{request, response};
use super::{Fetch, Layer};
use crate::exchange::{Stream, Version};
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Fetch] = &[
    Fetch::one("method", Type::Method, Layer::RequestLine, "The method.", |stream, _| {
        request(stream).map(|message| Value::Method(message.method().into()))
    }),
    Fetch::one("req.ver", Type::Str, Layer::RequestLine, VERSION, request_version),
    Fetch::one("req_ver", Type::Str, Layer::RequestLine, VERSION, request_version),
    Fetch::one("req.proto_http", Type::Bool, Layer::RequestLine, IS_HTTP, is_http),
    Fetch::one("req_proto_http", Type::Bool, Layer::RequestLine, IS_HTTP, is_http),
    Fetch::one(
        "http_first_req",
        Type::Bool,
        Layer::RequestLine,
        "Whether the request is the first one of its connection.",
        |stream, _| Some(Value::Bool(stream.first)),
    ),
    Fetch::one(
        "capture.req.method",
        Type::Str,
        Layer::RequestLine,
        "The method as it was received.",
        |stream, _| Some(Value::str(line(stream)?.0)),
    ),
    Fetch::one(
        "capture.req.uri",
        Type::Str,
        Layer::RequestLine,
        "The path and the query as they were received.",
        |stream, _| path(line(stream)?.1).map(Value::str),
    ),
    Fetch::one(
        "capture.req.ver",
        Type::Str,
        Layer::RequestLine,
        "The version of the request: HTTP/1.0 or HTTP/1.1.",
        |stream, _| version(line(stream)?.2),
    ),
    Fetch::one(
        "capture.res.ver",
        Type::Str,
        Layer::RequestLine,
        "The version of the response: HTTP/1.0 or HTTP/1.1.",
        |stream, _| response(stream).map(|message| Value::str(message.version().text())),
    ),
    Fetch::one(
        "capture.req.hdr",
        Type::Str,
        Layer::RequestLine,
        "What a slot captured of the request.",
        |stream, args| captured(&stream.request_captures, args),
    )
    .with(&[Shape::Int], &[])
    .example("capture.req.hdr(0)"),
    Fetch::one(
        "capture.res.hdr",
        Type::Str,
        Layer::ResponseLine,
        "What a slot captured of the response.",
        |stream, args| captured(&stream.response_captures, args),
    )
    .with(&[Shape::Int], &[])
    .example("capture.res.hdr(0)"),
    Fetch::one("status", Type::Int, Layer::ResponseLine, "The status.", |stream, _| {
        response(stream).map(|message| Value::Int(message.status().into()))
    }),
    Fetch::one("txn.status", Type::Int, Layer::ResponseLine, "The status sent.", |stream, _| {
        let status = stream.outcome.status;
        if status != 0 {
            return Some(Value::Int(status.into()));
        }
        response(stream).map(|message| Value::Int(message.status().into()))
    }),
    Fetch::one("res.ver", Type::Str, Layer::ResponseLine, VERSION, response_version),
    Fetch::one("resp_ver", Type::Str, Layer::ResponseLine, VERSION, response_version),
];

const VERSION: &str = "The version of HTTP: 1.0 or 1.1.";
const IS_HTTP: &str = "Whether there is a request of HTTP.";

fn request_version<'a>(stream: &'a Stream<'_>, _: &'a Args) -> Option<Value<'a>> {
    request(stream).map(|message| digits(message.version()))
}

fn response_version<'a>(stream: &'a Stream<'_>, _: &'a Args) -> Option<Value<'a>> {
    response(stream).map(|message| digits(message.version()))
}

fn digits<'a>(version: Version) -> Value<'a> {
    Value::str(match version {
        Version::Http10 => b"1.0",
        Version::Http11 => b"1.1",
    })
}

fn is_http<'a>(stream: &'a Stream<'_>, _: &'a Args) -> Option<Value<'a>> {
    Some(Value::Bool(request(stream).is_some()))
}

/// Method, target and version of the start line as it was received.
fn line<'a>(stream: &'a Stream<'_>) -> Option<(&'a [u8], &'a [u8], &'a [u8])> {
    let kept = &stream.outcome.request_line;
    let line = if kept.is_empty() { request(stream)?.start_line() } else { &kept[..] };
    let method = memchr::memchr(b' ', line)?;
    let rest = &line[method + 1..];
    let target = memchr::memchr(b' ', rest).unwrap_or(rest.len());
    Some((&line[..method], &rest[..target], rest.get(target + 1..).unwrap_or_default()))
}

/// The target from its path on.
fn path(target: &[u8]) -> Option<&[u8]> {
    if target.first() == Some(&b'/') {
        return Some(target);
    }
    let authority = &target[memchr::memmem::find(target, b"://")? + 3..];
    memchr::memchr(b'/', authority).map(|at| &authority[at..])
}

fn version(text: &[u8]) -> Option<Value<'_>> {
    let old = text.eq_ignore_ascii_case(b"HTTP/1.0");
    Some(Value::Str(Cow::Borrowed(if old { b"HTTP/1.0" } else { b"HTTP/1.1" })))
}

fn captured<'a>(slots: &'a [Option<Box<[u8]>>], args: &Args) -> Option<Value<'a>> {
    let slot = slots.get(usize::try_from(args.int(0)?).ok()?)?;
    slot.as_deref().map(Value::str)
}
