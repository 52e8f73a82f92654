//! Actions of HTTP rules, as their section of the manual describes them.

use std::time::{Duration, Instant};

use crate::support::{LogSocket, Peer, Proxy, Server};

/// What a server gets when a client sends `request`, after these rules. Names are in lower case.
fn forwarded(rules: &str, request: &str) -> String {
    let server = Server::listen();
    let proxy = Proxy::http(&format!("\nlisten web\n  bind <front>\n{rules}\n  server s {server}"));
    let mut client = proxy.client();
    client.send(request);
    let mut upstream = server.accept();
    let head = upstream.request();
    upstream.ok("");
    client.response();
    let mut text = format!("{}\n", head.head.line);
    for (name, value) in &head.head.fields {
        text.push_str(&format!("{}: {value}\n", name));
    }
    text
}

#[test]
fn fields_are_replaced_as_a_whole_or_value_by_value() {
    let rules = "
  http-request replace-header X-Rep b(.) \"[\\1\\0]\"
  http-request replace-value X-Val b(.) \"<\\1>\"
  http-request replace-header X-Not z y";
    let request =
        "GET / HTTP/1.1\r\nHost: h\r\nX-Rep: abcd\r\nX-Val: abc, xbd, c\r\nX-Not: n\r\n\r\n";
    assert_eq!(
        forwarded(rules, request),
        "GET / HTTP/1.1\nhost: h\nx-rep: [cbc]\nx-val: <c>,<d>, c\nx-not: n\n"
    );
}

#[test]
fn fields_are_removed_by_a_part_of_their_name() {
    let request = "GET / HTTP/1.1\r\nHost: h\r\nX-Del1: 1\r\nX-Dxl: 2\r\nY-X-Del: 3\r\n\r\n";
    for (rule, left) in [
        ("x-del -m beg", "x-dxl: 2\ny-x-del: 3\n"),
        ("^x-d.l$ -m reg", "x-del1: 1\ny-x-del: 3\n"),
        ("X-D -m sub", ""),
        ("del -m end", "x-del1: 1\nx-dxl: 2\n"),
        ("x-dxl -m str", "x-del1: 1\ny-x-del: 3\n"),
    ] {
        let rules = format!("  http-request del-header {rule}");
        assert_eq!(
            forwarded(&rules, request),
            format!("GET / HTTP/1.1\nhost: h\n{left}"),
            "{rule}"
        );
    }
}

#[test]
fn every_part_of_the_start_line_can_be_changed() {
    for (rule, target, line) in [
        ("replace-path (.*)/rp/(.*) \\2-\\1", "/a/rp/b?z=1", "GET b-/a?z=1"),
        ("replace-pathq ([^?]*)(\\?.*)? \\1/new\\2", "/a?b=c", "GET /a/new?b=c"),
        ("replace-pathq ([^?]*)(\\?.*)? \\1/new\\2", "/a", "GET /a/new"),
        ("replace-uri ^/u(.*) /v\\1%[path]", "/u1?a", "GET /v1?a/u1"),
        ("replace-uri ^/x /y", "/u", "GET /u"),
        ("set-query a=%[query]", "/q?b", "GET /q?a=b"),
        ("set-query a=%[query]", "/q", "GET /q?a="),
        ("set-query %[str()]", "/q?b", "GET /q?"),
        ("set-pathq /xx?yy", "/q?b", "GET /xx?yy"),
        ("set-path /p%[path]", "/q?b", "GET /p/q?b"),
        ("set-path /p", "http://h/q?b", "GET http://h/p?b"),
        ("set-method FOO", "/m", "FOO /m"),
    ] {
        let rules = format!("  http-request {rule}");
        let request = format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
        assert_eq!(forwarded(&rules, &request), format!("{line} HTTP/1.1\nhost: h\n"), "{rule}");
    }
}

