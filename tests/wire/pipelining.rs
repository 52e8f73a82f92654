//! Requests that arrive together, or in pieces.

use crate::Simple;

#[test]
fn requests_in_one_segment_are_served_in_their_order() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send(
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n\
         POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello\
         POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\
         GET /4 HTTP/1.1\r\nHost: h\r\n\r\n",
    );
    let mut server = simple.server.accept();
    for (path, body) in [("/1", ""), ("/2", "hello"), ("/3", "3\r\nabc\r\n0\r\n\r\n"), ("/4", "")] {
        let request = server.request();
        assert_eq!((request.path(), request.text().as_str()), (path, body));
        server.has_nothing();
        server.ok(path);
        assert_eq!(client.response().text(), path);
    }
}

#[test]
fn a_request_behind_a_body_that_came_later_is_served() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
    let mut server = simple.server.accept();
    assert_eq!(server.head().line, "POST /1 HTTP/1.1");
    server.gets("01234");
    client.send("56789GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
    server.gets("56789").ok("one");
    assert_eq!(client.response().text(), "one");
    assert_eq!(server.request().path(), "/2");
    server.ok("two");
    assert_eq!(client.response().text(), "two");
}

#[test]
fn a_message_may_come_byte_by_byte() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send_slowly("POST /s HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    let mut server = simple.server.accept();
    let request = server.request();
    assert_eq!((request.path(), request.text().as_str()), ("/s", "body"));
    server.send_slowly(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
    );
    assert_eq!(client.response().text(), "3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n".to_lowercase_trailers());
    assert_eq!(simple.log.http().state, "----");
}

#[test]
fn empty_lines_before_a_request_are_passed_over() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
    let mut server = simple.server.accept();
    assert_eq!(server.request().head.line, "GET / HTTP/1.1");
    server.ok("x");
    client.response();
}

trait Trailers {
    fn to_lowercase_trailers(&self) -> String;
}

impl Trailers for str {
    /// HAProxy gives the names of trailers in lower case too.
    fn to_lowercase_trailers(&self) -> String {
        if crate::support::is_reference() { self.to_lowercase() } else { self.to_owned() }
    }
}
