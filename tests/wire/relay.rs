//! TCP mode: bytes both ways, half-closes, timeouts, and `option tcplog`.

use crate::support::{LogSocket, Proxy, Refusing, Server};

fn relay(lines: &str) -> (Server, LogSocket, Proxy) {
    let (server, log) = (Server::listen(), LogSocket::udp());
    let proxy = Proxy::tcp(&format!(
        "
listen raw
  bind <front>
  log {log} local0
  option tcplog
  {lines}
  server s1 {server}"
    ));
    (server, log, proxy)
}

#[test]
fn a_half_closed_client_still_gets_its_answer() {
    let (server, log, proxy) = relay("");
    let mut client = proxy.client();
    client.send("question").finish();
    let mut peer = server.accept();
    assert_eq!(peer.rest(), b"question");
    peer.send("answer");
    drop(peer);
    assert_eq!(client.rest(), b"answer");
    drop(client);
    let line = log.tcp();
    assert_eq!((line.state.as_str(), line.bytes), ("--", 6));
    assert_eq!((line.backend.as_str(), line.server.as_str()), ("raw", "s1"));
}

#[test]
fn a_server_may_speak_first() {
    let (server, log, proxy) = relay("");
    let mut client = proxy.client();
    let mut peer = server.accept();
    peer.send("220 ready\r\n");
    client.gets("220 ready\r\n").send("QUIT\r\n");
    peer.gets("QUIT\r\n").finish();
    client.is_closed();
    drop(client);
    peer.is_closed();
    assert_eq!(log.tcp().state, "--");
}

#[test]
fn a_silent_client_is_cut_off() {
    let (server, log, proxy) = relay("timeout client 100ms");
    let mut client = proxy.client();
    let mut peer = server.accept();
    client.is_gone();
    peer.is_gone();
    assert_eq!(log.tcp().state, "cD");
}

#[test]
fn a_server_that_refuses_ends_the_client() {
    let (refusing, log) = (Refusing::new(), LogSocket::udp());
    let proxy = Proxy::tcp(&format!(
        "
listen raw
  bind <front>
  log {log} local0
  option tcplog
  retries 0
  server s1 {refusing}"
    ));
    proxy.client().is_gone();
    let line = log.tcp();
    assert_eq!((line.state.as_str(), line.server.as_str()), ("SC", "s1"));
}
