//! Fetches against what HAProxy 3.4 gave for the same requests.

use super::{Context, Format, Loading, Stage};
use crate::exchange::{Names, fixture};
use crate::live;
use crate::sample::Target;
use std::sync::Arc;

/// The bytes that an escaped text stands for.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next().unwrap() {
            b't' => b'\t',
            b'n' => b'\n',
            b'r' => b'\r',
            b'x' => {
                let mut digit = || char::from(rest.next().unwrap()).to_digit(16).unwrap() as u8;
                digit() << 4 | digit()
            }
            other => other,
        });
    }
    bytes
}

/// A backend with one idle server of weight 1 stands for all that is referred to.
fn fill(loading: &Loading) {
    let server = Arc::new(live::Server::new(1, 1, 0, live::Health::Unchecked));
    let proxy = Arc::new(live::Proxy::new(1, 0));
    let _ = proxy.servers.set(Box::new([server.clone()]));
    for reference in loading.take_references() {
        match reference.target {
            Target::Frontend { slot, .. } | Target::Backend { slot, .. } => {
                let _ = slot.set(proxy.clone());
            }
            Target::Server { slot, .. } => {
                let _ = slot.set(server.clone());
            }
            _ => {}
        }
    }
}

fn evaluate(expression: &str, request: &[u8]) -> Result<Vec<u8>, String> {
    let connection = fixture::connection("127.0.0.1:1", "127.0.0.1:2");
    let names = Names { frontend: "f", http: true, ..Names::default() };
    let mut stream = fixture::stream(&connection, names);
    let mut buffer = crate::exchange::Buffer::take();
    buffer.append(request);
    stream.request.reset(buffer);
    let read = crate::http::h1::parse_request(&mut stream.request);
    let Ok(Some(head)) = read else { panic!("{read:?}") };
    if stream.request.buffer.consumed() == 0 {
        stream.request.buffer.consume(head);
    }
    stream.outcome.request_line = stream.request.start_line().to_vec();
    let loading = Loading::default();
    let context = Context::new(Stage::HttpRequest, &loading);
    let format = Format::parse(&format!("%[{expression}]"), &context)?;
    fill(&loading);
    let mut out = Vec::new();
    format.write(&stream, &mut out);
    Ok(out)
}

#[test]
fn fetches_give_what_the_reference_gives() {
    let table = include_str!("../../tests/data/samples/fetches.tsv");
    let mut wrong = Vec::new();
    let mut rows = 0;
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let mut columns = row.split('\t');
        let mut column = || columns.next().unwrap();
        let (expression, request, expected) = (column(), column(), column());
        rows += 1;
        let got = match evaluate(expression, &unescaped(request)) {
            Ok(got) => got,
            // Converters that are not there yet.
            Err(error) if error.contains("unknown converter") => continue,
            Err(error) => error.into_bytes(),
        };
        if got != unescaped(expected) {
            let got = got.escape_ascii();
            let request = request.split(' ').next().unwrap_or_default();
            wrong.push(format!("{expression} of {request}: {got}, not {expected}"));
        }
    }
    assert!(rows >= 400, "{rows}");
    assert!(wrong.is_empty(), "{} of {rows}\n{}", wrong.len(), wrong.join("\n"));
}
