//! `send-proxy`: the server hears of the client before anything else.

use crate::Simple;
use crate::support::{Proxy, Server};

#[test]
fn version_1_comes_first_on_every_connection() {
    let simple = Simple::with("http-reuse always", "send-proxy");
    for path in ["/1", "/2"] {
        let mut client = simple.proxy.client();
        client.get(path);
        let mut server = simple.server.accept();
        let (from, to) = (client.local(), simple.proxy.front());
        server.gets(format!(
            "PROXY TCP4 {} {} {} {}\r\n",
            from.ip(),
            to.ip(),
            from.port(),
            to.port()
        ));
        assert_eq!(server.request().path(), path);
        server.ok("x");
        assert_eq!(client.response().text(), "x");
    }
}

#[test]
fn version_2_is_binary_and_works_in_tcp_mode() {
    let server = Server::listen();
    let proxy =
        Proxy::tcp(&format!("listen web\n  bind <front>\n  server s1 {server} send-proxy-v2"));
    let mut client = proxy.client();
    client.send("hello");
    let mut peer = server.accept();
    let header = peer.exactly(28);
    assert_eq!(header[..12], *b"\r\n\r\n\0\r\nQUIT\n");
    assert_eq!(header[12..16], [0x21, 0x11, 0, 12]);
    let std::net::SocketAddr::V4(from) = client.local() else { panic!("not IPv4") };
    let std::net::SocketAddr::V4(to) = proxy.front() else { panic!("not IPv4") };
    assert_eq!(header[16..24], [from.ip().octets(), to.ip().octets()].concat());
    assert_eq!(header[24..26], from.port().to_be_bytes());
    assert_eq!(header[26..28], to.port().to_be_bytes());
    peer.gets("hello");
}

#[test]
fn a_client_of_a_unix_socket_is_unknown() {
    let server = Server::listen();
    let proxy = Proxy::http(&format!(
        "listen web\n  bind unix@<dir>/front.sock\n  server s1 {server} send-proxy"
    ));
    let mut client = crate::support::Peer::connect_unix(proxy.directory().join("front.sock"));
    client.get("/");
    let mut peer = server.accept();
    peer.gets("PROXY UNKNOWN\r\n");
    peer.request();
    peer.ok("x");
    assert_eq!(client.response().text(), "x");
}
