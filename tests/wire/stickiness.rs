//! `stick-table`, the `stick` rules, and `show table`.

use crate::support::{Answering, Peer, Proxy};

/// The server that answers a request with this user.
fn served(client: &mut Peer, user: &str) -> String {
    client.send(format!("GET / HTTP/1.1\r\nHost: h\r\nX-User: {user}\r\n\r\n"));
    client.response().text()
}

/// The lines of `show table`, without addresses and times.
fn entries(proxy: &Proxy, command: &str) -> Vec<String> {
    let text = proxy.admin(command);
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| line.contains(": key="))
        .map(|line| {
            let words = line.split(' ').skip(1);
            words.filter(|word| !word.starts_with("exp=")).collect::<Vec<_>>().join(" ")
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn a_key_of_the_request_leads_to_the_server_that_it_was_seen_with() {
    let [a, b] = ["a", "b"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  balance roundrobin
  stick-table type string len 16 size 1k expire 1m
  stick on req.hdr(x-user)
  server a {a}
  server b {b}"
    ));
    let mut client = proxy.client();
    let first = served(&mut client, "ann");
    let second = served(&mut client, "bob");
    assert_ne!(first, second, "round robin, as neither was known");
    for _ in 0..3 {
        assert_eq!(served(&mut client, "ann"), first);
        assert_eq!(served(&mut client, "bob"), second);
    }
    let id = |name: &str| if name == "a" { 1 } else { 2 };
    assert_eq!(
        entries(&proxy, "show table web"),
        [
            format!("key=ann use=0 shard=0 server_id={} server_key={first}", id(&first)),
            format!("key=bob use=0 shard=0 server_id={} server_key={second}", id(&second)),
        ]
    );
    let header = proxy.admin("show table");
    assert_eq!(header.trim(), "# table: web, type: string, size:1024, used:2");
    proxy.admin("clear table web key ann");
    assert_eq!(entries(&proxy, "show table web").len(), 1);
}

#[test]
fn a_server_that_is_down_loses_its_keys_to_another() {
    let [a, b] = ["a", "b"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
listen web
  bind <front>
  stick-table type string size 1k expire 1m
  stick on req.hdr(x-user)
  server a {a}
  server b {b}"
    ));
    let mut client = proxy.client();
    let first = served(&mut client, "ann");
    proxy.admin(&format!("disable server web/{first}"));
    let other = served(&mut client, "ann");
    assert_ne!(other, first);
    // It stays there when the first one is back.
    proxy.admin(&format!("enable server web/{first}"));
    assert_eq!(served(&mut client, "ann"), other);
}

#[test]
fn a_key_may_come_from_the_response_and_live_in_another_section() {
    let [a, b] = ["a", "b"].map(Answering::named);
    let proxy = Proxy::http(&format!(
        "
backend sessions
  stick-table type string size 1k expire 1m
listen web
  bind <front>
  stick match req.hdr(x-user) table sessions
  stick store-response res.hdr(content-length) table sessions if {{ status 200 }}
  server a {a}
  server b {b}"
    ));
    let mut client = proxy.client();
    let server = served(&mut client, "ann");
    let learned = entries(&proxy, "show table sessions");
    assert_eq!(learned.len(), 1, "{learned:?}");
    assert!(learned[0].ends_with(&format!("server_key={server}")), "{learned:?}");
    let key = learned[0].split([' ', '=']).nth(1).unwrap().to_owned();
    for _ in 0..3 {
        assert_eq!(served(&mut client, &key), server);
    }
}

#[test]
fn connections_stick_by_their_source() {
    let [a, b] = ["a", "b"].map(Answering::named);
    let proxy = Proxy::tcp(&format!(
        "
listen web
  bind <front>
  balance roundrobin
  stick-table type ip size 1k expire 1m
  stick on src
  server a {a}
  server b {b}"
    ));
    let ask = || {
        let mut client = proxy.client();
        client.get("/");
        client.response().text()
    };
    let first = ask();
    for _ in 0..4 {
        assert_eq!(ask(), first);
    }
}

#[test]
fn tables_are_written_and_read_by_the_operator() {
    let proxy = Proxy::http(
        "
backend t
  stick-table type ip size 10 store gpc0,gpt0,conn_rate(10s)
frontend web
  bind <front>
  http-request return status 200 content-type text/plain lf-string \"%[src,table_gpc0(t)] %[src,in_table(t)] %[src_get_gpt0(t)] %[table_cnt(t)]\"",
    );
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().text(), "0 0 0 0");
    proxy.admin("set table t key 127.0.0.1 data.gpc0 7 data.gpt0 3");
    let shown = entries(&proxy, "show table t data.gpc0 gt 6");
    assert_eq!(shown, ["key=127.0.0.1 use=0 shard=0 gpt0=3 gpc0=7 conn_rate(10000)=0"]);
    assert!(entries(&proxy, "show table t data.gpc0 gt 7").is_empty());
    client.get("/");
    assert_eq!(client.response().text(), "7 1 3 1");
    assert_eq!(proxy.admin("show table nope").trim(), "No such table");
}
