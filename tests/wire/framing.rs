//! Where messages end: methods and status codes without a body, lengths, chunks.

use crate::Simple;

#[test]
fn a_response_to_head_has_no_body_whatever_its_length_says() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    let response = client.response_to_head();
    assert_eq!((response.status(), response.field("content-length")), (200, Some("1000")));
    client.get("/next");
    assert_eq!(server.request().path(), "/next");
    server.ok("x");
    assert_eq!(client.response().text(), "x");
}

#[test]
fn status_204_and_304_have_no_body() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    for head in ["HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"]
    {
        server.request();
        server.send(head);
        let response = client.response();
        assert_eq!(response.head.line, head.lines().next().unwrap());
        assert_eq!(simple.log.http().state, "----");
        client.get("/");
    }
    server.request();
    server.ok("x");
    assert_eq!(client.response().text(), "x");
}

#[test]
fn chunks_pass_in_both_directions() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    let mut server = simple.server.accept();
    assert!(server.head().is_chunked());
    server.gets("5\r\nhello\r\n");
    client.send("6\r\n world\r\n0\r\n\r\n");
    server.gets("6\r\n world\r\n0\r\n\r\n");
    server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n");
    assert!(client.head().is_chunked());
    client.gets("4\r\nabcd\r\n");
    server.send("1\r\nX\r\n0\r\n\r\n");
    client.gets("1\r\nX\r\n0\r\n\r\n");
    client.get("/again");
    assert_eq!(server.request().path(), "/again");
}

#[test]
fn trailers_pass_in_both_directions() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send(
        "POST / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n\
         3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n",
    );
    let mut server = simple.server.accept();
    assert_eq!(server.request().text(), "3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n");
    server
        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx-t: 2\r\n\r\n");
    assert_eq!(client.response().text(), "1\r\na\r\n0\r\nx-t: 2\r\n\r\n");
    assert_eq!(simple.log.http().state, "----");
}

#[test]
fn a_response_without_a_length_ends_with_its_connection() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("GET / HTTP/1.0\r\n\r\n");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.0 200 OK\r\n\r\nas long as ");
    assert_eq!(client.head().status(), 200);
    client.gets("as long as ");
    server.send("it lasts");
    drop(server);
    assert_eq!(client.rest(), b"it lasts");
    assert_eq!(simple.log.http().state, "----");
}

/// A server that answers without a length to a client of HTTP/1.1: the client can tell that the
/// response is complete only by its connection's end or by chunks.
#[test]
fn a_response_without_a_length_reaches_a_client_of_http_1_1() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.1 200 OK\r\n\r\nhello");
    drop(server);
    let response = client.response();
    let text = response.text();
    if response.head.is_chunked() {
        assert!(text.contains("hello") && text.ends_with("0\r\n\r\n"), "{text:?}");
    } else {
        assert_eq!((text.as_str(), response.field("connection")), ("hello", Some("close")));
    }
    assert_eq!(simple.log.http().state, "----");
}

#[test]
fn equal_lengths_given_twice_become_one() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab");
    let mut server = simple.server.accept();
    let request = server.request();
    assert_eq!((request.field("content-length"), request.text().as_str()), (Some("2"), "ab"));
}

#[test]
fn a_body_of_length_zero_is_no_body() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    let mut server = simple.server.accept();
    assert_eq!(server.request().field("content-length"), Some("0"));
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(client.response().text(), "");
    client.get("/2");
    assert_eq!(server.request().path(), "/2");
}
