//! All rows that the reference gave: expression, input, type and result.

use proptest::prelude::{any, proptest};

use super::*;
use crate::exchange::{Names, Stream, fixture};
use crate::sample::{Context, Expression, Loading, Stage};

/// Lines of tab-separated columns, without comments.
fn rows(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
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
    stream.vars.clear();
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
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows(include_str!("../../../tests/data/samples/converters.tsv")) {
        let [expression, input, kind, text] = row[..] else { panic!("{row:?}") };
        set_variables(&mut stream);
        let got = result(expression, input, &mut stream);
        count += 1;
        if got != format!("{kind}\t{text}") {
            wrong.push(format!("{expression}\t{input}\n   want {kind}\t{text}\n   got  {got}"));
        }
    }
    assert!(count >= 1200);
    assert!(wrong.is_empty(), "{} of {count} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn wrong_arguments_are_refused_in_the_reference_s_sentences() {
    let loading = Loading::default();
    let context = Context::new(Stage::HttpRequest, &loading);
    let mut wrong = Vec::new();
    for row in rows(include_str!("../../../tests/data/samples/converter-arguments.tsv")) {
        let [expression, sentence] = row[..] else { panic!("{row:?}") };
        let got =
            Expression::parse(expression, &context).map_or_else(|error| error, |_| "none".into());
        // The full stop is whoever's who shows the sentence.
        if got.trim_end_matches('.') != sentence.trim_end_matches('.') {
            wrong.push(format!("{expression}\n   want {sentence}\n   got  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest! {
    /// Any chain over any bytes gives a value or none.
    #[test]
    fn no_chain_panics(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        chain in proptest::collection::vec(0..CHAIN.len(), 1..4),
        number in any::<i64>(),
    ) {
        let connection = fixture::connection("192.0.2.1:1", "192.0.2.2:80");
        let mut stream = fixture::stream(&connection, Names::default());
        fixture::receive_request(&mut stream, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        set_variables(&mut stream);
        let mut digits = Vec::new();
        hex::write(&bytes, &mut digits);
        let digits = format!("00{}", String::from_utf8(digits).unwrap());
        for fetch in [format!("bin({digits})"), format!("int({number})"), format!("str({digits})")] {
            let mut expression = format!("{fetch},bytes(1)");
            for at in &chain {
                expression.push(',');
                expression.push_str(CHAIN[*at]);
            }
            let loading = Loading::default();
            let context = Context::new(Stage::HttpRequest, &loading);
            if let Ok(expression) = Expression::parse(&expression, &context) {
                let _ = expression.evaluate(&stream);
            }
        }
    }
}

/// A use of each converter that reads bytes with care.
const CHAIN: &[&str] = &[
    "add(txn.big)",
    "sub(txn.min)",
    "mul(txn.big)",
    "div(txn.neg)",
    "mod(txn.neg)",
    "neg",
    "cpl",
    "htonl",
    "lower",
    "reverse",
    "reverse_dom",
    "cut_crlf",
    "ltrim(0a)",
    "rtrim(f0)",
    "concat(a,txn.bin,b)",
    "field(-2,0)",
    "word(2,a,0)",
    "word(-2,a,3)",
    "param(a)",
    "bytes(2,3)",
    "bytes(txn.n)",
    "base64",
    "b64dec",
    "ub64enc",
    "ub64dec",
    "hex",
    "hex2i",
    "base2",
    "be2hex(:,3)",
    "be2dec(.,8)",
    "le2dec(.,3)",
    "url_dec",
    "url_enc",
    "json(utf8)",
    "json(utf8ps)",
    "json_query('$.a')",
    "json_query('$[0].b')",
    "regsub(a*,-,g)",
    "host_only",
    "port_only",
    "ipmask(8,8)",
    "language(a;b)",
    "date",
    "http_date(-1,ms)",
    "us_utime(%c%N%G%V%5)",
    "ltime(%Y%j%U)",
    "crc32",
    "crc32c(1)",
    "djb2",
    "sdbm",
    "wt6",
    "xxh32",
    "xxh64",
    "xxh3",
    "sha1",
    "sha2",
    "digest(md5)",
    "hmac(sha1,txn.key)",
    "aes_cbc_dec(128,txn.iv,txn.aeskey)",
    "aes_cbc_enc(128,txn.iv,txn.aeskey)",
    "aes_gcm_dec(128,txn.nonce,txn.aeskey,txn.tag)",
    "rfc7239_is_valid",
    "rfc7239_field(for)",
    "rfc7239_n2nn",
    "rfc7239_n2np",
    "rfc7239_nn",
    "rfc7239_np",
    "protobuf(1.2,int32)",
    "protobuf(3)",
    "ungrpc(1)",
    "fix_is_valid",
    "fix_tag_value(8)",
    "mqtt_is_valid",
    "mqtt_field_value(connect,username)",
    "mqtt_field_value(2,17)",
    "eth.data",
    "eth.hdr",
    "eth.vlan",
    "ip.data",
    "ip.hdr",
    "ip.fp(7)",
    "ip.src",
    "ip.proto",
    "tcp.options_list",
    "tcp.options.mss",
    "tcp.options.tsval",
    "tcp.win",
    "jwt_verify(HS256,a)",
    "jwt_header_query('$.alg')",
    "jwt_payload_query('$.a')",
    "x509_v_err_str",
    "secure_memcmp(txn.bin)",
    "strcmp(txn.s)",
    "set-var(txn.out,ifgt)",
    "unset-var(txn.out)",
];
