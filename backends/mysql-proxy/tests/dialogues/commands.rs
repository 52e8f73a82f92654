//! Single commands, as no client program sends them at will.

use std::io::Write;
use std::time::{Duration, Instant};

use evenkeel_mysql_proxy::protocol::answer::EOF;
use evenkeel_mysql_proxy::protocol::capability;
use evenkeel_mysql_proxy::protocol::packet::frame;

use crate::support::client::{Client, Error, USUAL, error};
use crate::support::database::PASSWORD;
use crate::support::database_or_return;
use crate::support::proxy::Proxy;

#[test]
fn a_cursor_gives_its_rows_fetch_by_fetch() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    database.root("USE t; CREATE OR REPLACE TABLE three AS SELECT seq FROM seq_1_to_3");
    for deprecate_eof in [0, capability::DEPRECATE_EOF] {
        let mut client =
            Client::connect_with(proxy.address, USUAL | deprecate_eof, PASSWORD).unwrap();
        client.send(b"\x16SELECT seq FROM three ORDER BY seq");
        let (_, prepared) = client.packet();
        let id = &prepared[1..5];
        let until_end =
            |client: &mut Client| -> usize { (1..).find(|_| client.packet().1[0] == EOF).unwrap() };
        if deprecate_eof == 0 {
            until_end(&mut client);
        } else {
            client.packet(); // the one column
        }
        client.send(&[b"\x17", id, b"\x01\x01\0\0\0"].concat());
        let (_, count) = client.packet();
        assert_eq!(count, [1]);
        assert_eq!(until_end(&mut client), 2, "a definition and the end");
        // The last fetch finds nothing.
        for rows in [2, 1] {
            client.send(&[b"\x1c", id, &[2, 0, 0, 0]].concat());
            assert_eq!(until_end(&mut client), rows + 1);
        }
        client.send(&[b"\x19", id].concat());
        client.execute("DO 1").unwrap();
        client.send(&[b"\x17", id, b"\0\x01\0\0\0"].concat());
        let (_, closed) = client.packet();
        assert_eq!(error(&closed).unwrap().code, 1243, "the statement is unknown after its close");
    }
}

#[test]
fn commands_may_come_byte_by_byte_or_all_at_once() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    let mut client = Client::connect(proxy.address);
    for byte in frame(0, b"\x03DO 1") {
        client.socket.write_all(&[byte]).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(client.packet().1[0], 0);
    let three = [frame(0, b"\x0e"), frame(0, b"\x19\x09\0\0\0"), frame(0, b"\x0e")].concat();
    client.socket.write_all(&three).unwrap();
    assert_eq!(client.packet().1[0], 0);
    assert_eq!(client.packet().1[0], 0);
    assert_eq!(client.value("SELECT 5").as_deref(), Some("5"));
}

#[test]
fn replication_is_refused_and_the_session_goes_on() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    let mut client = Client::connect(proxy.address);
    for code in [0x12, 0x15, 0x1e, 0xfa] {
        client.send(&[code, 0, 0, 0]);
        let (sequence, payload) = client.packet();
        assert_eq!(sequence, 1);
        let refused = Error { code: 1047, state: "08S01".into() };
        assert_eq!(error(&payload), Some(refused));
    }
    assert_eq!(client.value("SELECT 5").as_deref(), Some("5"));
}

#[test]
fn a_user_may_change_within_the_session() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    let mut client = Client::connect(proxy.address);
    client.execute("SET @a = 1").unwrap();
    client.send(b"\x11app\0\0t\0\x2d\0mysql_native_password\0");
    client.finish_authentication(1, PASSWORD).unwrap();
    assert_eq!(client.value("SELECT @a"), None);
    client.send(b"\x11app\0\0t\0\x2d\0mysql_native_password\0");
    assert_eq!(client.finish_authentication(1, "wrong").unwrap_err().code, 1045);
}

#[test]
fn the_thread_id_of_the_greeting_kills_the_query() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "");
    // The second round meets connections from the pool.
    for _ in 0..2 {
        let mut client = Client::connect(proxy.address);
        let id = client.greeting.thread_id;
        let begun = Instant::now();
        // Interrupted, SLEEP() returns at once and DO succeeds.
        let sleeper = std::thread::spawn(move || client.execute("DO SLEEP(15)"));
        std::thread::sleep(Duration::from_millis(200));
        Client::connect(proxy.address).execute(&format!("KILL QUERY {id}")).unwrap();
        sleeper.join().unwrap().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }
}
