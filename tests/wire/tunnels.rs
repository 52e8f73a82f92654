//! Bytes in both directions after a change of protocol.

use crate::Simple;

#[test]
fn after_101_bytes_pass_both_ways() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send(
        "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    );
    let mut server = simple.server.accept();
    let request = server.request();
    assert_eq!(request.field("upgrade"), Some("websocket"));
    assert!(request.field("connection").unwrap().eq_ignore_ascii_case("upgrade"));
    server.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nfirst",
    );
    let response = client.head();
    assert_eq!(response.status(), 101);
    assert_eq!(response.field("upgrade"), Some("websocket"));
    assert!(response.field("connection").unwrap().eq_ignore_ascii_case("upgrade"));
    client.gets("first");
    client.send("ping");
    server.gets("ping").send("pong");
    client.gets("pong");
    server.finish();
    client.is_closed();
    drop(client);
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (101, "----"));
}

#[test]
fn an_upgrade_that_the_server_ignores_is_an_ordinary_request() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n");
    let mut server = simple.server.accept();
    server.request();
    server.ok("plain");
    assert_eq!(client.response().text(), "plain");
    client.get("/next");
    assert_eq!(server.request().path(), "/next");
}

#[test]
fn connect_opens_a_tunnel() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
    let mut server = simple.server.accept();
    assert_eq!(server.head().line, "CONNECT example.org:443 HTTP/1.1");
    server.send("HTTP/1.1 200 Connection established\r\n\r\n");
    assert_eq!(client.head().status(), 200);
    client.send("up");
    server.gets("up").send("down");
    client.gets("down");
    client.finish();
    server.is_closed();
    drop(server);
    client.is_closed();
    assert_eq!(simple.log.http().status, 200);
}

#[test]
fn a_refused_connect_leaves_the_connection_usable() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
    let mut server = simple.server.accept();
    server.head();
    server.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    let response = client.response();
    assert_eq!((response.status(), response.text().as_str()), (403, "no"));
    assert_eq!(simple.log.http().status, 403);
}
