//! Connections that serve more than one request, on either side, and what closes them.

use crate::Simple;
use crate::support::{Proxy, Server, is_reference};

#[test]
fn both_connections_are_kept() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/1");
    let mut server = simple.server.accept();
    for n in 1..4 {
        let request = server.request();
        assert_eq!(request.path(), format!("/{n}"));
        assert_eq!(request.field("connection"), None);
        server.ok(&format!("answer {n}"));
        let response = client.response();
        assert_eq!(response.text(), format!("answer {n}"));
        assert_eq!(response.field("connection"), None);
        let line = simple.log.http();
        assert_eq!((line.status, line.state.as_str()), (200, "----"));
        assert_eq!(line.request, format!("GET /{n} HTTP/1.1"));
        assert_eq!((line.frontend.as_str(), line.server.as_str()), ("web", "s1"));
        assert_eq!(line.client, client.local().to_string());
        client.get(&format!("/{}", n + 1));
    }
    simple.server.has_nobody();
}

#[test]
fn a_client_that_says_close_is_told_the_same_and_closed() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    let mut server = simple.server.accept();
    // The server's connection is kept for others.
    assert_eq!(server.request().field("connection"), None);
    server.ok("x");
    assert_eq!(client.response().field("connection"), Some("close"));
    client.is_closed();
    assert_eq!(simple.log.http().state, "----");
}

#[test]
fn a_server_that_says_close_does_not_close_the_client() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/1");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    let response = client.response();
    assert_eq!((response.field("connection"), response.text().as_str()), (None, "x"));
    server.is_gone();
    client.get("/2");
    let mut server = simple.server.accept();
    server.request();
    server.ok("y");
    assert_eq!(client.response().text(), "y");
}

#[test]
fn a_client_of_http_1_0_is_closed_after_its_response() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send("GET /old HTTP/1.0\r\nUser-Agent: x\r\n\r\n");
    let mut server = simple.server.accept();
    let request = server.request();
    assert_eq!(request.path(), "/old");
    server.ok("x");
    assert_eq!(client.response().text(), "x");
    client.is_closed();
    let line = simple.log.http();
    assert_eq!((line.state.as_str(), line.request.as_str()), ("----", "GET /old HTTP/1.0"));
}

#[test]
fn a_client_of_http_1_0_is_kept_if_it_asks_for_that() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    for n in 0..2 {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        let mut server = simple.server.accept();
        server.request();
        server.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
        let response = client.response();
        assert_eq!(response.field("connection"), Some("keep-alive"), "request {n}");
    }
}

#[test]
fn a_server_of_http_1_0_closes_and_the_client_stays() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    for body in ["first", "second"] {
        client.get("/");
        let mut server = simple.server.accept();
        server.request();
        let length = body.len();
        server.send(format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"));
        let response = client.response();
        assert_eq!(response.text(), body);
        assert_eq!(response.head.line, "HTTP/1.0 200 OK");
        drop(server);
    }
}

#[test]
fn requests_of_other_clients_use_an_idle_server_connection() {
    // Idle connections belong to a thread, and the kernel chooses a client's.
    let server = Server::listen();
    let proxy = Proxy::start(&format!(
        "
global
  nbthread 1
listen web
  mode http
  timeout connect 20s
  timeout client 20s
  timeout server 20s
  http-reuse always
  bind <front>
  server s1 {server}"
    ));
    let mut first = proxy.client();
    first.get("/1");
    let mut peer = server.accept();
    peer.request();
    peer.ok("x");
    first.response();
    let mut second = proxy.client();
    second.get("/2");
    assert_eq!(peer.request().path(), "/2");
    peer.ok("y");
    assert_eq!(second.response().text(), "y");
    server.has_nobody();
}

#[test]
fn by_default_the_first_request_of_a_client_gets_a_new_connection() {
    let simple = Simple::new();
    let mut first = simple.proxy.client();
    first.get("/1");
    let mut server = simple.server.accept();
    server.request();
    server.ok("x");
    first.response();
    let mut second = simple.proxy.client();
    second.get("/2");
    let mut other = simple.server.accept();
    assert_eq!(other.request().path(), "/2");
    other.ok("y");
    assert_eq!(second.response().text(), "y");
}

