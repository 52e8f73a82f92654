//! Stick counters: `track-sc`, the `sc_` fetches, and rules that refuse by them.

use crate::support::{Answering, Proxy, eventually};

#[test]
fn requests_over_a_rate_are_refused() {
    let a = Answering::named("a");
    let proxy = Proxy::http(&format!(
        "
backend st
  stick-table type ip size 1k expire 1m store http_req_rate(1m),http_err_cnt,conn_cur
listen web
  bind <front>
  http-request track-sc0 src table st
  http-request deny deny_status 429 if {{ sc_http_req_rate(0) gt 3 }}
  server a {a}"
    ));
    let mut client = proxy.client();
    for _ in 0..3 {
        client.get("/");
        assert_eq!(client.response().status(), 200);
    }
    client.get("/");
    assert_eq!(client.response().status(), 429);
    let shown = proxy.admin("show table st");
    assert!(shown.contains("key=127.0.0.1 use=0"), "{shown}");
    assert!(shown.contains("conn_cur=0 http_req_rate(60000)=4 http_err_cnt=1"), "{shown}");
}

#[test]
fn connections_are_counted_while_they_last() {
    let proxy = Proxy::http(
        "
frontend web
  bind <front>
  stick-table type ip size 1k expire 1m store conn_cur,conn_cnt,sess_cnt,http_req_cnt
  tcp-request connection track-sc0 src
  tcp-request connection reject if { sc0_conn_cur gt 2 }
  http-request return status 200 content-type text/plain lf-string \"%[sc0_conn_cur] %[sc0_http_req_cnt]\"",
    );
    let mut first = proxy.client();
    first.get("/");
    assert_eq!(first.response().text(), "1 1");
    let mut second = proxy.client();
    second.get("/");
    assert_eq!(second.response().text(), "2 2");
    first.get("/");
    assert_eq!(first.response().text(), "2 3");
    let mut third = proxy.client();
    third.is_gone();
    drop(second);
    eventually("the connection that left is not counted", || {
        let shown = proxy.admin("show table web");
        shown.contains("conn_cur=1").then_some(())
    });
    let mut fourth = proxy.client();
    fourth.get("/");
    assert!(fourth.response().text().starts_with("2 "));
    let shown = proxy.admin("show table web");
    assert!(shown.contains("use=2"), "{shown}");
}

#[test]
fn counters_are_set_by_rules() {
    let proxy = Proxy::http(
        "
backend st
  stick-table type string size 1k expire 1m store gpc0,gpc1,gpt0
backend arrays
  stick-table type string size 1k expire 1m store gpc(2),gpt(3),gpc_rate(2,1m)
frontend web
  bind <front>
  http-request track-sc0 path table st
  http-request track-sc1 path table arrays
  http-request sc-inc-gpc0(0)
  http-request sc-inc-gpc1(0) if { path /b }
  http-request sc-set-gpt0(0) 7
  http-request sc-inc-gpc(1,1)
  http-request sc-add-gpc(0,1) 5
  http-request sc-set-gpt(2,1) int(9)
  http-request return status 200 content-type text/plain lf-string \"%[sc0_get_gpc0] %[sc0_get_gpc1] %[sc0_get_gpt0] %[sc_get_gpc(1,1)] %[sc_get_gpc(0,1)] %[sc_get_gpt(2,1)] %[sc_gpc_rate(1,1)] %[sc1_get_gpc0] %[sc0_key]\"",
    );
    let mut client = proxy.client();
    for (path, expected) in
        [("/a", "1 0 7 1 5 9 1 5 /a"), ("/a", "2 0 7 2 10 9 2 10 /a"), ("/b", "1 1 7 1 5 9 1 5 /b")]
    {
        client.get(path);
        assert_eq!(client.response().text(), expected);
    }
}
