//! Rules, and what the proxy answers by itself.

use crate::Simple;
use crate::support::{Answering, Proxy};

fn exchange(simple: &Simple, request: &str) -> crate::support::Request {
    let mut client = simple.proxy.client();
    client.send(request);
    let mut server = simple.server.accept();
    let seen = server.request();
    server.ok("x");
    client.response();
    seen
}

#[test]
fn fields_are_set_added_and_deleted_under_conditions() {
    let simple = Simple::with(
        "acl api path_beg /api/
  http-request set-header X-Client %[src]
  http-request set-header X-Path %[path,upper] if api
  http-request add-header X-Seen twice
  http-request del-header X-Secret unless api
  http-request set-header X-Host %[req.hdr(host),lower] if !{ hdr(host) -i other }",
        "",
    );
    let seen = exchange(
        &simple,
        "GET /api/v1?q HTTP/1.1\r\nHost: SHOP\r\nX-Client: forged\r\nX-Seen: once\r\n\
         X-Secret: s\r\n\r\n",
    );
    let clients = seen.head.values("x-client");
    assert_eq!(clients.len(), 1, "{clients:?}");
    assert!(clients[0].parse::<std::net::IpAddr>().is_ok(), "{clients:?}");
    assert_eq!(seen.field("x-path"), Some("/API/V1"));
    assert_eq!(seen.head.values("x-seen"), ["once", "twice"]);
    assert_eq!(seen.field("x-secret"), Some("s"));
    assert_eq!(seen.field("x-host"), Some("shop"));
    let seen = exchange(&simple, "GET /other HTTP/1.1\r\nHost: OTHER\r\nX-Secret: s\r\n\r\n");
    assert_eq!((seen.field("x-path"), seen.field("x-secret")), (None, None));
    assert_eq!(seen.field("x-host"), None);
}

/// The expected bytes are HAProxy 3.4.0's.
#[test]
fn answers_of_the_proxy_are_haproxys() {
    let simple = Simple::with(
        "http-request deny if { path /deny }
  http-request deny deny_status 429 if { path /slow }
  http-request redirect location /new code 301 if { path /location }
  http-request redirect prefix /moved if { path_beg /prefix }
  http-request redirect scheme https code 307 if { path /scheme }
  http-request return status 200 content-type text/plain string ok if { path /return }
  monitor-uri /alive",
        "",
    );
    let mut client = simple.proxy.client();
    for (path, start, field) in [
        ("/deny", "HTTP/1.1 403 Forbidden", ("content-length", "93")),
        ("/slow", "HTTP/1.1 429 Too Many Requests", ("content-length", "117")),
        ("/location", "HTTP/1.1 301 Moved Permanently", ("location", "/new")),
        ("/prefix?a=b", "HTTP/1.1 302 Found", ("location", "/moved/prefix?a=b")),
        ("/scheme?a=b", "HTTP/1.1 307 Temporary Redirect", ("location", "https://h/scheme?a=b")),
        ("/return", "HTTP/1.1 200 OK", ("content-type", "text/plain")),
        ("/alive", "HTTP/1.1 200 OK", ("content-length", "58")),
    ] {
        client.send(format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n"));
        let response = client.response();
        assert_eq!(response.head.line, start, "{path}");
        assert_eq!(response.field(field.0), Some(field.1), "{path}");
    }
    let states: Vec<String> = (0..6).map(|_| simple.log.http().state).collect();
    assert_eq!(states, ["PR--", "PR--", "LR--", "LR--", "LR--", "LR--"]);
    simple.server.has_nobody();
}

#[test]
fn bytes_that_are_not_utf8_reach_the_wire_as_they_are() {
    let simple = Simple::with(
        r"http-request set-header X-Latin caf\xe9
  acl string hdr(x-in) string
  acl latin hdr(x-in) \xe9
  acl class hdr(x-in) -m reg ^[\xe8\xea]x$
  http-request return status 200 content-type text/plain string \xe9t\xe9 if string
  http-request return status 200 content-type text/plain lf-string %[req.hdr(x-latin)]\xff if latin
  http-request return status 200 content-type text/plain string class if class",
        "",
    );
    let mut client = simple.proxy.client();
    for (sent, body) in
        [(&b"string"[..], &b"\xe9t\xe9"[..]), (b"\xe9", b"caf\xe9\xff"), (b"\xe8x", b"class")]
    {
        client.send([b"GET / HTTP/1.1\r\nHost: h\r\nX-In: ", sent, b"\r\n\r\n"].concat());
        assert_eq!(client.response().body, body);
    }
}

#[test]
fn conditions_choose_the_backend() {
    let [web, api, shop, local] = ["web", "api", "shop", "local"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
frontend front
  bind <front>
  acl is_api path_beg /api/
  acl is_shop hdr(host) -i shop.example
  use_backend to_api if is_api
  use_backend to_shop if is_shop || {{ hdr_dom(host) -i store.example }}
  use_backend to_local if {{ src 127.0.0.0/8 }} {{ path /local }}
  default_backend to_web
backend to_web
  server s {web}
backend to_api
  server s {api}
backend to_shop
  server s {shop}
backend to_local
  server s {local}"
    ));
    let mut client = proxy.client();
    for (host, path, name) in [
        ("h", "/", "web"),
        ("h", "/api/x", "api"),
        ("h", "/apis", "web"),
        ("SHOP.example", "/", "shop"),
        ("www.store.example", "/", "shop"),
        ("shop.example", "/api/", "api"),
        ("h", "/local", "local"),
    ] {
        client.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(client.response().text(), name, "{host} {path}");
    }
}

#[test]
fn forwardfor_adds_the_client_unless_told_otherwise() {
    let field = |lines: &str, given: &str| -> Vec<String> {
        let simple = Simple::with(lines, "");
        let seen = exchange(&simple, &format!("GET / HTTP/1.1\r\nHost: h\r\n{given}\r\n"));
        let from = simple.proxy.front().ip().to_string();
        let values = seen.head.values("x-forwarded-for");
        values
            .iter()
            .map(|value| value.replace(&from, "self").replace("127.0.0.1", "self"))
            .collect()
    };
    let given = "X-Forwarded-For: 10.1.1.1\r\n";
    assert_eq!(field("option forwardfor", ""), ["self"]);
    assert_eq!(field("option forwardfor", given), ["10.1.1.1", "self"]);
    assert_eq!(field("option forwardfor if-none", given), ["10.1.1.1"]);
    assert_eq!(field("option forwardfor except 127.0.0.0/8", given), ["10.1.1.1"]);
}
