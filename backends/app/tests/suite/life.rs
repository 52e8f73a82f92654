//! Starting together, stopping in good order, and limits on what a connection may do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Node, Reply, Stage, wait_for, with_each_database};

with_each_database! {
    nodes_that_start_together_share_one_board,
    a_node_finishes_what_it_has_begun,
    a_drain_is_bounded,
}

fn nodes_that_start_together_share_one_board(stage: &Stage) {
    let names = ["app1", "app2", "app3", "app4"];
    let nodes = std::thread::scope(|scope| {
        names
            .map(|name| scope.spawn(move || Node::launch(name, &stage.url, "")))
            .map(|launched| launched.join().unwrap())
    });
    for (node, name) in nodes.iter().zip(names) {
        node.wait_until_ready();
        // They waited for each other; none ran into another's work and had to try again.
        // SQLite alone does not wait where another process changes the journal's mode.
        let log = node.log_so_far();
        let trouble = |line: &&str| line.contains("WARN") || line.contains("ERROR");
        let locked = |line: &str| line.contains("WARN") && line.contains("database is locked");
        assert!(log.lines().filter(trouble).all(locked), "{log}");
        let reply = node.browser().get("/app/api/messages");
        assert_eq!((reply.status, reply.header("x-served-by")), (200, Some(name)));
        assert_eq!(reply.json()["total"], 3, "one seed");
    }
    let browser = nodes[0].browser().demo();
    browser.at(nodes[1].address).get("/app").assert_shows(&["Signed in as", "app2"]);
}

fn a_node_finishes_what_it_has_begun(stage: &Stage) {
    let mut node = stage.node("drain: {announce: 1s, timeout: 10s}");
    let mut idle = TcpStream::connect(node.address).unwrap();
    let (mut stream, rest) = half_a_request(&node);
    node.signal("TERM");
    wait_for("the drain to be announced", || node.browser().get("/readyz").status == 503);
    assert_eq!(node.browser().get("/readyz").body, "not ready: shutting down\n");
    assert_eq!(node.browser().get("/healthz").status, 200);
    assert_eq!(node.browser().get("/app").status, 200, "still served while it is announced");
    wait_for("the listener to close", || TcpStream::connect(node.address).is_err());
    idle.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0, "an idle connection is closed");

    stream.write_all(rest.as_bytes()).unwrap();
    let reply = Reply::read(&mut stream);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/app/messages/4")));
    assert_eq!(reply.header("connection"), Some("close"));
    let (status, log) = node.ended();
    assert_eq!(status.code(), Some(0), "{log:?}");
    assert!(log.last().unwrap().contains("stopped"), "{log:?}");
}

fn a_drain_is_bounded(stage: &Stage) {
    let mut node = stage.node("drain: {announce: 0s, timeout: 1s}");
    let (_stream, _rest) = half_a_request(&node);
    let started = Instant::now();
    node.signal("INT");
    let (status, log) = node.ended();
    assert_eq!(status.code(), Some(0));
    assert!(started.elapsed() >= Duration::from_millis(900), "{:?}", started.elapsed());
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert!(log.iter().any(|line| line.contains("did not finish in time")), "{log:?}");
}

#[test]
fn a_second_signal_ends_at_once() {
    let mut node = Stage::sqlite().node("drain: {announce: 1h, timeout: 1h}");
    node.signal("TERM");
    wait_for("the drain to be announced", || node.browser().get("/readyz").status == 503);
    node.signal("TERM");
    assert_eq!(node.ended().0.code(), Some(0));
}

#[test]
fn a_slow_request_is_cut() {
    let stage = Stage::sqlite();
    let node = stage.node("limits: {header_timeout: 1s, request_timeout: 1s}");
    let mut slow_head = TcpStream::connect(node.address).unwrap();
    slow_head.write_all(b"GET /app HTTP/1.1\r\nhost: x\r\n").unwrap();
    let mut silent = TcpStream::connect(node.address).unwrap();
    let (mut slow_body, _rest) = half_a_request(&node);
    for stream in [&mut slow_head, &mut silent, &mut slow_body] {
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    }
    let mut answer = String::new();
    silent.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "");
    slow_head.read_to_string(&mut answer).unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    let reply = Reply::read(&mut slow_body);
    assert_eq!(reply.status, 503);
    reply.assert_shows(&["This took too long."]);
}

#[test]
fn a_client_that_takes_nothing_in_is_cut_off() {
    let stage = Stage::sqlite();
    let node = stage.node("limits: {connections: 1, send_timeout: 1s}");
    let mut deaf = TcpStream::connect(node.address).unwrap();
    deaf.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    let ask = b"GET /app/style.css HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1000);
    // Asks for more than both kernels hold, until nothing moves any more.
    while deaf.write_all(&ask).is_ok() {}
    assert_eq!(node.browser().get("/healthz").body, "ok\n", "the only place is free again");
}

#[test]
fn connections_beyond_the_limit_wait() {
    let stage = Stage::sqlite();
    let node = stage.node("limits: {connections: 2}");
    let held = [(); 2].map(|()| TcpStream::connect(node.address).unwrap());
    // Both must be accepted before the third asks; nothing tells us but time.
    std::thread::sleep(Duration::from_millis(300));
    let mut third = TcpStream::connect(node.address).unwrap();
    third.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    third.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    assert!(third.read(&mut [0; 1]).is_err(), "it is not served yet");
    drop(held);
    third.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(Reply::read(&mut third).body, "ok\n");
}

#[test]
fn a_head_without_end_is_refused() {
    let stage = Stage::sqlite();
    let node = stage.node("");
    let mut stream = TcpStream::connect(node.address).unwrap();
    let head = format!("GET /app HTTP/1.1\r\nhost: x\r\nx-long: {}", "x".repeat(40_000));
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
}

/// A new message whose body is still missing its second half, which is returned with the stream.
fn half_a_request(node: &Node) -> (TcpStream, String) {
    let mut browser = node.browser().demo();
    let csrf = browser.get("/app/new").csrf();
    let body = format!("csrf={csrf}&title=begun&body=finished");
    let kind = "application/x-www-form-urlencoded";
    let head = browser.head("POST", "/app/messages", kind, body.len());
    let (first, rest) = body.split_at(body.len() / 2);
    let mut stream = TcpStream::connect(node.address).unwrap();
    stream.write_all(format!("{head}\r\n{first}").as_bytes()).unwrap();
    // The node must have begun to read it before the scenario goes on; nothing tells us but time.
    std::thread::sleep(Duration::from_millis(200));
    (stream, rest.to_owned())
}
