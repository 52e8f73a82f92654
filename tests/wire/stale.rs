//! Idle server connections that the server closes.

use crate::Simple;
use crate::support::{Peer, is_reference};

/// One exchange, after which the proxy keeps the server's connection.
fn exchange(simple: &Simple, client: &mut Peer) -> Peer {
    client.get("/first");
    let mut server = simple.server.accept();
    server.request();
    server.ok("x");
    assert_eq!(client.response().text(), "x");
    assert_eq!(simple.log.http().state, "----");
    server
}

#[test]
fn a_connection_that_was_closed_while_idle_is_not_used() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    drop(exchange(&simple, &mut client));
    client.get("/second");
    let mut server = simple.server.accept();
    assert_eq!(server.request().path(), "/second");
    server.ok("y");
    assert_eq!(client.response().text(), "y");
    assert_eq!(simple.log.http().state, "----");
}

/// The server closes just as the request comes: only a request that may be repeated is.
#[test]
fn a_get_is_repeated_when_the_server_closes_an_idle_connection_under_it() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    let mut server = exchange(&simple, &mut client);
    client.get("/second");
    assert_eq!(server.request().path(), "/second");
    drop(server);
    if is_reference() {
        // HAProxy closes without an answer: it leaves the repetition to the client.
        client.is_gone();
        return;
    }
    let mut server = simple.server.accept();
    assert_eq!(server.request().path(), "/second");
    server.ok("y");
    assert_eq!(client.response().text(), "y");
}

#[test]
fn a_post_is_never_sent_twice() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    let mut server = exchange(&simple, &mut client);
    client.send("POST /pay HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n100");
    assert_eq!(server.request().text(), "100");
    drop(server);
    // The client is told nothing, for nothing is known (RFC 9112, section 9.3.1).
    let answer = client.rest_or_reset();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 502"), "{answer:?}");
    simple.server.has_nobody();
}

#[test]
fn idle_connections_are_closed_after_pool_purge_delay() {
    let simple = Simple::with("", "pool-purge-delay 500ms");
    let mut client = simple.proxy.client();
    let mut server = exchange(&simple, &mut client);
    drop(client);
    server.is_gone();
}

#[test]
fn pool_max_conn_zero_keeps_none() {
    let simple = Simple::with("", "pool-max-conn 0");
    let mut client = simple.proxy.client();
    let mut server = exchange(&simple, &mut client);
    if is_reference() {
        // HAProxy keeps it for as long as its client stays.
        drop(client);
    }
    server.is_gone();
}
