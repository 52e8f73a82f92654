//! Servers that refuse, hang, break off or talk nonsense: what clients and the log are told.

use crate::Simple;
use crate::support::{LogSocket, Proxy, Refusing, Server};

#[test]
fn a_server_that_refuses_is_tried_again_and_then_503() {
    let (refusing, log) = (Refusing::new(), LogSocket::udp());
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  log {log} local0
  option httplog
  retries 2
  timeout connect 30ms
  server s1 {refusing}"
    ));
    let mut client = proxy.client();
    client.get("/");
    let response = client.response();
    assert_eq!(response.status(), 503);
    let line = log.http();
    assert_eq!((line.status, line.state.as_str()), (503, "SC--"));
    assert!(line.counts.ends_with("/2"), "retries in {}", line.counts);
    assert_eq!(line.times[2..4], [-1, -1]);
    assert_eq!(line.server, "s1");
}

#[test]
fn redispatch_goes_to_another_server() {
    let (refusing, other, log) = (Refusing::new(), Server::listen(), LogSocket::udp());
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  log {log} local0
  option httplog
  option redispatch 1
  timeout connect 30ms
  server s1 {refusing}
  server s2 {other}"
    ));
    let mut client = proxy.client();
    client.get("/");
    let mut server = other.accept();
    server.request();
    server.ok("x");
    assert_eq!(client.response().text(), "x");
    let line = log.http();
    assert_eq!((line.server.as_str(), line.state.as_str()), ("s2", "----"));
    assert!(line.counts.ends_with("/+1"), "redispatch in {}", line.counts);
}

#[test]
fn a_server_that_begins_to_listen_is_reached_by_a_retry() {
    let (refusing, log) = (Refusing::new(), LogSocket::udp());
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  log {log} local0
  option httplog
  retries 20
  timeout connect 50ms
  server s1 {refusing}"
    ));
    let mut client = proxy.client();
    client.get("/");
    let server = refusing.listen();
    let mut server = server.accept();
    server.request();
    server.ok("x");
    assert_eq!(client.response().text(), "x");
    assert_eq!(log.http().state, "----");
}

/// A backlog that is full swallows connection attempts without an answer.
#[test]
fn a_connection_that_is_not_answered_times_out() {
    let full = Full::new();
    let log = LogSocket::udp();
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  log {log} local0
  option httplog
  retries 0
  timeout connect 100ms
  server s1 {}",
        full.address
    ));
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().status(), 503);
    let line = log.http();
    assert_eq!((line.status, line.state.as_str()), (503, "sC--"));
}

struct Full {
    address: std::net::SocketAddr,
    _listener: socket2::Socket,
    _waiting: Vec<socket2::Socket>,
}

impl Full {
    fn new() -> Self {
        use socket2::{Domain, Socket, Type};
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
        listener.bind(&any.into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let waiting = (0..4)
            .map(|_| {
                let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
                socket.set_nonblocking(true).unwrap();
                let _ = socket.connect(&address);
                socket
            })
            .collect();
        Self { address: address.as_socket().unwrap(), _listener: listener, _waiting: waiting }
    }
}

#[test]
fn a_server_that_does_not_answer_in_time_is_504() {
    let simple = Simple::with("timeout server 100ms", "");
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    assert_eq!(client.response().status(), 504);
    server.is_gone();
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (504, "sH--"));
    assert_eq!(line.times[3], -1);
}

#[test]
fn a_server_that_stops_within_a_body_ends_the_transfer() {
    let simple = Simple::with("timeout server 100ms", "");
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
    assert_eq!(client.head().status(), 200);
    assert_eq!(client.rest_or_reset(), b"01234");
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (200, "sD--"));
}

#[test]
fn a_server_that_closes_without_an_answer_is_502() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    drop(server);
    assert_eq!(client.response().status(), 502);
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (502, "SH--"));
}

#[test]
fn a_server_that_closes_within_its_head_is_502() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.1 200 OK\r\nContent-Le");
    drop(server);
    assert_eq!(client.response().status(), 502);
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (502, "PH--"));
}

#[test]
fn a_truncated_body_closes_the_client_too() {
    for (head, part) in
        [("Content-Length: 10\r\n", "01234"), ("Transfer-Encoding: chunked\r\n", "5\r\n01234\r\n")]
    {
        let simple = Simple::new();
        let mut client = simple.proxy.client();
        client.get("/");
        let mut server = simple.server.accept();
        server.request();
        server.send(format!("HTTP/1.1 200 OK\r\n{head}\r\n{part}"));
        assert_eq!(client.head().status(), 200);
        client.gets(part);
        drop(server);
        client.is_gone();
        let line = simple.log.http();
        assert_eq!((line.status, line.state.as_str()), (200, "SD--"), "{head}");
    }
}

#[test]
fn a_response_that_is_none_is_502() {
    for text in [
        "hello\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\nab",
    ] {
        let simple = Simple::new();
        let mut client = simple.proxy.client();
        client.get("/");
        let mut server = simple.server.accept();
        server.request();
        server.send(text);
        let response = client.response();
        assert_eq!(response.status(), 502, "{text:?}");
        let line = simple.log.http();
        assert_eq!((line.status, line.state.as_str()), (502, "PH--"), "{text:?}");
    }
}

#[test]
fn a_response_head_that_is_too_large_is_502() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    let large = "x".repeat(20_000);
    let _ = server.try_send(format!("HTTP/1.1 200 OK\r\nX: {large}\r\n\r\n"));
    assert_eq!(client.response().status(), 502);
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (502, "PH--"));
}

#[test]
fn broken_chunks_from_the_server_end_the_transfer() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    assert_eq!(client.head().status(), 200);
    client.gets("3\r\nabc\r\n");
    server.send("zz\r\n");
    client.is_gone();
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (200, "PD--"));
}

#[test]
fn a_backend_without_a_usable_server_is_503() {
    let log = LogSocket::udp();
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  log {log} local0
  option httplog
  server s1 127.0.0.1:1 disabled"
    ));
    let mut client = proxy.client();
    client.get("/");
    let response = client.response();
    assert_eq!(response.status(), 503);
    assert!(response.text().contains("No server is available to handle this request."));
    let line = log.http();
    assert_eq!((line.status, line.state.as_str()), (503, "SC--"));
    assert_eq!(line.server, "<NOSRV>");
    assert_eq!(line.times[1..4], [-1, -1, -1]);
}
