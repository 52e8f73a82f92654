//! `normalize-uri`: what each normalizer makes of a request target, as HAProxy 3.4 does.

use crate::support::Proxy;

#[test]
fn targets_become_what_haproxy_makes_of_them() {
    let rows: Vec<[&str; 3]> = include_str!("normalize.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
        .collect();
    let mut normalizers: Vec<&str> = rows.iter().map(|[normalizer, ..]| *normalizer).collect();
    normalizers.dedup();
    let rules: String = normalizers
        .iter()
        .map(|name| {
            format!("  http-request normalize-uri {name} if {{ hdr(x-do) -m str '{name}' }}\n")
        })
        .collect();
    let proxy = Proxy::http(&format!(
        "
global
  expose-experimental-directives
frontend web
  bind <front>
{rules}
  http-request return status 200 content-type text/plain lf-string \"%[url]\""
    ));
    for [normalizer, target, expected] in rows {
        let method = if target == "*" { "OPTIONS" } else { "GET" };
        let mut client = proxy.client();
        client.send(format!("{method} {target} HTTP/1.1\r\nHost: h\r\nX-Do: {normalizer}\r\n\r\n"));
        let response = client.response();
        let found = match response.status() {
            200 => response.text(),
            other => other.to_string(),
        };
        assert_eq!(found, expected, "{normalizer} of {target}");
    }
}
