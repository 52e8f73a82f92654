//! Dialogues over real sockets. Statuses and details are what HAProxy 3.4.0 reports of servers
//! that do the same.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;

use super::*;
use crate::health::schedule::patience;
use crate::health::tests::{answering, closed, plan, run, server};
use crate::live::CheckStatus;

/// Checks the only server of a backend with these lines.
fn check(lines: &str, server: &str) -> Verdict {
    let plan = plan(&format!(
        "defaults\n timeout connect 200ms\n timeout server 1s\n timeout client 1s\n\
         backend b\n mode http\n {lines}\n server s {server}\n"
    ));
    let backend = &plan.backends[0];
    let settings = backend.servers[0].check.unwrap();
    let timeouts = &backend.timeouts;
    let patience = patience(settings.inter, timeouts.connect, timeouts.check);
    run(probe(&backend.servers[0], &settings, &backend.check, patience))
}

fn tcp(address: SocketAddr) -> Verdict {
    check("", &format!("{address} check inter 500ms"))
}

fn http(address: SocketAddr) -> Verdict {
    check("option httpchk", &format!("{address} check inter 500ms"))
}

fn verdict(status: CheckStatus, code: Option<u16>, detail: &str) -> Verdict {
    Verdict::new(status, code, detail)
}

#[test]
fn a_connection_is_enough_for_the_plain_check() {
    let hangs = server(std::mem::forget);
    assert_eq!(tcp(hangs), verdict(CheckStatus::L4Ok, None, ""));
    assert_eq!(
        tcp(closed()),
        verdict(
            CheckStatus::L4Connection,
            None,
            "ECONNREFUSED returned by OS (Connection refused)"
        )
    );
}

#[test]
fn answers_are_judged() {
    for (answer, expected) in [
        ("HTTP/1.0 200 OK\r\n\r\nhello", verdict(CheckStatus::L7Ok, Some(200), "")),
        (
            "HTTP/1.1 500 Internal Error\r\nContent-Length: 3\r\n\r\nbad",
            verdict(CheckStatus::L7Status, Some(500), "Internal Error"),
        ),
        ("garbage\r\n\r\n", verdict(CheckStatus::SocketError, None, "")),
        ("", verdict(CheckStatus::SocketError, None, "")),
    ] {
        assert_eq!(http(answering(answer)), expected, "{answer}");
    }
}

#[test]
fn a_reset_is_told_of() {
    let resets = server(|stream| {
        // Unread bytes turn the close into a reset.
        let _ = stream.peek(&mut [0]);
    });
    assert_eq!(
        http(resets),
        verdict(
            CheckStatus::SocketError,
            None,
            "ECONNRESET returned by OS (Connection reset by peer)"
        )
    );
}

#[test]
fn silence_is_a_timeout_of_layer_seven() {
    let hangs = server(std::mem::forget);
    let began = std::time::Instant::now();
    assert_eq!(http(hangs), verdict(CheckStatus::L7Timeout, None, ""));
    assert!(began.elapsed() >= Duration::from_millis(500), "inter is all there is");
    let began = std::time::Instant::now();
    let lines = "option httpchk\n timeout check 150ms";
    let verdict = check(lines, &format!("{hangs} check inter 5s"));
    assert_eq!(verdict.status, CheckStatus::L7Timeout);
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_full_backlog_is_a_timeout_of_layer_four() {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    socket.bind(&any.into()).unwrap();
    socket.listen(0).unwrap();
    let address = TcpListener::from(socket.try_clone().unwrap()).local_addr().unwrap();
    let _in_backlog = TcpStream::connect(address).unwrap();
    let began = std::time::Instant::now();
    let result = check("timeout check 5s", &format!("{address} check inter 5s"));
    assert_eq!(result, verdict(CheckStatus::L4Timeout, None, ""));
    assert!(began.elapsed() < Duration::from_secs(3), "timeout connect, not inter");
}

#[test]
fn a_unix_socket_that_is_not_there_is_a_socket_error() {
    assert_eq!(
        check("", "unix@/nowhere/evenkeel.sock check"),
        verdict(CheckStatus::SocketError, None, "General socket error (No such file or directory)")
    );
}

/// What a server sees of one check, and how the connection ends for it.
fn seen(lines: &str, options: &str) -> (String, SocketAddr, io::ErrorKind) {
    let (send, receive) = mpsc::channel();
    let address = server(move |mut stream| {
        let peer = stream.peer_addr().unwrap();
        let mut buffer = [0; 4096];
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") && !request.ends_with(b"\x20\x00\x00\x00") {
            match stream.read(&mut buffer) {
                Ok(n) if n > 0 => request.extend_from_slice(&buffer[..n]),
                _ => break,
            }
        }
        let _ = stream.write_all(b"HTTP/1.0 204 No\r\n\r\n");
        let end = loop {
            match stream.read(&mut buffer) {
                Ok(0) => break io::ErrorKind::UnexpectedEof,
                Ok(_) => {}
                Err(error) => break error.kind(),
            }
        };
        let _ = send.send((String::from_utf8_lossy(&request).into_owned(), peer, end));
    });
    check(lines, &format!("127.0.0.1:1 addr 127.0.0.1 port {} check {options}", address.port()));
    let (request, peer, end) = receive.recv_timeout(Duration::from_secs(5)).unwrap();
    (request.replace(&address.port().to_string(), "PORT"), peer, end)
}

#[test]
fn a_check_ends_with_a_reset() {
    let (request, _, end) = seen("option httpchk", "");
    assert_eq!(request, "OPTIONS / HTTP/1.0\r\n\r\n");
    assert_eq!(end, io::ErrorKind::ConnectionReset);
}

#[test]
fn the_proxy_protocol_comes_first() {
    let (request, peer, _) = seen("option httpchk GET /x HTTP/1.0", "check-send-proxy");
    assert_eq!(
        request,
        format!("PROXY TCP4 127.0.0.1 127.0.0.1 {} PORT\r\nGET /x HTTP/1.0\r\n\r\n", peer.port())
    );
}
