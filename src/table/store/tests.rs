use std::net::Ipv4Addr;

use super::*;
use crate::table::{Data, KeyType};

fn table(words: &str) -> Table {
    Table::new("t", crate::table::declaration::tests::parse(words).unwrap())
}

fn key(number: u32) -> Key {
    Key::Ipv4(Ipv4Addr::from(number))
}

#[test]
fn an_unused_entry_is_forgotten() {
    let table = table("type ip size 10 expire 1s store gpc0");
    let gpc0 = table.declaration.layout.find(Data::Gpc0).unwrap();
    let entry = table.find_or_insert(key(1), 0).unwrap();
    assert_eq!(entry.add(gpc0, 1, 0), 1);
    // Looking does not keep it, using does.
    assert!(table.find(&key(1), 900).is_some());
    assert!(table.find_or_insert(key(1), 900).is_some());
    assert_eq!(table.find(&key(1), 1_800).unwrap().get(gpc0, 1_800), 1);
    assert!(table.find(&key(1), 1_900).is_none());
    assert_eq!(table.used(), 0);
}

#[test]
fn a_tracked_entry_stays() {
    let table = table("type ip size 10 expire 1s store gpc0");
    let entry = table.find_or_insert(key(1), 0).unwrap();
    entry.hold();
    assert!(table.find(&key(1), 5_000).is_some());
    assert!(!table.remove(&key(1)));
    entry.release();
    assert!(table.remove(&key(1)));
    assert_eq!(table.used(), 0);
}

#[test]
fn a_full_table_forgets_the_oldest() {
    let table = table("type ip size 3 expire 1m");
    for (number, now) in [(1, 10), (2, 20), (3, 30), (1, 40), (4, 50)] {
        table.find_or_insert(key(number), now).unwrap();
    }
    assert!(table.find(&key(1), 60).is_some(), "used again at 40");
    assert!(table.find(&key(2), 60).is_none(), "the oldest");
    assert_eq!(table.used(), 3);
}

#[test]
fn a_full_table_without_purge_takes_nothing_new() {
    let table = table("type ip size 2 expire 1s nopurge");
    assert!(table.find_or_insert(key(1), 0).is_some());
    assert!(table.find_or_insert(key(2), 0).is_some());
    assert!(table.find_or_insert(key(3), 0).is_none());
    assert!(table.find_or_insert(key(1), 500).is_some());
    // There is room again once something expired.
    assert!(table.find_or_insert(key(3), 1_200).is_some());
}

#[test]
fn all_tracked_means_full() {
    let table = table("type ip size 2 expire 1s");
    for number in [1, 2] {
        table.find_or_insert(key(number), 0).unwrap().hold();
    }
    assert!(table.find_or_insert(key(3), 0).is_none());
}

#[test]
fn many_entries_spread_and_leave() {
    let table = table("type ip size 100k expire 1s store conn_cnt");
    for number in 0..50_000 {
        table.find_or_insert(key(number), 0).unwrap();
    }
    assert_eq!(table.used(), 50_000);
    assert_eq!(table.entries(500).len(), 50_000);
    table.sweep(2_000);
    assert_eq!(table.used(), 0);
}

#[test]
fn memory_is_bounded_by_the_size() {
    let table = table("type ip size 2k expire 1h");
    for number in 0..20_000 {
        table.find_or_insert(key(number), u64::from(number)).unwrap();
    }
    assert_eq!(table.used(), 2_048);
    assert_eq!(table.declaration.key, KeyType::Ipv4);
}
