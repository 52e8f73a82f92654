//! Operators and health checks steer traffic while it flows.

use crate::support::{Answering, Proxy, eventually};

fn who(proxy: &Proxy) -> String {
    let mut client = proxy.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    let response = client.response();
    if response.status() == 200 { response.text() } else { response.status().to_string() }
}

#[test]
fn a_disabled_server_gets_nothing_more_from_any_thread() {
    let [a, b] = ["a", "b"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  server a {a}
  server b {b}"
    ));
    proxy.admin("disable server web/a");
    assert_eq!((0..20).map(|_| who(&proxy)).collect::<String>(), "b".repeat(20));
    assert_eq!(proxy.stat("web", "a", "status"), "MAINT");
    proxy.admin("disable server web/b");
    assert_eq!(who(&proxy), "503");
    proxy.admin("enable server web/a");
    assert_eq!((0..20).map(|_| who(&proxy)).collect::<String>(), "a".repeat(20));
}

#[test]
fn a_server_is_moved_while_it_serves() {
    let [old, new] = ["old", "new"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  http-reuse always
  server s {old}"
    ));
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().text(), "old");
    let address = new.to_string();
    let (ip, port) = address.split_once(':').unwrap();
    let answer = proxy.admin(&format!("set server web/s addr {ip} port {port}"));
    assert!(answer.contains("port changed from"), "{answer}");
    client.get("/");
    assert_eq!(client.response().text(), "new", "an idle connection to the old place is not used");
    assert_eq!(who(&proxy), "new");
}

#[test]
fn checks_take_a_server_out_and_put_it_back() {
    let [a, b] = ["a", "b"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  option httpchk GET /healthz
  server a {a} check inter 50ms rise 2 fall 2
  server b {b} check inter 50ms rise 2 fall 2"
    ));
    let status = |server: &str| proxy.stat("web", server, "status");
    a.set_unwell(true);
    eventually("a goes down", || (status("a") == "DOWN").then_some(()));
    assert_eq!((0..6).map(|_| who(&proxy)).collect::<String>(), "bbbbbb");
    assert_eq!(proxy.stat("web", "a", "check_status"), "L7STS");
    a.set_unwell(false);
    eventually("a comes back", || (status("a") == "UP").then_some(()));
    assert!((0..6).map(|_| who(&proxy)).collect::<String>().contains('a'));
}

#[test]
fn the_statistics_page_and_its_csv_come_through_the_proxy() {
    let a = Answering::named("a");
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  stats enable
  stats uri /stats
  server a {a}"
    ));
    assert_eq!(who(&proxy), "a");
    let mut client = proxy.client();
    client.get("/stats");
    let page = client.response();
    assert_eq!((page.status(), page.field("content-type")), (200, Some("text/html")));
    assert!(page.text().contains("web"), "{}", page.text());
    client.get("/stats;csv");
    let csv = client.response();
    assert!(csv.text().contains("# pxname,svname,qcur,"), "{}", csv.text());
    assert!(csv.text().contains("\nweb,a,0,0,"), "{}", csv.text());
    assert_eq!(a.requests(), 1, "the server sees none of this");
}

#[test]
fn a_backend_may_be_named_by_the_request() {
    let [a, b, c] = ["a", "b", "c"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
frontend web
  bind <front>
  use_backend bk_%[path,field(2,/)] if {{ path_beg /to/ }} !{{ path /to/x }}
  use_backend bk_%[req.hdr(x-backend)]
  default_backend c
backend bk_a
  server s {a}
backend bk_to
  server s {b}
backend c
  server s {c}"
    ));
    let mut client = proxy.client();
    let mut ask = |path: &str, name: &str| {
        client.send(format!("GET {path} HTTP/1.1\r\nHost: h\r\nX-Backend: {name}\r\n\r\n"));
        client.response().text()
    };
    assert_eq!(ask("/to/y", "a"), "b");
    assert_eq!(ask("/to/x", "a"), "a");
    assert_eq!(ask("/", "nobody"), "c", "the default where there is none of that name");
}
