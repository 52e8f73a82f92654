//! What one message head costs: finding its parts, changing some, and writing it out again.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evenkeel::exchange::{Buffer, Message};
use evenkeel::http::h1;

fn heads(criterion: &mut Criterion) {
    for (name, head) in
        [("small", SMALL.to_owned()), ("browser", BROWSER.to_owned()), ("large", large())]
    {
        let mut group = criterion.benchmark_group(format!("http_head/{name}"));
        group.throughput(Throughput::Bytes(head.len() as u64));
        let mut message = Message::empty();
        group.bench_function("parse", |bencher| {
            bencher.iter(|| parse(&mut message, black_box(&head)));
        });
        parse(&mut message, &head);
        let mut out = Vec::with_capacity(head.len());
        group.bench_function("emit", |bencher| {
            bencher.iter(|| {
                out.clear();
                black_box(&message).emit(&mut out);
                out.len()
            });
        });
        group.bench_function("parse, edit, emit", |bencher| {
            bencher.iter(|| {
                parse(&mut message, black_box(&head));
                message.remove(b"user-agent");
                message.set(b"X-Forwarded-For", b"192.0.2.1");
                out.clear();
                message.emit(&mut out);
                out.len()
            });
        });
        group.finish();
    }
}

/// As a connection does: the bytes lie in a buffer of the pool, the message is used again.
fn parse(message: &mut Message, head: &str) {
    message.reset(Buffer::none());
    let mut buffer = Buffer::take();
    buffer.append(head.as_bytes());
    message.reset(buffer);
    assert_eq!(h1::parse_request(message), Ok(Some(head.len())));
}

fn large() -> String {
    let mut head = BROWSER.trim_end().to_owned();
    for number in 0..60 {
        head += &format!("\r\nX-Field-{number}: {}", "0123456789abcdef".repeat(6));
    }
    head + "\r\n\r\n"
}

const SMALL: &str = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";

const BROWSER: &str = "GET /api/v7/articles?page=2 HTTP/1.1\r\n\
    Host: www.example.com\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
    Accept-Language: en-US,en;q=0.5\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Referer: https://www.example.com/\r\n\
    Connection: keep-alive\r\n\
    Cookie: a=b; SRV=s5; session=0123456789abcdef0123456789abcdef\r\n\
    Upgrade-Insecure-Requests: 1\r\n\
    Sec-Fetch-Dest: document\r\n\
    Sec-Fetch-Mode: navigate\r\n\
    Sec-Fetch-Site: same-origin\r\n\r\n";

criterion_group!(benches, heads);
criterion_main!(benches);