#[test]
fn an_authority_in_a_new_uri_is_the_new_host() {
    assert_eq!(
        forwarded("  http-request set-uri http://foo/bar?z", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        "GET http://foo/bar?z HTTP/1.1\nhost: foo\n"
    );
}

#[test]
fn refusals_have_bodies_and_fields_of_their_own() {
    let proxy = Proxy::http(
        "
frontend web
  bind <front>
  http-request deny deny_status 429 content-type text/x string \"hi %[path]\" hdr X-A %[path] if { path /constant }
  http-request deny status 418 lf-string \"hi %[path]\" content-type text/y if { path /format }
  http-request deny",
    );
    let mut client = proxy.client();
    client.get("/constant");
    let response = client.response();
    assert_eq!((response.status(), response.text()), (429, "hi %[path]".to_owned()));
    assert_eq!(response.field("x-a"), Some("/constant"));
    assert_eq!(response.field("content-type"), Some("text/x"));
    client.get("/format");
    let response = client.response();
    assert_eq!((response.status(), response.text()), (418, "hi /format".to_owned()));
    client.get("/");
    assert_eq!(client.response().status(), 403);
}

#[test]
fn tarpits_pauses_and_rejections_are_logged_with_their_state() {
    let log = LogSocket::udp();
    let proxy = Proxy::start(&format!(
        "
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 10s
  timeout tarpit 100ms
frontend web
  bind <front>
  log {log} local0
  option httplog
  http-request tarpit deny_status 429 if {{ path /tarpit }}
  http-request reject if {{ path /reject }}
  http-request set-log-level silent if {{ path /silent }}
  http-request pause 50ms if {{ path /pause }}
  http-request return status 200"
    ));
    let began = Instant::now();
    let mut client = proxy.client();
    client.get("/tarpit");
    assert_eq!(client.response().status(), 429);
    assert!(began.elapsed() >= Duration::from_millis(100));
    assert!(log.message_with("\"GET /tarpit ").contains(" 429 0 - - PT-- "));
    let mut client = proxy.client();
    client.get("/reject");
    client.is_closed();
    assert!(log.message_with("\"GET /reject ").contains(" -1 0 - - PR-- "));
    let mut client = proxy.client();
    client.get("/silent");
    assert_eq!(client.response().status(), 200);
    let began = Instant::now();
    client.get("/pause");
    assert_eq!(client.response().status(), 200);
    assert!(began.elapsed() >= Duration::from_millis(50));
    // The silent request would have been logged before this one.
    assert!(log.message().contains("\"GET /pause "));
}

#[test]
fn captures_of_rules_stand_beside_those_of_fields() {
    let log = LogSocket::udp();
    let proxy = Proxy::http(&format!(
        "
frontend web
  bind <front>
  log {log} local0
  option httplog
  declare capture request len 4
  capture request header X-A len 8
  http-request capture path len 3
  http-request capture req.hdr(x-b) id 0
  http-request return status 200"
    ));
    let mut client = proxy.client();
    client.send("GET /path HTTP/1.1\r\nHost: h\r\nX-A: field\r\nX-B: declared\r\n\r\n");
    client.response();
    assert!(log.message_with("\"GET ").contains(" {decl|field|/pa} "));
}

#[test]
fn a_timeout_can_be_set_for_one_request() {
    let server = Server::listen();
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  http-request set-timeout server 50ms if {{ path /quick }}
  server s {server}"
    ));
    let mut client = proxy.client();
    client.get("/quick");
    let mut upstream = server.accept();
    upstream.request();
    assert_eq!(client.response().status(), 504);
}

#[test]
fn responses_are_changed_by_their_rules() {
    let server = Server::listen();
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  http-response set-status 503 reason \"Slow down\"
  http-response replace-header X-A a(.*) b\\1
  http-response del-header x-secret- -m beg
  server s {server}"
    ));
    let mut client = proxy.client();
    client.get("/");
    let mut upstream: Peer = server.accept();
    upstream.request();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: abc\r\nX-Secret-1: s\r\n\r\n");
    let response = client.response();
    assert_eq!(response.head.line, "HTTP/1.1 503 Slow down");
    assert_eq!(response.field("x-a"), Some("bbc"));
    assert_eq!(response.field("x-secret-1"), None);
}
