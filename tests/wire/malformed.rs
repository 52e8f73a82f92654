//! Requests that are none, or that two readers could understand differently.

use crate::Simple;
use crate::support::is_reference;

/// The client gets this status and is closed, and no server hears of it.
fn refused(request: &str, status: u16, state: &str) {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    let _ = client.try_send(request);
    let shown: String = request.chars().take(200).collect();
    let response = client.response();
    assert_eq!(response.status(), status, "{shown:?}");
    if !is_reference() || status == 400 {
        assert_eq!(response.field("connection"), Some("close"), "{shown:?}");
    }
    client.is_gone();
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (i32::from(status), state), "{shown:?}");
    assert_eq!((line.server.as_str(), line.request.as_str()), ("<NOSRV>", "<BADREQ>"));
    simple.server.has_nobody();
    assert_eq!(simple.proxy.stat("web", "FRONTEND", "ereq"), "1");
}

#[test]
fn what_is_no_request_is_400() {
    refused("hello\r\n\r\n", 400, "PR--");
    refused("GET /\r\n\r\n", 400, "PR--");
    refused("GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n", 400, "PR--");
    refused("GET / HTTP/1.1\r\nHost: h\r\nName : x\r\n\r\n", 400, "PR--");
    refused("GET / HTTP/1.1\r\nHost: h\r\nno field\r\n\r\n", 400, "PR--");
    refused("GET / HTTP/1.1\r\nHost: h\r\n folded: x\r\n\r\n", 400, "PR--");
    refused("GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", 400, "PR--");
}

#[test]
fn lengths_that_disagree_are_400() {
    for fields in [
        "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 1, 2",
        "Content-Length: -1",
        "Content-Length: +1",
        "Content-Length: 0x1",
        "Content-Length: 1 1",
        "Content-Length: 99999999999999999999999",
    ] {
        refused(&format!("POST / HTTP/1.1\r\nHost: h\r\n{fields}\r\n\r\nab"), 400, "PR--");
    }
}

#[test]
fn transfer_codings_that_hide_the_end_are_refused() {
    for fields in [
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"",
    ] {
        let request = format!("POST / HTTP/1.1\r\nHost: h\r\n{fields}\r\n\r\n0\r\n\r\n");
        refused(&request, 400, "PR--");
    }
    if is_reference() {
        // HAProxy takes chunks from clients of HTTP/1.0; RFC 9112, section 6.1 does not.
        return;
    }
    let old = "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    refused(old, 400, "PR--");
}

/// RFC 9112, section 6.3: chunks win over a length, which does not go on to the server, and the
/// connection ends after the response.
#[test]
fn a_length_beside_chunks_does_not_reach_the_server() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send(
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\
         0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
    );
    let mut server = simple.server.accept();
    let request = server.request();
    assert_eq!(request.field("content-length"), None);
    assert_eq!(request.text(), "0\r\n\r\n");
    server.ok("x");
    let response = client.response();
    assert_eq!((response.text().as_str(), response.field("connection")), ("x", Some("close")));
    client.is_gone();
}

#[test]
fn broken_chunks_are_400() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    let mut server = simple.server.accept();
    assert!(server.head().is_chunked());
    client.send("zz\r\n");
    let answer = client.rest_or_reset();
    // HAProxy logs the 400 and closes without it.
    assert!(is_reference() || answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
    server.is_gone();
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (400, "PH--"));
}

#[test]
fn hosts_that_disagree_are_400() {
    refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "PR--");
    refused("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400, "PR--");
}

#[test]
fn a_head_that_is_too_large_is_431_and_a_target_414() {
    let large = "x".repeat(20_000);
    refused(&format!("GET / HTTP/1.1\r\nHost: h\r\nX: {large}\r\n\r\n"), 431, "PR--");
    refused(&format!("GET /{large} HTTP/1.1\r\nHost: h\r\n\r\n"), 414, "PR--");
}

#[test]
fn more_fields_than_maxhdr_are_400() {
    let fields = "a: b\r\n".repeat(150);
    refused(&format!("GET / HTTP/1.1\r\nHost: h\r\n{fields}\r\n"), 400, "PR--");
}

#[test]
fn other_versions_are_400() {
    if is_reference() {
        // HAProxy forwards HTTP/3.0 as HTTP/1.1.
        return;
    }
    refused("FOO / HTTP/3.0\r\n\r\n", 400, "PR--");
}

#[test]
fn a_zero_byte_is_400() {
    refused("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 400, "PR--");
}
