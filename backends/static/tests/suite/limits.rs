//! What a client may not do: say too much, or take too long.

use std::time::{Duration, Instant};

use crate::support::Server;

#[test]
fn long_targets_and_heads_have_their_own_statuses() {
    let server = Server::small("limits:\n  head: 2k\n  uri: 1k\n  headers: 10\n");
    let long = "a".repeat(1100);
    for (request, status) in [
        (format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"), 414),
        (format!("GET /{long}{long}"), 414),
        (format!("GET / HTTP/1.1\r\nHost: x\r\nX: {long}{long}"), 431),
        (format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(10)), 431),
    ] {
        let mut client = server.connect();
        client.say(&request);
        let answer = client.hear();
        assert_eq!((answer.status, answer.header("connection")), (status, Some("close")));
    }
    assert_eq!(server.get("/a.txt", &"X: y\r\n".repeat(9)).status, 200);
}

#[test]
fn a_slow_head_gets_408_and_silence_gets_nothing() {
    let server = Server::small("timeouts:\n  request: 200ms\n  keep_alive: 300ms\n");
    let mut slow = server.connect();
    slow.say("GET / HTTP/1.1\r\n");
    let answer = slow.hear();
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));

    let start = Instant::now();
    let mut idle = server.connect();
    assert!(idle.is_closed());
    let waited = start.elapsed();
    assert!(waited >= Duration::from_millis(250) && waited < Duration::from_secs(3), "{waited:?}");
}

#[test]
fn drops_of_a_head_do_not_extend_its_time() {
    let server = Server::small("timeouts:\n  request: 300ms\n");
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\n");
    let start = Instant::now();
    while client.is_silent_for(Duration::from_millis(60)) {
        client.say("X: y\r\n");
        assert!(start.elapsed() < Duration::from_secs(2));
    }
    assert_eq!(client.hear().status, 408);
}

#[test]
fn connections_above_the_limit_wait_their_turn() {
    let server = Server::small("limits:\n  connections: 1\n");
    let mut first = server.connect();
    first.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(first.hear().status, 200);
    let mut second = server.connect();
    second.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(second.is_silent_for(Duration::from_millis(150)));
    drop(first);
    assert_eq!(second.hear().status, 200);
}

#[test]
fn a_client_that_takes_nothing_is_given_up() {
    let folder = crate::support::Folder::new();
    folder.file("big.bin", vec![7; 64 << 20]);
    let server = Server::start(folder, "timeouts:\n  send: 300ms\nlimits:\n  connections: 1\n");
    let mut stuck = server.connect();
    stuck.say("GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    // There is room for one connection, so this is answered only after that one was given up.
    let mut other = server.connect();
    other.say("HEAD /big.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(other.hear_head().status, 200);
}
