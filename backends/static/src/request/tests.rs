use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Option<(Request<'_>, usize)>, u16> {
    Request::parse(text.as_bytes(), &Limits::default()).map_err(|refusal| refusal.status)
}

fn complete(text: &str) -> Request<'_> {
    parse(text).unwrap().unwrap().0
}

#[test]
fn a_head_is_partial_until_its_empty_line() {
    let text = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";
    for end in 0..text.len() {
        assert!(parse(&text[..end]).unwrap().is_none(), "{end}");
    }
    let (request, length) = parse(text).unwrap().unwrap();
    assert_eq!(length, text.len());
    assert_eq!(request.line, b"GET /a?b HTTP/1.1");
    assert_eq!(request.target, Target::Path { path: "/a", query: Some("b") });
}

#[test]
fn host_is_demanded_once_and_only_of_http_1_1() {
    assert_eq!(parse("GET / HTTP/1.1\r\n\r\n").unwrap_err(), 400);
    assert_eq!(parse("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").unwrap_err(), 400);
    assert_eq!(parse("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").unwrap_err(), 400);
    assert_eq!(parse("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n").unwrap_err(), 400);
    assert_eq!(complete("GET / HTTP/1.0\r\n\r\n").keep_alive, Keep::Close);
    complete("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n");
    complete("GET / HTTP/1.1\r\nHost:\r\n\r\n");
}

#[test]
fn versions_decide_what_silence_about_the_connection_means() {
    let keep = |head: &str| complete(head).keep_alive;
    assert_eq!(keep("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Keep::Implied);
    assert_eq!(keep("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n"), Keep::Close);
    assert_eq!(keep("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"), Keep::Asked);
    assert_eq!(parse("GET / HTTP/2.0\r\nHost: a\r\n\r\n").unwrap_err(), 505);
}

#[test]
fn ambiguous_framing_is_refused() {
    let with =
        |fields: &str| parse(&format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n")).map(drop);
    assert_eq!(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), Err(400));
    assert_eq!(with("Content-Length: 3\r\nContent-Length: 4\r\n"), Err(400));
    assert_eq!(with("Content-Length: +3\r\n"), Err(400));
    assert_eq!(with("Content-Length: 99999999999999999999\r\n"), Err(400));
    assert_eq!(with("Transfer-Encoding: gzip\r\n"), Err(501));
    assert_eq!(with("Transfer-Encoding : chunked\r\n"), Err(400));
    assert_eq!(with("Expect: a-miracle\r\n"), Err(417));
    assert_eq!(with("Content-Length: 3\r\nContent-Length: 3\r\n"), Ok(()));
}

#[test]
fn limits_have_their_own_statuses() {
    let long = "a".repeat(9000);
    assert_eq!(parse(&format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n")).unwrap_err(), 414);
    assert_eq!(parse(&format!("GET /{long}")).unwrap_err(), 414);
    let many = "X: y\r\n".repeat(101);
    assert_eq!(parse(&format!("GET / HTTP/1.1\r\n{many}\r\n")).unwrap_err(), 431);
    let wide = "y".repeat(17_000);
    assert_eq!(parse(&format!("GET / HTTP/1.1\r\nX: {wide}")).unwrap_err(), 431);
}

#[test]
fn lines_of_one_field_are_joined() {
    let text = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1\r\nx-forwarded-for: 2\r\n\r\n";
    assert_eq!(complete(text).fields.x_forwarded_for.as_deref(), Some("1, 2"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Request::parse(&bytes, &Limits::default());
    }

    #[test]
    fn near_requests_do_not_make_it_panic(
        text in "(GET|HEAD|OPTIONS|X) [ -~]{0,30} HTTP/1\\.[01]\r\n((Host|Range|Expect|TE): [ -~]{0,20}\r\n){0,4}\r\n"
    ) {
        let _ = parse(&text);
    }
}
