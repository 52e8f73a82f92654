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
    assert!(began.elapsed() >= Duration::from_millis(90));
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
    // Clocks that count in milliseconds may be one or two early.
    assert!(began.elapsed() >= Duration::from_millis(40));
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

#[test]
fn only_users_of_a_list_get_through() {
    let proxy = Proxy::http(
        "
userlist people
  group staff users ann
  user ann insecure-password secret
  user bob password $5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5
frontend web
  bind <front>
  http-request auth realm Private unless { http_auth(people) }
  http-request deny if { path /staff } !{ http_auth_group(people) staff }
  http-request return status 200 content-type text/plain lf-string %[http_auth_user]",
    );
    let mut client = proxy.client();
    let mut ask = |path: &str, credentials: &str| {
        client.send(format!(
            "GET {path} HTTP/1.1\r\nHost: h\r\nAuthorization: Basic {credentials}\r\n\r\n"
        ));
        client.response()
    };
    // bob:Hello world!
    let bob = "Ym9iOkhlbGxvIHdvcmxkIQ==";
    assert_eq!(ask("/", bob).text(), "bob");
    assert_eq!(ask("/staff", bob).status(), 403);
    // ann:secret
    assert_eq!(ask("/staff", "YW5uOnNlY3JldA==").text(), "ann");
    // ann:wrong, and what is no base64
    for wrong in ["YW5uOndyb25n", "%%%", ""] {
        let response = ask("/", wrong);
        assert_eq!(response.status(), 401);
        assert_eq!(response.field("www-authenticate"), Some("Basic realm=\"Private\""));
    }
}

#[test]
fn error_pages_may_be_made_named_or_elsewhere() {
    let pages = std::env::temp_dir().join(format!("evenkeel-page-{}", std::process::id()));
    std::fs::write(&pages, "HTTP/1.0 503 Foo\r\ncontent-type: text/html\r\n\r\nfoo\n").unwrap();
    let proxy = Proxy::http(&format!(
        "
http-errors shared
  errorfile 503 {page}
  errorfile 404 {page}
frontend web
  bind <front>
  errorfiles shared 503
  errorloc302 502 http://x/y
  errorloc303 504 /b
  http-error status 500 content-type text/plain lf-string \"hey %[path]\" hdr X-A %[path]
  http-request deny deny_status 500 if {{ path /500 }}
  http-request deny deny_status 502 if {{ path /502 }}
  http-request deny deny_status 504 if {{ path /504 }}
  http-request deny deny_status 503 if {{ path /503 }}
  http-request deny status 503 if {{ path /own }}
  http-request deny status 404 errorfiles shared if {{ path /named }}",
        page = pages.display()
    ));
    let ask = |path: &str| {
        let mut client = proxy.client();
        client.get(path);
        client.rest_or_reset()
    };
    let text = |path: &str| String::from_utf8(ask(path)).unwrap().to_lowercase();
    let mut client = proxy.client();
    client.get("/500");
    let response = client.response();
    assert_eq!((response.status(), response.text()), (500, "hey /500".to_owned()));
    assert_eq!(response.field("x-a"), Some("/500"));
    client.get("/own");
    let response = client.response();
    assert_eq!((response.status(), response.text()), (503, String::new()));
    drop(client);
    for (path, start, part) in [
        ("/503", "http/1.0 503 foo", "\r\n\r\nfoo\n"),
        ("/named", "http/1.0 503 foo", "\r\n\r\nfoo\n"),
    ] {
        let text = text(path);
        assert!(text.starts_with(start) && text.ends_with(part), "{path}: {text}");
    }
    for (path, line, location) in
        [("/502", "HTTP/1.1 302 Found", "http://x/y"), ("/504", "HTTP/1.1 303 See Other", "/b")]
    {
        let mut client = proxy.client();
        client.get(path);
        let response = client.response();
        assert_eq!(response.head.line, line);
        assert_eq!(response.field("location"), Some(location));
    }
    std::fs::remove_file(pages).unwrap();
}