#[test]
fn http_reuse_never_keeps_clients_apart() {
    let simple = Simple::with("http-reuse never", "");
    let mut first = simple.proxy.client();
    first.get("/1");
    let mut server = simple.server.accept();
    server.request();
    server.ok("x");
    first.response();
    let mut second = simple.proxy.client();
    second.get("/2");
    let mut other = simple.server.accept();
    other.request();
    other.ok("y");
    second.response();
}

#[test]
fn httpclose_closes_both_sides() {
    let simple = Simple::with("option httpclose", "");
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    assert_eq!(server.request().field("connection"), Some("close"));
    server.ok("x");
    let response = client.response();
    assert_eq!(response.field("connection"), Some("close"));
    client.is_closed();
    server.is_gone();
}

#[test]
fn http_server_close_closes_the_server_and_keeps_the_client() {
    let simple = Simple::with("option http-server-close", "");
    let mut client = simple.proxy.client();
    for _ in 0..2 {
        client.get("/");
        let mut server = simple.server.accept();
        assert_eq!(server.request().field("connection"), Some("close"));
        server.ok("x");
        assert_eq!(client.response().field("connection"), None);
        server.is_gone();
    }
}

#[test]
fn an_idle_client_is_closed_after_its_timeout_without_a_word() {
    let simple = Simple::with("timeout http-keep-alive 50ms", "");
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    server.ok("x");
    client.response();
    client.is_closed();
    assert_eq!(simple.log.http().state, "----");
    simple.log.has_nothing();
}

#[test]
fn a_client_that_never_sends_a_request_gets_408() {
    let simple = Simple::with("timeout http-request 50ms", "");
    let mut client = simple.proxy.client();
    let response = client.response();
    assert_eq!(response.status(), 408);
    client.is_closed();
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (408, "cR--"));
    assert_eq!((line.backend.as_str(), line.server.as_str()), ("web", "<NOSRV>"));
    assert_eq!(line.request, "<BADREQ>");
    assert_eq!(line.times[1..4], [-1, -1, -1]);
}

#[test]
fn a_client_that_stops_within_a_head_gets_408() {
    let simple = Simple::with("timeout http-request 50ms", "");
    let mut client = simple.proxy.client();
    client.send("GET / HTTP/1.1\r\nHo");
    assert_eq!(client.response().status(), 408);
    client.is_closed();
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (408, "cR--"));
}

#[test]
fn fields_reach_the_other_side_in_order_and_unchanged() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.send(
        "GET /p?q=1 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nKeep-Alive: 5\r\nx-a:  2 \r\n\
         Connection: keep-alive, x-hop\r\nX-Hop: gone\r\nCookie: a=b\r\nX-Empty:\r\n\r\n",
    );
    let mut server = simple.server.accept();
    let request = server.request();
    assert_eq!(request.head.line, "GET /p?q=1 HTTP/1.1");
    let fields: Vec<_> =
        request.head.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(fields[0], ("host", "h"));
    assert_eq!(request.head.values("x-a"), ["1", "2"]);
    assert_eq!(request.field("cookie"), Some("a=b"));
    assert_eq!(request.field("x-empty"), Some(""));
    if !is_reference() {
        // HAProxy lets what it does not know stand in Connection.
        assert_eq!(request.field("connection"), None);
    }
    server.send(
        "HTTP/1.1 299 Fine, really\r\nX-B: 1\r\nSet-Cookie: a\r\nX-B: 2\r\n\
         Set-Cookie: b\r\nContent-Length: 0\r\n\r\n",
    );
    let response = client.response();
    assert_eq!(response.head.line, "HTTP/1.1 299 Fine, really");
    assert_eq!(response.head.values("x-b"), ["1", "2"]);
    assert_eq!(response.head.values("set-cookie"), ["a", "b"]);
}
