//! `tcp-request` and `tcp-response` rules.

use crate::support::{Answering, LogSocket, Proxy, Server};

#[test]
fn connections_are_refused_before_anything_is_read() {
    let proxy = Proxy::tcp(
        "
frontend web
  bind <front>
  tcp-request connection reject if { src 127.0.0.0/8 }
  default_backend none
frontend other
  bind <front2>
  tcp-request connection accept if { src 127.0.0.0/8 }
  tcp-request connection reject
  tcp-request session reject if { dst_port gt 0 }
  default_backend none
backend none",
    );
    proxy.client().is_gone();
    proxy.client2().is_gone();
    let stat = proxy.admin("show stat");
    let column = |proxy: &str, column: &str| -> String {
        let mut lines = stat.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        let at = names.iter().position(|name| *name == column).unwrap();
        let line = lines.find(|line| line.starts_with(&format!("{proxy},FRONTEND"))).unwrap();
        line.split(',').nth(at).unwrap().to_owned()
    };
    assert_eq!(column("web", "dcon"), "1");
    assert_eq!(column("other", "dses"), "1");
}

#[test]
fn content_rules_without_a_payload_decide_at_once() {
    let a = Answering::named("a");
    let proxy = Proxy::tcp(&format!(
        "
listen web
  bind <front>
  tcp-request content accept if {{ src 127.0.0.0/8 }}
  tcp-request content reject
  server a {a}
listen other
  bind <front2>
  tcp-request inspect-delay 10s
  tcp-request content reject if {{ src 127.0.0.0/8 }}
  server a {a}"
    ));
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().text(), "a");
    proxy.client2().is_gone();
}

#[test]
fn rules_of_a_backend_come_after_those_of_its_frontend() {
    let server = Server::listen();
    let proxy = Proxy::http(&format!(
        "
frontend web
  bind <front>
  tcp-request content set-var(txn.a) str(x)
  http-request set-var(txn.b) var(txn.a)
  default_backend app
backend app
  tcp-request content set-var(txn.c) var(txn.b)
  http-request set-header X-C %[var(txn.c)]
  server s {server}"
    ));
    let mut client = proxy.client();
    client.get("/");
    let mut upstream = server.accept();
    assert_eq!(upstream.request().field("x-c"), Some("x"));
    upstream.ok("");
    client.response();
}

#[test]
fn responses_are_refused_by_content_rules() {
    let a = Answering::named("a");
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  tcp-response content reject if {{ src 127.0.0.0/8 }}
  server a {a}"
    ));
    let mut client = proxy.client();
    client.get("/");
    client.is_gone();
}

#[test]
fn a_relayed_response_is_refused_by_content_rules() {
    let a = Answering::named("a");
    let proxy = Proxy::tcp(&format!(
        "
listen web
  bind <front>
  tcp-response content reject if {{ src 127.0.0.0/8 }}
  server a {a}
listen other
  bind <front2>
  tcp-response content reject if {{ src 192.0.2.1 }}
  server a {a}"
    ));
    let mut client = proxy.client();
    client.get("/");
    client.is_gone();
    let mut client = proxy.client2();
    client.get("/");
    assert_eq!(client.response().text(), "a");
}

#[test]
fn a_relayed_connection_has_captures_too() {
    let (a, log) = (Answering::named("a"), LogSocket::udp());
    let proxy = Proxy::tcp(&format!(
        "
listen web
  bind <front>
  log {log} local0
  log-format \"captured %[capture.req.hdr(0)] %hr\"
  tcp-request content capture dst len 3
  server a {a}"
    ));
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().text(), "a");
    drop(client);
    let line = log.message_with("captured ");
    assert!(line.contains("captured 127 {127}"), "{line}");
}
