//! The graceful stop.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::client::Client;
use crate::support::database_or_return;
use crate::support::proxy::{Proxy, eventually};

#[test]
fn idle_sessions_end_at_once_and_transactions_when_they_are_over() {
    let database = database_or_return!();
    let mut proxy = Proxy::start(database.address, "timeouts: {drain: 20s}");
    database.root("CREATE OR REPLACE TABLE t.stopped (i INT)");
    let mut idle = Client::connect(proxy.address);
    idle.execute("DO 1").unwrap();
    let mut busy = Client::connect(proxy.address);
    busy.execute("BEGIN").unwrap();
    assert_eq!(proxy.get("/healthz"), (200, "ok\n".into()));

    proxy.terminate();
    assert!(idle.is_closed());
    eventually(Duration::from_secs(2), || TcpStream::connect(proxy.address).is_err());
    assert_eq!(proxy.get("/healthz"), (503, "draining\n".into()));
    busy.execute("INSERT INTO stopped VALUES (1)").unwrap();
    busy.execute("COMMIT").unwrap();
    assert!(busy.is_closed());
    assert!(proxy.wait(Duration::from_secs(5)).success());
    assert_eq!(database.root("SELECT COUNT(*) FROM t.stopped"), "1\n");
}

#[test]
fn a_statement_under_way_is_answered_before_its_session_ends() {
    let database = database_or_return!();
    let mut proxy = Proxy::start(database.address, "");
    let mut client = Client::connect(proxy.address);
    client.send(b"\x03DO SLEEP(1)");
    std::thread::sleep(Duration::from_millis(200));
    proxy.terminate();
    assert_eq!(client.packet().1[0], 0);
    assert!(client.is_closed());
    assert!(proxy.wait(Duration::from_secs(5)).success());
}

#[test]
fn a_transaction_that_does_not_end_is_cut_off_at_the_bound() {
    let database = database_or_return!();
    let mut proxy = Proxy::start(database.address, "timeouts: {drain: 300ms}");
    let mut busy = Client::connect(proxy.address);
    busy.execute("BEGIN").unwrap();
    let begun = Instant::now();
    proxy.terminate();
    assert!(proxy.wait(Duration::from_secs(5)).success());
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert!(busy.is_closed());
}

#[test]
fn a_second_signal_stops_at_once() {
    let database = database_or_return!();
    let mut proxy = Proxy::start(database.address, "timeouts: {drain: 1h}");
    let mut busy = Client::connect(proxy.address);
    busy.execute("BEGIN").unwrap();
    proxy.terminate();
    eventually(Duration::from_secs(5), || proxy.get("/healthz").0 == 503);
    proxy.terminate();
    assert!(proxy.wait(Duration::from_secs(5)).success());
}
