//! Bodies, as far as they have been received (manual, section 7.3.6).

use std::borrow::Cow;

use super::http::{request, response};
use super::url::values;
use super::{Fetch, Layer};
use crate::exchange::{Framing, Message};
use crate::sample::args::Shape;
use crate::sample::value::{Type, Value};

macro_rules! body {
    ($name:literal, $type:ident, $layer:ident, $message:ident, $what:literal, $run:expr) => {
        Fetch::one($name, Type::$type, Layer::$layer, $what, |stream, _| {
            let run: for<'a> fn(&'a Message) -> Option<Value<'a>> = $run;
            run($message(stream)?)
        })
    };
}

pub(super) const KEYWORDS: &[Fetch] = &[
    body!("req.body", Bin, Request, request, "The body, as far as it is here.", whole),
    body!("req.body_len", Int, Request, request, "Bytes of the body that are here.", length),
    body!("req.body_size", Int, Request, request, "Bytes of the body that were announced.", size),
    Fetch::one(
        "req.body_param",
        Type::Bin,
        Layer::Request,
        "A parameter of a form in the body, not decoded.",
        |stream, args| match received(request(stream)?) {
            Cow::Borrowed(body) => values(body, args, |byte| matches!(byte, b'&' | b';'))
                .next()
                .map(|value| Value::Bin(Cow::Borrowed(value))),
            Cow::Owned(body) => values(&body, args, |byte| matches!(byte, b'&' | b';'))
                .next()
                .map(|value| Value::Bin(Cow::Owned(value.to_vec()))),
        },
    )
    .with(&[], &[Shape::Text, Shape::Text]),
    body!("res.body", Bin, Response, response, "The body, as far as it is here.", whole),
    body!("res.body_len", Int, Response, response, "Bytes of the body that are here.", length),
    body!("res.body_size", Int, Response, response, "Bytes of the body that were announced.", size),
];

fn whole(message: &Message) -> Option<Value<'_>> {
    Some(Value::Bin(received(message)))
}

fn length(message: &Message) -> Option<Value<'_>> {
    Some(Value::Int(received(message).len() as i64))
}

fn size(message: &Message) -> Option<Value<'_>> {
    Some(Value::Int(match message.framing {
        Framing::Length(announced) => announced as i64,
        _ => received(message).len() as i64,
    }))
}

/// The bytes of the body that are in the buffer, without the framing of chunks.
fn received(message: &Message) -> Cow<'_, [u8]> {
    let buffered = message.buffer.filled();
    match message.framing {
        Framing::Empty => Cow::Borrowed(&[]),
        Framing::Length(announced) => {
            let most = usize::try_from(announced).unwrap_or(usize::MAX);
            Cow::Borrowed(&buffered[..buffered.len().min(most)])
        }
        Framing::Chunked => Cow::Owned(unchunked(buffered)),
        Framing::UntilClose | Framing::Tunnel => Cow::Borrowed(buffered),
    }
}

/// The data of the chunks that are here, up to what is broken.
fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = memchr::memmem::find(bytes, b"\r\n") {
        let digits = bytes[..end].split(|byte| *byte == b';').next().unwrap_or_default();
        let size = std::str::from_utf8(digits.trim_ascii())
            .ok()
            .and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let Some(size @ 1..) = size else { break };
        let data = &bytes[end + 2..];
        let here = size.min(data.len());
        body.extend_from_slice(&data[..here]);
        bytes = data.get(size.saturating_add(2)..).unwrap_or_default();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_lose_their_framing() {
        assert_eq!(unchunked(b"4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\n\r\n"), b"Wikipedia");
        assert_eq!(unchunked(b"4\r\nWiki\r\n5\r\nped"), b"Wikiped");
        assert_eq!(unchunked(b"zz\r\nWiki\r\n"), b"");
        assert_eq!(unchunked(b"ffffffffffffffff\r\nWiki"), b"Wiki");
    }
}
