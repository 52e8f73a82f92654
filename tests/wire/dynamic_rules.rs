//! Rules whose effect depends on what a stream says at run time: names of backends, conditions of
//! variables.

use crate::Simple;
use crate::support::{Answering, Proxy};

/// What the client is told about the backends that its request reaches.
fn switched(mode: &str, rules: &str, hosts: &[&str]) -> Vec<String> {
    let servers = ["a", "b", "other"].map(Answering::named);
    let backends: String = ["bk_a", "bk_b", "fallback"]
        .iter()
        .zip(&servers)
        .map(|(name, server)| format!("backend {name}\n  mode {mode}\n  server s {server}\n"))
        .collect();
    let proxy = Proxy::http(&format!(
        "\nfrontend web\n  mode {mode}\n  bind <front>\n{rules}\n  default_backend fallback\n{backends}"
    ));
    let ask = |host: &&str| {
        let mut client = proxy.client();
        client.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        client.response().text()
    };
    hosts.iter().map(ask).collect()
}

#[test]
fn a_backend_is_named_by_the_request() {
    let rules = "  use_backend bk_%[req.hdr(host),lower]";
    assert_eq!(switched("http", rules, &["A", "b", "nobody"]), ["a", "b", "other"]);
}

#[test]
fn a_name_that_no_backend_has_leads_to_the_default_whatever_follows() {
    let rules = "  use_backend bk_%[req.hdr(host)] if { hdr(host) -m found }
  use_backend bk_b";
    assert_eq!(switched("http", rules, &["a", "nobody"]), ["a", "other"]);
}

#[test]
fn a_backend_is_named_in_tcp_mode() {
    assert_eq!(switched("tcp", "  use_backend bk_%[str(B),lower]", &["any"]), ["b"]);
    assert_eq!(switched("tcp", "  use_backend bk_%[str(c)]", &["any"]), ["other"]);
}

/// What the variable `txn.v` is after these rules; `-` if it is not set.
fn variable(rules: &str) -> String {
    let simple = Simple::with(
        &format!(
            "{rules}
  http-request return status 200 content-type text/plain lf-string <%[var(txn.v)]> if {{ var(txn.v) -m found }}
  http-request return status 200 content-type text/plain string -"
        ),
        "",
    );
    let mut client = simple.proxy.client();
    client.get("/path");
    client.response().text()
}

#[test]
fn variables_are_set_under_conditions() {
    let set = "http-request set-var(txn.v) int(5)\n  ";
    for (before, rule, after) in [
        ("", "set-var-fmt(txn.v) %[path]-%[method]", "</path-GET>"),
        ("", "set-var(txn.v,ifexists) str(new)", "-"),
        (set, "set-var(txn.v,ifexists) str(new)", "<new>"),
        ("", "set-var(txn.v,ifnotexists) str(new)", "<new>"),
        (set, "set-var(txn.v,ifnotexists) str(new)", "<5>"),
        (set, "set-var(txn.v,ifempty) str()", "<>"),
        (set, "set-var(txn.v,ifempty) str(new)", "<5>"),
        (set, "set-var(txn.v,ifnotempty) str()", "<5>"),
        (set, "set-var(txn.v,ifnotempty) str(new)", "<new>"),
        (set, "set-var(txn.v,ifset) str(new)", "<new>"),
        ("", "set-var(txn.v,ifset) str(new)", "-"),
        (set, "set-var(txn.v,ifnotset) str(new)", "<5>"),
        (set, "set-var(txn.v,ifgt) int(4)", "<4>"),
        (set, "set-var(txn.v,ifgt) int(5)", "<5>"),
        (set, "set-var(txn.v,iflt) int(6)", "<6>"),
        (set, "set-var(txn.v,iflt) int(4)", "<5>"),
        (set, "set-var(txn.v,iflt,ifexists) int(6)", "<6>"),
        (set, "set-var(txn.v,iflt,ifnotexists) int(6)", "<5>"),
        (set, "set-var(txn.v,ifgt) str(9)", "<9>"),
        (set, "set-var-fmt(txn.v,ifnotexists) new", "<5>"),
    ] {
        assert_eq!(variable(&format!("{before}http-request {rule}")), after, "{before}{rule}");
    }
}

#[test]
fn a_variable_that_was_unset_is_not_set() {
    let rules = "http-request set-var(txn.v) int(5)
  http-request unset-var(txn.v)
  http-request set-var(txn.v,ifset) str(new)";
    assert_eq!(variable(rules), "-");
}
