//! Server connections that serve one client after the other.

use std::time::Duration;

use evenkeel_mysql_proxy::protocol::capability;

use crate::support::client::{Client, USUAL};
use crate::support::database::PASSWORD;
use crate::support::database_or_return;
use crate::support::proxy::{Proxy, eventually};

/// Waits until `served` sessions have ended and their server connections have been reset.
pub(crate) fn wait_for_idle(proxy: &Proxy, served: u64) {
    eventually(Duration::from_secs(5), || {
        proxy.metric("commands_total{command=\"quit\"}") >= served && proxy.metric("sessions") == 0
    });
}

#[test]
fn the_next_client_gets_the_connection_without_the_state_of_the_one_before() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "workers: 1");
    database.root("CREATE OR REPLACE TABLE t.pooled (i INT); INSERT INTO t.pooled VALUES (1)");
    let mut first = Client::connect(proxy.address);
    let id = first.greeting.thread_id;
    for statement in [
        "SET @a = 1",
        "SET time_zone = '+05:00'",
        "CREATE TEMPORARY TABLE temporary (i INT)",
        "USE mysql",
        "BEGIN",
        "UPDATE t.pooled SET i = 2",
    ] {
        first.execute(statement).unwrap();
    }
    assert_eq!(first.value("SELECT GET_LOCK('pooled', 0)").as_deref(), Some("1"));
    first.send(b"\x01");
    assert!(first.is_closed());
    wait_for_idle(&proxy, 1);
    // Locks and the transaction are gone before anyone needs the connection.
    assert_eq!(database.root("SELECT IS_FREE_LOCK('pooled')"), "1\n");
    assert_eq!(database.root("SELECT i FROM t.pooled FOR UPDATE NOWAIT"), "1\n");

    let mut second = Client::connect(proxy.address);
    assert_eq!(second.greeting.thread_id, id);
    assert_eq!(second.value("SELECT CONNECTION_ID()"), Some(id.to_string()));
    assert_eq!(second.value("SELECT @a"), None);
    assert_eq!(second.value("SELECT @@time_zone").as_deref(), Some("SYSTEM"));
    assert_eq!(second.value("SELECT DATABASE()").as_deref(), Some("t"));
    assert_eq!(second.execute("SELECT * FROM temporary").unwrap_err().code, 1146);
    assert_eq!(proxy.metric("pool_hits_total"), 1);
}

#[test]
fn a_client_of_other_capabilities_gets_a_fresh_connection() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "workers: 1");
    let mut first = Client::connect(proxy.address);
    first.send(b"\x01");
    wait_for_idle(&proxy, 1);
    let flags = USUAL | capability::FOUND_ROWS;
    let mut second = Client::connect_with(proxy.address, flags, PASSWORD).unwrap();
    assert_eq!(second.value("SELECT USER()").as_deref(), Some("app@localhost"));
    assert_eq!(second.greeting.thread_id, first.greeting.thread_id);
    assert_ne!(second.value("SELECT CONNECTION_ID()"), Some(first.greeting.thread_id.to_string()));
    assert_eq!(proxy.metric("pool_stale_total"), 1);
    let denied = Client::connect_with(proxy.address, USUAL, "wrong").unwrap_err();
    assert_eq!(denied.code, 1045);
}

#[test]
fn a_connection_that_the_server_has_closed_is_not_used() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "workers: 1");
    let mut first = Client::connect(proxy.address);
    first.send(b"\x01");
    wait_for_idle(&proxy, 1);
    database.root(&format!("KILL {}", first.greeting.thread_id));
    std::thread::sleep(Duration::from_millis(200));
    let mut second = Client::connect(proxy.address);
    assert_ne!(second.greeting.thread_id, first.greeting.thread_id);
    assert_eq!(second.value("SELECT 5").as_deref(), Some("5"));
    assert_eq!(proxy.metric("pool_hits_total"), 0);
}

#[test]
fn idle_connections_are_closed_after_their_time_and_none_is_kept_if_so_set() {
    let database = database_or_return!();
    for pool in ["{idle_timeout: 300ms}", "{max_idle: 0}"] {
        let proxy = Proxy::start(database.address, &format!("pool: {pool}"));
        let mut client = Client::connect(proxy.address);
        client.send(b"\x01");
        let count = format!(
            "SELECT COUNT(*) FROM information_schema.processlist WHERE id = {}",
            client.greeting.thread_id
        );
        eventually(Duration::from_secs(5), || database.root(&count) == "0\n");
    }
}

#[test]
fn a_changed_option_keeps_the_connection_out_of_the_pool() {
    let database = database_or_return!();
    let proxy = Proxy::start(database.address, "workers: 1");
    let mut first = Client::connect(proxy.address);
    first.send(b"\x1b\0\0");
    first.packet();
    first.send(b"\x01");
    wait_for_idle(&proxy, 1);
    let second = Client::connect(proxy.address);
    assert_ne!(second.greeting.thread_id, first.greeting.thread_id);
}
