//! Interim responses, Expect, and servers that answer before they have the whole request.

use crate::Simple;
use crate::support::is_reference;

#[test]
fn a_client_that_expects_100_gets_it_from_the_server() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    let mut server = simple.server.accept();
    let head = server.head();
    assert_eq!(head.field("expect"), Some("100-continue"));
    server.send("HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(client.head().line, "HTTP/1.1 100 Continue");
    client.send("body");
    server.gets("body").ok("done");
    assert_eq!(client.response().text(), "done");
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (200, "----"));
}

#[test]
fn early_hints_come_before_the_response() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    server.send(
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n\
         HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    );
    assert_eq!(client.head().field("link"), Some("</a>"));
    assert_eq!(client.head().field("link"), Some("</b>"));
    assert_eq!(client.response().text(), "ok");
    assert_eq!(simple.log.http().status, 200);
}

#[test]
fn a_client_of_http_1_0_gets_no_interim_response() {
    if is_reference() {
        // HAProxy passes it on, which RFC 9110, section 15.2 forbids.
        return;
    }
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("GET / HTTP/1.0\r\n\r\n");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let response = client.response();
    assert_eq!((response.status(), response.text().as_str()), (200, "ok"));
}

#[test]
fn a_response_may_come_while_the_request_is_still_going_up() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234");
    let mut server = simple.server.accept();
    server.head();
    server.gets("01234");
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly");
    let response = client.response();
    assert_eq!((response.status(), response.text().as_str()), (200, "early"));
}

#[test]
fn a_server_that_refuses_a_body_and_closes_is_heard() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n01234");
    let mut server = simple.server.accept();
    server.head();
    server.gets("01234");
    server.send(
        "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig",
    );
    server.finish();
    let response = client.response();
    assert_eq!((response.status(), response.text().as_str()), (413, "big"));
    drop(client);
    let line = simple.log.http();
    assert_eq!(line.status, 413);
}
