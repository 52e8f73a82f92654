//! All rows that the reference gave: expression, input, type and result.

use super::*;
use crate::exchange::{Names, Stream, fixture};
use crate::sample::{Context, Expression, Loading, Stage};

/// Lines of tab-separated columns, without comments.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let file = include_str!("../../../tests/data/samples/converters.tsv");
    file.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// `\xHH` and `\\` as the bytes that they stand for.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (b'\\', [b'x', high, low, ..]) => {
                out.push(hex::value(*high).unwrap() << 4 | hex::value(*low).unwrap());
                rest = &after[3..];
            }
            (b'\\', [_, ..]) => {
                out.push(b'\\');
                rest = &after[1..];
            }
            _ => out.push(*first),
        }
    }
    out
}

fn escaped(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'\\' => "\\\\".to_owned(),
            b' '..=b'~' => char::from(*byte).to_string(),
            _ => format!("\\x{byte:02x}"),
        })
        .collect()
}

fn shown(value: Option<Value<'_>>) -> String {
    match value {
        None => "none\t".into(),
        Some(value) => {
            let kind = value.kind().name();
            let text = match value {
                Value::Bin(bytes) => bytes,
                value => value.into_bytes(),
            };
            format!("{kind}\t{}", escaped(&text))
        }
    }
}

/// Variables that the rows use.
const VARIABLES: &[(&str, &str)] = &[
    ("txn.n", "int(7)"),
    ("txn.neg", "int(-3)"),
    ("txn.zero", "int(0)"),
    ("txn.big", "int(9223372036854775807)"),
    ("txn.min", "int(-9223372036854775808)"),
    ("txn.s", "str(hello)"),
    ("txn.empty", "str()"),
    ("txn.num", "str(12)"),
    ("txn.b", "bool(true)"),
    ("txn.ip", "ipv4(192.0.2.9)"),
    ("txn.ip6", "ipv6(2001:db8::1)"),
    ("txn.bin", "bin(00ff41)"),
    ("txn.key", "str(a2V5)"),
    ("txn.badkey", "str(*)"),
    ("txn.nonce", "str(MTIzNDU2Nzg5MDEy)"),
    ("txn.aeskey", "str(Zm9vb2Zvb29mb29wZm9vbw==)"),
    ("txn.iv", "str(MTIzNDU2Nzg5MDEyMzQ1Ng==)"),
    ("txn.alg", "str(sha256)"),
    ("txn.hs256", "str(HS256)"),
    ("txn.secret", "str(secret)"),
    ("txn.tag", "str(AAAAAAAAAAAAAAAAAAAAAA==)"),
    ("txn.long", "str(abcdefghijklmnopqrstuvwxyz0123456789)"),
];

fn set_variables(stream: &mut Stream<'_>) {
    let loading = Loading::default();
    let context = Context::new(Stage::HttpRequest, &loading);
    for (name, expression) in VARIABLES {
        let (scope, number) = crate::exchange::variable(name).unwrap();
        let expression = Expression::parse(expression, &context).unwrap();
        let value = expression.evaluate(stream).unwrap().into_owned();
        stream.vars.set_later(scope, number, Some(value));
    }
    stream.vars.settle();
}

fn result(expression: &str, input: &str, stream: &mut Stream<'_>) -> String {
    let loading = Loading::default();
    let context = Context::new(Stage::HttpRequest, &loading);
    stream.request.remove(b"In");
    if input != "-" {
        // As a rule would set it, for the sake of bytes that a parser refuses.
        stream.request.add(b"In", unescaped(input).trim_ascii());
    }
    match Expression::parse(expression, &context) {
        Ok(expression) => shown(expression.evaluate(stream)),
        Err(error) => format!("refused\t{error}"),
    }
}

#[test]
fn every_row_of_the_reference_is_met() {
    let connection = fixture::connection("192.0.2.1:1", "192.0.2.2:80");
    let mut stream = fixture::stream(&connection, Names::default());
    fixture::receive_request(&mut stream, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    set_variables(&mut stream);
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows() {
        let [expression, input, kind, text] = row[..] else { panic!("{row:?}") };
        let got = result(expression, input, &mut stream);
        count += 1;
        if got != format!("{kind}\t{text}") {
            wrong.push(format!("{expression}\t{input}\n   want {kind}\t{text}\n   got  {got}"));
        }
    }
    assert!(count >= 1200);
    assert!(wrong.is_empty(), "{} of {count} rows:\n{}", wrong.len(), wrong.join("\n"));
}
