//! keepalived on the other side, in both roles: election, priority 0, silence, preemption.

use std::{thread::sleep, time::Duration};

use nix::sys::signal::Signal;

use super::{
    Test,
    capture::Capture,
    keepalived::Keepalived,
    lab::{Lab, VIP, VIP6, wait_for},
    node::{Node, Wish},
};

pub(crate) const TESTS: &[Test] = &[
    ("keepalived_stands_by", keepalived_stands_by),
    ("keepalived_is_the_better_one", keepalived_is_the_better_one),
    ("keepalived_without_preemption", keepalived_without_preemption),
    ("keepalived_split_and_healed", keepalived_split_and_healed),
    ("keepalived_ipv6", keepalived_ipv6),
];

fn keepalived_stands_by() {
    let lab = Lab::new();
    let keepalived = Keepalived::start(&lab, "b", 100, "");
    keepalived.wait_until("MASTER");
    let mut a = Node::start(&lab, "a", &Wish::priority(150));
    a.wait_until("MASTER");
    keepalived.wait_until("BACKUP");
    expect_only(&lab, "a", VIP);

    a.signal(Signal::SIGTERM);
    let took = wait_for("keepalived takes over", SOON, || lab.has_address("b", VIP));
    println!("    priority 0 heard by keepalived: {} ms", took.as_millis());
    keepalived.wait_until("MASTER");
    a.wait(SOON);
    expect_only(&lab, "b", VIP);

    let mut a = Node::start(&lab, "a", &Wish::priority(150));
    a.wait_until("MASTER");
    keepalived.wait_until("BACKUP");
    expect_only(&lab, "a", VIP);

    a.signal(Signal::SIGKILL);
    a.wait(SOON);
    let took = wait_for("keepalived takes over", SOON, || lab.has_address("b", VIP));
    println!("    crash noticed by keepalived: {} ms", took.as_millis());
    assert!(took < Duration::from_millis(300));
    assert!(!keepalived.log().contains("hecksum"), "{}", keepalived.log());
}

fn keepalived_is_the_better_one() {
    let lab = Lab::new();
    let b = Node::start(&lab, "b", &Wish::priority(100));
    b.wait_until("MASTER");
    let keepalived = Keepalived::start(&lab, "a", 150, "");
    keepalived.wait_until("MASTER");
    b.wait_until("BACKUP");
    assert!(b.history().last().unwrap().contains("10.9.0.11 advertises priority 150"));
    expect_only(&lab, "a", VIP);

    keepalived.stop();
    b.wait_until("MASTER");
    assert!(b.history().last().unwrap().contains("10.9.0.11 resigned with priority 0"));
    keepalived.ended();
    expect_only(&lab, "b", VIP);

    let keepalived = Keepalived::start(&lab, "a", 150, "");
    keepalived.wait_until("MASTER");
    b.wait_until("BACKUP");
    keepalived.crash();
    let took = b.wait_until("MASTER");
    println!("    crash of keepalived noticed: {} ms", took.as_millis());
    assert!(b.history().last().unwrap().contains("no advertisement for"));
    assert!(took < Duration::from_millis(300));
}

fn keepalived_without_preemption() {
    let lab = Lab::new();
    let b = Node::start(&lab, "b", &Wish::priority(100));
    b.wait_until("MASTER");
    let keepalived = Keepalived::start(&lab, "a", 150, "nopreempt");
    keepalived.wait_until("BACKUP");
    sleep(Duration::from_millis(500));
    assert_eq!((keepalived.state(), b.state().as_deref()), (Some("BACKUP"), Some("MASTER")));
    expect_only(&lab, "b", VIP);
    drop((b, keepalived));

    let lab = Lab::new();
    let keepalived = Keepalived::start(&lab, "a", 100, "");
    keepalived.wait_until("MASTER");
    let b = Node::start(&lab, "b", &Wish::priority(150).more("preempt: false"));
    b.wait_until("BACKUP");
    sleep(Duration::from_millis(500));
    assert_eq!((keepalived.state(), b.state().as_deref()), (Some("MASTER"), Some("BACKUP")));
    keepalived.stop();
    b.wait_until("MASTER");
}

/// keepalived's black hole: as the lesser node it steps down without telling the winner.
fn keepalived_split_and_healed() {
    let lab = Lab::new();
    let capture = Capture::start(&lab);
    let a = Node::start(&lab, "a", &Wish::priority(150));
    a.wait_until("MASTER");
    let keepalived = Keepalived::start(&lab, "b", 100, "");
    keepalived.wait_until("BACKUP");
    for _ in 0..3 {
        lab.split(true);
        keepalived.wait_until("MASTER");
        wait_for("an announcement of keepalived", SOON, || {
            capture.announcers(VIP).last() == Some(&lab.hardware("b"))
        });
        lab.split(false);
        keepalived.wait_until("BACKUP");
        assert_eq!(a.state().as_deref(), Some("MASTER"));
        let took = wait_for("the winner's announcement", Duration::from_secs(11), || {
            capture.announcers(VIP).last() == Some(&lab.hardware("a"))
        });
        println!("    split healed, announced again: {} ms", took.as_millis());
        sleep(Duration::from_millis(20));
    }
}

fn keepalived_ipv6() {
    let lab = Lab::new();
    let wish = Wish { addresses: format!("{VIP6}/64"), ..Wish::priority(150) };
    let keepalived = Keepalived::start_for(&lab, "b", 100, &format!("{VIP6}/64"), "");
    keepalived.wait_until("MASTER");
    let mut a = Node::start(&lab, "a", &wish);
    a.wait_until("MASTER");
    keepalived.wait_until("BACKUP");
    expect_only(&lab, "a", VIP6);
    a.signal(Signal::SIGTERM);
    a.wait(SOON);
    keepalived.wait_until("MASTER");
    expect_only(&lab, "b", VIP6);
    let a = Node::start(&lab, "a", &wish);
    a.wait_until("MASTER");
    keepalived.wait_until("BACKUP");
    keepalived.stop();
    keepalived.ended();
    expect_only(&lab, "a", VIP6);
    assert_eq!(a.state().as_deref(), Some("MASTER"));
}

fn expect_only(lab: &Lab, host: &str, address: &str) {
    let other = if host == "a" { "b" } else { "a" };
    wait_for("exactly one node to have the address", SOON, || {
        lab.has_address(host, address) && !lab.has_address(other, address)
    });
}

const SOON: Duration = Duration::from_secs(5);
