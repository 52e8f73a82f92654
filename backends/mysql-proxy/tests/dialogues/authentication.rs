//! Who gets a session, and what the others are told.

use std::io::Write;

use evenkeel_mysql_proxy::protocol::capability;
use evenkeel_mysql_proxy::protocol::packet::frame;

use crate::support::client::{Client, Error, USUAL, error, read_packet};
use crate::support::database::PASSWORD;
use crate::support::proxy::Proxy;
use crate::support::{database_or_return, fake};

#[test]
fn a_wrong_password_is_refused_on_fresh_and_on_pooled_connections() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "workers: 1");
    let denied = Error { code: 1045, state: "28000".into() };
    let attempt = || Client::connect_with(proxy.address, USUAL, "wrong").map(|_| ());
    assert_eq!(attempt(), Err(Error { code: 1045, state: "28000".into() }));
    Client::connect(proxy.address).send(b"\x01");
    crate::pool::wait_for_idle(&proxy, 1);
    assert_eq!(attempt(), Err(denied));
    assert_eq!(proxy.metric("pool_hits_total"), 1);
    Client::connect_with(proxy.address, USUAL, PASSWORD).unwrap();
}

#[test]
fn a_client_that_insists_on_tls_is_told_that_there_is_none() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    let mut client = Client::greet(proxy.address).unwrap();
    assert_eq!(client.greeting.capabilities & capability::SSL, 0);
    let mut request = vec![0; 32];
    request[..4].copy_from_slice(&(USUAL | capability::SSL).to_le_bytes());
    client.socket.write_all(&frame(1, &request)).unwrap();
    let (sequence, payload) = client.packet();
    assert_eq!(sequence, 2);
    assert_eq!(error(&payload), Some(Error { code: 1045, state: "28000".into() }));
    assert!(String::from_utf8_lossy(&payload).contains("TLS"));
    assert!(client.is_closed());
}

#[test]
fn nonsense_in_place_of_a_login_is_a_bad_handshake() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    for nonsense in [frame(1, b"GET / HTTP/1.1"), vec![0xff, 0xff, 0xff, 1]] {
        let mut client = Client::greet(proxy.address).unwrap();
        client.socket.write_all(&nonsense).unwrap();
        let (_, payload) = client.packet();
        assert_eq!(error(&payload), Some(Error { code: 1043, state: "08S01".into() }));
    }
}

#[test]
fn a_client_that_never_logs_in_is_told_so() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "timeouts: {login: 300ms}");
    let mut client = Client::greet(proxy.address).unwrap();
    let (_, payload) = client.packet();
    assert_eq!(error(&payload), Some(Error { code: 1159, state: "08S01".into() }));
}

#[test]
fn the_steps_of_caching_sha2_password_are_relayed_as_they_are() {
    // "Caching_sha2_password information": full authentication with the server's RSA key.
    let steps = [(true, &b"\x01\x04"[..]), (false, b"\x02"), (true, b"\x01-----BEGIN PUBLIC KEY")];
    let (address, server) = fake::serve("caching_sha2_password", move |mut socket| {
        let mut sequence = 2;
        for (from_server, payload) in steps {
            if from_server {
                socket.write_all(&frame(sequence, payload)).unwrap();
            } else {
                assert_eq!(read_packet(&mut socket), (sequence, payload.to_vec()));
            }
            sequence += 1;
        }
        assert_eq!(read_packet(&mut socket), (sequence, vec![9; 256]));
        socket.write_all(&frame(sequence + 1, fake::OK)).unwrap();
    });
    let proxy = Proxy::start(address, "health: {interval: 1h}");
    let mut client = Client::greet(proxy.address).unwrap();
    assert_eq!(client.greeting.plugin, b"caching_sha2_password");
    let login = [
        &(USUAL & !capability::CONNECT_WITH_DB).to_le_bytes()[..],
        &[0; 28],
        b"app\0\x20",
        &[5; 32],
        b"caching_sha2_password\0",
    ]
    .concat();
    client.socket.write_all(&frame(1, &login)).unwrap();
    let mut sequence = 2;
    for (from_server, payload) in steps {
        if from_server {
            assert_eq!(client.packet(), (sequence, payload.to_vec()));
        } else {
            client.socket.write_all(&frame(sequence, payload)).unwrap();
        }
        sequence += 1;
    }
    client.socket.write_all(&frame(sequence, &[9; 256])).unwrap();
    assert_eq!(client.packet(), (sequence + 1, fake::OK.to_vec()));
    server.join().unwrap();
}
