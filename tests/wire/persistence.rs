//! `cookie NAME insert`.

use crate::support::{Answering, LogSocket, Proxy};

fn proxy(a: &Answering, b: &Answering, log: &LogSocket) -> Proxy {
    Proxy::http(&format!(
        "
listen web
  bind <front>
  log {log} local0
  option httplog
  cookie SRV insert indirect nocache httponly
  server a {a} cookie ca
  server b {b} cookie cb"
    ))
}

#[test]
fn a_client_stays_with_the_server_that_its_cookie_names() {
    let ([a, b], log) = (["a", "b"].map(Answering::named), LogSocket::udp());
    let proxy = proxy(&a, &b, &log);
    let mut client = proxy.client();
    client.get("/");
    let response = client.response();
    let name = response.text();
    let expected = format!("SRV=c{name}; path=/; HttpOnly");
    assert_eq!(response.field("set-cookie"), Some(expected.as_str()));
    assert_eq!(log.http().state, "--NI");
    for _ in 0..3 {
        client.send(format!("GET / HTTP/1.1\r\nHost: h\r\nCookie: x=1; SRV=c{name}\r\n\r\n"));
        let response = client.response();
        assert_eq!((response.text(), response.field("set-cookie")), (name.clone(), None));
        assert_eq!(log.http().state, "--VN");
    }
    client.send("GET / HTTP/1.1\r\nHost: h\r\nCookie: SRV=nobody\r\n\r\n");
    assert!(client.response().field("set-cookie").is_some());
    assert_eq!(log.http().state, "--II");
}

#[test]
fn a_server_that_is_down_gives_its_clients_to_another() {
    let ([a, b], log) = (["a", "b"].map(Answering::named), LogSocket::udp());
    let proxy = proxy(&a, &b, &log);
    proxy.admin("disable server web/a");
    let mut client = proxy.client();
    client.send("GET / HTTP/1.1\r\nHost: h\r\nCookie: SRV=ca\r\n\r\n");
    let response = client.response();
    assert_eq!(response.text(), "b");
    assert_eq!(response.field("set-cookie"), Some("SRV=cb; path=/; HttpOnly"));
    assert!(log.message_with("\"GET ").contains(" --DI "));
}
