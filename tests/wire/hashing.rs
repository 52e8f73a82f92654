//! `balance` by what a request says, with the servers that HAProxy 3.4 chooses.

use crate::support::{Answering, Proxy};

/// Who of five equal servers answers these requests, each a target and a field `X`.
fn order(lines: &str, requests: &[(&str, &str)]) -> String {
    let servers = ["0", "1", "2", "3", "4"].map(Answering::named);
    let [a, b, c, d, e] = &servers;
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  {lines}
  server s0 {a}
  server s1 {b}
  server s2 {c}
  server s3 {d}
  server s4 {e}"
    ));
    let ask = |(target, field): &(&str, &str)| {
        let mut client = proxy.client();
        client.send(format!(
            "GET {target} HTTP/1.1\r\nHost: h\r\nX: {field}\r\nConnection: close\r\n\r\n"
        ));
        client.response().text()
    };
    requests.iter().map(ask).collect()
}

const FIELDS: [(&str, &str); 10] = [
    ("/", "a"),
    ("/", "b"),
    ("/", "1"),
    ("/", "42"),
    ("/", "4294967295"),
    ("/", "123456789012"),
    ("/", "/index.html"),
    ("/", "user=bob"),
    ("/", "192.0.2.17"),
    ("/", "a, b"),
];

#[test]
fn a_field_leads_to_the_server_that_haproxy_chooses() {
    // The first of several values counts.
    for lines in ["balance hdr(x)", "balance hash req.hdr(x,1)"] {
        assert_eq!(order(lines, &FIELDS), "2343021342", "{lines}");
    }
    assert_eq!(order("balance hdr(x)\n  hash-type consistent", &FIELDS), "2124443342");
}

#[test]
fn without_a_key_the_servers_take_turns() {
    assert_eq!(order("balance hdr(y)", &FIELDS), "0123401234");
    assert_eq!(order("balance url_param id", &FIELDS), "0123401234");
}

#[test]
fn one_path_leads_to_one_server_whatever_its_query() {
    let asked = [("/a?1", "x"), ("/a?2", "x"), ("/a", "y"), ("/a/b", "z")];
    let chosen = order("balance uri depth 1", &asked);
    assert!(chosen.bytes().all(|server| server == chosen.as_bytes()[0]), "{chosen}");
}
