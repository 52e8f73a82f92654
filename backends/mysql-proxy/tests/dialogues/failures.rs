//! Servers and clients that are not there, or no longer.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use evenkeel_mysql_proxy::protocol::packet::frame;

use crate::support::client::{Client, Error, error, read_packet};
use crate::support::database::free_address;
use crate::support::proxy::{Proxy, eventually};
use crate::support::{database_or_return, fake};

#[test]
fn without_a_server_clients_get_an_error_and_not_a_bare_close() {
    let proxy = Proxy::start(free_address(), "health: {interval: 50ms}");
    let unreachable = || Error { code: 2003, state: "08S01".into() };
    assert_eq!(Client::greet(proxy.address).unwrap_err(), unreachable());
    eventually(Duration::from_secs(5), || proxy.get("/healthz").0 == 503);
    assert_eq!(proxy.get("/healthz").1, "no server is up\n");
    assert_eq!(proxy.metric("server_up{server=\"db1\"}"), 0);
    assert_eq!(Client::greet(proxy.address).unwrap_err(), unreachable());
}

#[test]
fn clients_beyond_the_limit_get_an_error_until_there_is_room() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "max_connections: 1");
    let mut first = Client::connect(proxy.address);
    let full = Client::greet(proxy.address).unwrap_err();
    assert_eq!(full, Error { code: 1040, state: "08004".into() });
    first.send(b"\x01");
    eventually(Duration::from_secs(5), || proxy.metric("sessions") == 0);
    Client::connect(proxy.address);
}

#[test]
fn a_standby_takes_the_sessions_only_if_failover_is_on() {
    let database = database_or_return!();
    for failover in [false, true] {
        let proxy = Proxy::start_with(&format!(
            "servers:\n- {{name: a, address: '{}', role: primary}}\n\
             - {{name: b, address: '{}', role: standby}}\nfailover: {failover}\n",
            free_address(),
            database.address,
        ));
        // At once, by the failed attempt; later, because the check has found the primary down.
        assert_eq!(Client::greet(proxy.address).is_ok(), failover);
        eventually(Duration::from_secs(10), || proxy.metric("server_up{server=\"a\"}") == 0);
        assert_eq!(Client::greet(proxy.address).is_ok(), failover);
        assert_eq!(proxy.get("/healthz").0 == 200, failover);
        assert_eq!(proxy.metric("server_up{server=\"b\"}"), 1);
    }
}

#[test]
fn clients_that_leave_before_they_log_in_are_not_held_against_the_proxy() {
    let database = database_or_return!();
    let proxy = Proxy::start(
        database.address,
        "workers: 1\nhealth: {interval: 50ms, user: evenkeel, password: check}",
    );
    let aborted = || database.root("SHOW GLOBAL STATUS LIKE 'Aborted_connects'");
    let connections = || proxy.metric("logins_failed_total");
    let before = aborted();
    for _ in 0..20 {
        drop(Client::greet(proxy.address).unwrap());
        drop(TcpStream::connect(proxy.address).unwrap());
    }
    eventually(Duration::from_secs(5), || connections() == 40 && proxy.metric("sessions") == 0);
    assert_eq!(proxy.metric("server_up{server=\"db1\"}"), 1);
    assert_eq!(aborted(), before);
}

#[test]
fn a_server_lost_in_the_middle_of_an_answer_becomes_an_error_packet() {
    let (address, server) = fake::serve("mysql_native_password", |mut socket| {
        socket.write_all(&frame(2, fake::OK)).unwrap();
        let (_, query) = read_packet(&mut socket);
        assert_eq!(query, b"\x03SELECT 1");
        socket.write_all(&frame(1, &[1])).unwrap();
    });
    let proxy = Proxy::start(address, "health: {interval: 1h}");
    let mut client = Client::connect(proxy.address);
    client.send(b"\x03SELECT 1");
    assert_eq!(client.packet(), (1, vec![1]));
    let (sequence, payload) = client.packet();
    assert_eq!(sequence, 2);
    assert_eq!(error(&payload), Some(Error { code: 2013, state: "08S01".into() }));
    assert!(client.is_closed());
    server.join().unwrap();
    eventually(Duration::from_secs(5), || proxy.metric("servers_lost_total") == 1);
}

#[test]
fn a_server_that_breaks_the_protocol_ends_the_session() {
    let (address, server) = fake::serve("mysql_native_password", |mut socket| {
        socket.write_all(&frame(2, fake::OK)).unwrap();
        read_packet(&mut socket);
        socket.write_all(&frame(1, &[0xfe; 3])).unwrap();
    });
    let proxy = Proxy::start(address, "health: {interval: 1h}");
    let mut client = Client::connect(proxy.address);
    client.send(b"\x03SELECT 1");
    client.packet();
    assert!(client.is_closed());
    server.join().unwrap();
    eventually(Duration::from_secs(5), || proxy.metric("protocol_errors_total") == 1);
}

#[test]
fn a_command_with_a_wrong_sequence_is_refused() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    let mut client = Client::connect(proxy.address);
    client.socket.write_all(&frame(3, b"\x0e")).unwrap();
    let (_, payload) = client.packet();
    assert_eq!(error(&payload), Some(Error { code: 1156, state: "08S01".into() }));
    assert!(client.is_closed());
}

#[test]
fn a_trusted_load_balancer_must_say_who_its_client_is() {
    let database = database_or_return!();
    let trusting = |network: &str| {
        let more = format!("accept_proxy_protocol: true\ntrusted_proxies: [{network}]");
        Proxy::start(database.address, &more)
    };
    let proxy = trusting("127.0.0.0/8");
    for header in [
        &b"PROXY TCP4 192.0.2.1 192.0.2.2 1024 3306\r\n"[..],
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x04\0\x0c\xea",
    ] {
        let mut socket = TcpStream::connect(proxy.address).unwrap();
        socket.write_all(header).unwrap();
        assert_eq!(read_packet(&mut socket).1[0], 10, "the version of a greeting");
    }
    let mut socket = TcpStream::connect(proxy.address).unwrap();
    socket.write_all(&frame(1, b"\x85\xa6")).unwrap();
    assert_eq!(error(&read_packet(&mut socket).1).unwrap().code, 1043);

    let proxy = trusting("192.0.2.0/24");
    assert_eq!(Client::connect(proxy.address).value("SELECT 5").as_deref(), Some("5"));
}
