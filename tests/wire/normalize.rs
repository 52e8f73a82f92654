//! `normalize-uri`: what each normalizer makes of a request target, as HAProxy 3.4 does.

use crate::support::Proxy;

#[test]
fn targets_become_what_haproxy_makes_of_them() {
    let rows: Vec<[&str; 3]> = include_str!("normalize.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
        .collect();
    for group in rows.chunk_by(|a, b| a[0] == b[0]) {
        let proxy = Proxy::http(&format!(
            "
global
  expose-experimental-directives
frontend web
  bind <front>
  http-request normalize-uri {}
  http-request return status 200 content-type text/plain lf-string \"%[url]\"",
            group[0][0]
        ));
        for [normalizer, target, expected] in group {
            assert_eq!(normalized(&proxy, target), *expected, "{normalizer} of {target}");
        }
    }
}

/// What the target becomes, or the status of the refusal.
fn normalized(proxy: &Proxy, target: &str) -> String {
    let method = if target == "*" { "OPTIONS" } else { "GET" };
    let mut client = proxy.client();
    client.send(format!("{method} {target} HTTP/1.1\r\nHost: h\r\n\r\n"));
    let response = client.response();
    match response.status() {
        200 => response.text(),
        other => other.to_string(),
    }
}
