//! Which server gets a request.

use crate::support::{Answering, Proxy};

/// Servers a, b, c with these options, and who answers `count` requests on new connections.
fn order(lines: &str, options: [&str; 3], count: usize) -> String {
    let servers = ["a", "b", "c"].map(Answering::named);
    let [a, b, c] = &servers;
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  {lines}
  server a {a} {}
  server b {b} {}
  server c {c} {}",
        options[0], options[1], options[2]
    ));
    (0..count)
        .map(|_| {
            let mut client = proxy.client();
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            client.response().text()
        })
        .collect()
}

#[test]
fn round_robin_takes_turns() {
    assert_eq!(order("balance roundrobin", ["", "", ""], 7), "abcabca");
}

#[test]
fn weights_are_exact_over_a_round() {
    let order = order("balance roundrobin", ["weight 2", "weight 1", "weight 1"], 8);
    assert_eq!(order.matches('a').count(), 4, "{order}");
    assert_eq!(order.matches('b').count(), 2, "{order}");
    assert!(!order.contains("aaa"), "{order}");
}

#[test]
fn disabled_servers_and_those_without_weight_get_nothing() {
    assert_eq!(order("balance roundrobin", ["disabled", "", "weight 0"], 3), "bbb");
}

#[test]
fn the_first_backup_serves_when_nobody_else_can() {
    assert_eq!(order("", ["disabled", "backup", "backup"], 3), "bbb");
    let all = order("option allbackups", ["disabled", "backup", "backup"], 4);
    assert!(all.contains('b') && all.contains('c'), "{all}");
    assert_eq!(order("", ["", "backup", "backup"], 3), "aaa");
}

#[test]
fn least_conn_takes_turns_while_nothing_is_held() {
    let order = order("balance leastconn", ["", "", ""], 6);
    for server in ["a", "b", "c"] {
        assert!(order.contains(server), "{order}");
    }
}

#[test]
fn source_keeps_a_client_at_its_server() {
    let order = order("balance source", ["", "", ""], 5);
    assert_eq!(order, order[..1].repeat(5));
}
