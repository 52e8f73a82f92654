//! Who gets a session, and what the others are told.

use std::io::Write;
use std::time::Duration;

use evenkeel_mysql_proxy::protocol::capability;
use evenkeel_mysql_proxy::protocol::packet::frame;

use crate::support::client::{Client, Error, USUAL, error, read_packet};
use crate::support::database::PASSWORD;
use crate::support::proxy::{Proxy, eventually};
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
fn users_of_the_settings_are_verified_by_the_proxy_and_logged_in_by_it() {
    let database = database_or_return!();
    let users = "workers: 1\nusers: [{name: app, password: secret}]";
    let proxy = Proxy::start(database.address, users);
    let denied = || Error { code: 1045, state: "28000".into() };
    let mut first = Client::connect(proxy.address);
    let id = first.value("SELECT CONNECTION_ID()");
    first.execute("SET @a = 1").unwrap();
    first.send(b"\x01");
    crate::pool::wait_for_idle(&proxy, 1);
    // Refused by the proxy: the pooled connection stays.
    assert_eq!(Client::connect_with(proxy.address, USUAL, "wrong").unwrap_err(), denied());
    eventually(Duration::from_secs(5), || proxy.metric("sessions") == 0);
    let mut second = Client::connect(proxy.address);
    assert_eq!(second.value("SELECT CONNECTION_ID()"), id);
    assert_eq!(second.value("SELECT @a"), None);
    assert_ne!(second.greeting.scramble, first.greeting.scramble);
    second.send(b"\x01");
    crate::pool::wait_for_idle(&proxy, 2);
    // Other capabilities: a fresh connection, of which the client sees nothing.
    let flags = USUAL | capability::FOUND_ROWS;
    let mut third = Client::connect_with(proxy.address, flags, PASSWORD).unwrap();
    assert_ne!(third.value("SELECT CONNECTION_ID()"), id);
}

#[test]
fn a_password_that_only_the_proxy_believes_in_is_refused_by_the_server() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "users: [{name: app, password: stale}]");
    let refused = Client::connect_with(proxy.address, USUAL, "stale").unwrap_err();
    assert_eq!(refused, Error { code: 1045, state: "28000".into() });
    let refused = Client::connect_with(proxy.address, USUAL, PASSWORD).unwrap_err();
    assert_eq!(refused, Error { code: 1045, state: "28000".into() });
}

#[test]
fn a_client_with_another_plugin_is_switched_to_the_one_that_the_proxy_verifies() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "users: [{name: app, password: secret}]");
    let mut client = Client::greet(proxy.address).unwrap();
    let flags = (USUAL & !capability::CONNECT_WITH_DB).to_le_bytes();
    let login = [&flags[..], &[0; 28], b"app\0\0caching_sha2_password\0"].concat();
    client.socket.write_all(&frame(1, &login)).unwrap();
    client.finish_authentication(2, PASSWORD).unwrap();
    assert_eq!(client.value("SELECT 5").as_deref(), Some("5"));
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
