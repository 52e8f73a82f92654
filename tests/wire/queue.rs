//! `maxconn` of servers: who waits, in which order, and that slots come back.

use crate::Simple;
use crate::support::{Answering, LogSocket, Proxy, eventually};

/// Waits until this many wait in the backend's queue.
fn queued(simple: &Simple, count: &str) {
    eventually("the queue has its length", || {
        (simple.proxy.stat("web", "BACKEND", "qcur") == count).then_some(())
    });
}

#[test]
fn requests_wait_for_a_slot_and_get_it_in_their_order() {
    let simple = Simple::with("", "maxconn 1");
    let mut clients: Vec<_> = (0..3).map(|_| simple.proxy.client()).collect();
    clients[0].get("/0");
    let mut server = simple.server.accept();
    server.request();
    clients[1].get("/1");
    queued(&simple, "1");
    clients[2].get("/2");
    queued(&simple, "2");
    simple.server.has_nobody();
    for (n, client) in clients.iter_mut().enumerate() {
        server.ok(&format!("answer {n}"));
        assert_eq!(client.response().text(), format!("answer {n}"));
        if n < 2 {
            // The next may come over the same connection or a new one.
            client.finish();
            server = simple.server.accept();
            assert_eq!(server.request().path(), format!("/{}", n + 1));
        }
    }
    queued(&simple, "0");
    let positions: Vec<_> = (0..3).map(|_| simple.log.http().queues).collect();
    assert_eq!(positions[0], "0/0");
    assert_eq!(positions[1], "0/1");
}

#[test]
fn a_request_that_waits_too_long_is_503() {
    let simple = Simple::with("timeout queue 100ms", "maxconn 1");
    let mut first = simple.proxy.client();
    first.get("/first");
    let mut server = simple.server.accept();
    server.request();
    let mut second = simple.proxy.client();
    second.get("/second");
    assert_eq!(second.response().status(), 503);
    let line = simple.log.http();
    assert_eq!((line.status, line.state.as_str()), (503, "sQ--"));
    assert_eq!(line.server, "<NOSRV>");
    assert_eq!(line.times[2..4], [-1, -1]);
    server.ok("x");
    assert_eq!(first.response().text(), "x");
}

#[test]
fn a_client_that_leaves_the_queue_frees_its_place() {
    let simple = Simple::with("", "maxconn 1");
    let mut first = simple.proxy.client();
    first.get("/first");
    let mut server = simple.server.accept();
    server.request();
    let mut second = simple.proxy.client();
    second.get("/second");
    queued(&simple, "1");
    let mut third = simple.proxy.client();
    third.get("/third");
    queued(&simple, "2");
    drop(second);
    queued(&simple, "1");
    let line = simple.log.http();
    assert_eq!(line.state, "CQ--");
    assert_eq!(line.request, "GET /second HTTP/1.1");
    server.ok("x");
    first.response();
    drop(first);
    let mut server = simple.server.accept();
    assert_eq!(server.request().path(), "/third");
    server.ok("y");
    assert_eq!(third.response().text(), "y");
}

#[test]
fn no_slot_is_lost_when_clients_vanish() {
    let simple = Simple::with("", "maxconn 2");
    for _ in 0..10 {
        let mut client = simple.proxy.client();
        client.get("/");
        let mut server = simple.server.accept();
        server.request();
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
        client.head();
        client.reset();
        server.is_gone();
    }
    eventually("all slots are free", || {
        (simple.proxy.stat("web", "s1", "scur") == "0").then_some(())
    });
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    server.ok("x");
    assert_eq!(client.response().text(), "x");
}

#[test]
fn a_full_queue_sends_a_persistent_client_elsewhere() {
    let (busy, other, log) =
        (crate::support::Server::listen(), Answering::named("other"), LogSocket::udp());
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  log {log} local0
  option httplog
  cookie SRV insert indirect
  option redispatch
  server s1 {busy} cookie a maxconn 1 maxqueue 1
  server s2 {other} cookie b"
    ));
    let text = "GET / HTTP/1.1\r\nHost: h\r\nCookie: SRV=a\r\n\r\n";
    let mut first = proxy.client();
    first.send(text);
    let mut server = busy.accept();
    server.request();
    let mut second = proxy.client();
    second.send(text);
    eventually("one waits", || (proxy.stat("web", "s1", "qcur") == "1").then_some(()));
    let mut third = proxy.client();
    third.send(text);
    let response = third.response();
    assert_eq!(response.text(), "other");
    assert_eq!(response.field("set-cookie"), Some("SRV=b; path=/"));
}
