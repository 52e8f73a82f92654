//! Requests and judgements of HAProxy 3.4.0 for the same configuration and answers.

use super::*;

fn request(method: &str, uri: &str, version: &str, fields: &[(&str, &str)], body: &str) -> String {
    let own = |text: &str| text.to_owned();
    let check = HttpCheck {
        method: own(method),
        uri: own(uri),
        version: own(version),
        fields: fields.iter().map(|(name, value)| (own(name), own(value))).collect(),
        body: own(body),
        ..HttpCheck::default()
    };
    String::from_utf8(check.request()).unwrap()
}

/// The verdict on an answer that ends with its connection; the same however it is cut.
fn verdict(expect: Expect, answer: &[u8]) -> Option<Verdict> {
    let check = HttpCheck { expect, ..HttpCheck::default() };
    let whole = Answer::new(&check).receive(answer);
    let mut bytewise = Answer::new(&check);
    let cut = answer.chunks(1).find_map(|byte| bytewise.receive(byte));
    assert_eq!(whole, cut);
    whole
}

fn closed(expect: Expect, answer: &[u8]) -> Verdict {
    let check = HttpCheck { expect, ..HttpCheck::default() };
    let mut dialogue = Answer::new(&check);
    dialogue.receive(answer).unwrap_or_else(|| dialogue.close())
}

fn ok(code: u16) -> Verdict {
    Verdict::new(CheckStatus::L7Ok, Some(code), "")
}

fn wrong(code: u16, detail: &str) -> Verdict {
    Verdict::new(CheckStatus::L7Status, Some(code), detail)
}

fn containing(text: &str) -> Expect {
    Expect::Body(text.to_owned(), false)
}

#[test]
fn requests_are_those_of_haproxy() {
    assert_eq!(
        String::from_utf8(HttpCheck::default().request()).unwrap(),
        "OPTIONS / HTTP/1.0\r\n\r\n"
    );
    assert_eq!(
        request("GET", "/x", "HTTP/1.1", &[("host", "www")], ""),
        "GET /x HTTP/1.1\r\nhost: www\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(
        request("GET", "/x", "HTTP/1.1", &[("X-Y", "z")], "hello"),
        "GET /x HTTP/1.1\r\nx-y: z\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello"
    );
    assert_eq!(
        request("GET", "/x", "HTTP/1.0", &[("Host", "foo"), ("Connection", "Keep-Alive")], "abc"),
        "GET /x HTTP/1.0\r\nhost: foo\r\ncontent-length: 3\r\nconnection: keep-alive\r\n\r\nabc"
    );
}

#[test]
fn any_success_or_redirection_will_do() {
    for (answer, expected) in [
        ("HTTP/1.0 200 OK\r\n\r\nhello", ok(200)),
        ("HTTP/1.0 204 No\r\n\r\n", ok(204)),
        ("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nhello", ok(200)),
        ("HTTP/1.1 399 X\r\n\r\n", ok(399)),
        (
            "HTTP/1.1 500 Internal Error\r\nContent-Length: 3\r\n\r\nbad",
            wrong(500, "Internal Error"),
        ),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", wrong(100, "Continue")),
        (
            "HTTP/1.1 404\r\n\r\n",
            wrong(404, "TCPCHK did not match content(status codes) at step 2"),
        ),
    ] {
        assert_eq!(verdict(Expect::Success, answer.as_bytes()), Some(expected), "{answer}");
    }
}

#[test]
fn answers_that_are_none_are_socket_errors() {
    for answer in [
        "",
        "garbage\r\n\r\n",
        "hello",
        "HTTP/1.1 301 Moved",
        "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
    ] {
        let expected = Verdict::new(CheckStatus::SocketError, None, "");
        assert_eq!(closed(Expect::Success, answer.as_bytes()), expected, "{answer}");
    }
    assert_eq!(verdict(Expect::Success, b"HTTP/1.1 200 OK\r\n"), None, "more may come");
}

#[test]
fn a_head_without_end_is_given_up() {
    let mut endless = b"HTTP/1.1 200 OK\r\n".to_vec();
    endless.resize(40_000, b'x');
    assert_eq!(verdict(Expect::Success, &endless).unwrap().status, CheckStatus::SocketError);
}

#[test]
fn statuses_may_be_chosen() {
    let expect = |negated| Expect::Status(vec![(200, 299), (301, 301)], negated);
    let bad = b"HTTP/1.1 500 Internal Error\r\n\r\n";
    let moved = b"HTTP/1.1 301 Moved\r\n\r\n";
    assert_eq!(verdict(expect(false), moved), Some(ok(301)));
    assert_eq!(verdict(expect(false), bad), Some(wrong(500, "Internal Error")));
    assert_eq!(verdict(expect(true), moved), Some(wrong(301, "Moved")));
    assert_eq!(verdict(expect(true), bad), Some(ok(500)));
}

#[test]
fn a_string_may_be_asked_for() {
    let mismatch = Verdict::new(CheckStatus::L7Response, None, "HTTP content check did not match");
    let bad = b"HTTP/1.1 500 Internal Error\r\nContent-Length: 3\r\n\r\nbad";
    let hello = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    let chunked =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nzz\r\n2\r\nzy\r\n0\r\n\r\n";
    let truncated = b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nhello";
    assert_eq!(verdict(containing("bad"), bad), Some(ok(500)), "the status does not matter");
    assert_eq!(verdict(containing("bad"), hello), Some(mismatch.clone()));
    assert_eq!(verdict(containing("zzz"), chunked), Some(ok(200)));
    assert_eq!(verdict(containing("zzzz"), chunked), Some(mismatch.clone()));
    assert_eq!(verdict(containing("bad"), truncated), None, "more may come");
    assert_eq!(closed(containing("bad"), truncated), mismatch);
    let mut big = b"HTTP/1.0 200 OK\r\n\r\n".to_vec();
    big.resize(40_000, b'x');
    assert_eq!(verdict(containing("zzz"), &big), Some(mismatch), "the buffer is full");
}

#[test]
fn a_string_may_be_unwanted() {
    let without = |text: &str| Expect::Body(text.to_owned(), true);
    let bad = b"HTTP/1.1 500 Internal Error\r\nContent-Length: 3\r\n\r\nbad";
    let unwanted =
        Verdict::new(CheckStatus::L7Response, None, "HTTP check matched unwanted content");
    assert_eq!(verdict(without("bad"), bad), Some(unwanted));
    assert_eq!(verdict(without("good"), bad), Some(ok(500)));
}
