//! Signals.

use crate::support::{Proxy, Server, refuses};

fn serving() -> (Server, Proxy) {
    let server = Server::listen();
    let proxy = Proxy::http(&format!("listen web\n  bind <front>\n  server s1 {server}"));
    (server, proxy)
}

#[test]
fn a_soft_stop_serves_what_is_under_way_and_closes_the_idle() {
    let (server, mut proxy) = serving();
    let mut idle = proxy.client();
    idle.get("/idle");
    let mut peer = server.accept();
    peer.request();
    peer.ok("x");
    idle.response();
    let mut busy = proxy.client();
    busy.get("/busy");
    let mut peer = server.accept();
    peer.request();
    proxy.signal("USR1");
    refuses(proxy.front());
    idle.is_gone();
    assert!(proxy.is_running());
    peer.ok("done");
    assert_eq!(busy.response().text(), "done");
    busy.is_gone();
    assert_eq!(proxy.wait().code(), Some(0));
}

#[test]
fn sigterm_ends_at_once() {
    let (_server, mut proxy) = serving();
    let _client = proxy.client();
    proxy.signal("TERM");
    assert!(ended_by(proxy.wait(), 15));
}

#[test]
fn sigint_ends_at_once() {
    let (_server, mut proxy) = serving();
    proxy.signal("INT");
    assert!(ended_by(proxy.wait(), 2));
}

#[test]
fn hard_stop_after_bounds_a_soft_stop() {
    let server = Server::listen();
    let mut proxy = Proxy::start(&format!(
        "global\n  hard-stop-after 300ms\nlisten web\n  mode http\n  timeout connect 9s\n  \
         timeout client 60s\n  timeout server 60s\n  bind <front>\n  server s1 {server}"
    ));
    let mut client = proxy.client();
    client.get("/");
    let mut peer = server.accept();
    peer.request();
    proxy.signal("USR1");
    assert_eq!(proxy.wait().code(), Some(0));
    assert!(proxy.errors().contains("hard-stop"), "{}", proxy.errors());
    client.is_gone();
}

/// A shell gives 128 and the signal's number for either end.
fn ended_by(status: std::process::ExitStatus, signal: i32) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(signal) || status.code() == Some(128 + signal)
}
