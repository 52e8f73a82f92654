//! Two of our own nodes: every way to lose one, and its return.

use std::{thread::sleep, time::Duration};

use nix::sys::signal::{Signal, kill};

use super::{
    Test,
    capture::{Capture, What},
    client::Client,
    lab::{Lab, VIP, VIP6, wait_for},
    node::{Node, Wish, is_alive},
};

pub(crate) const TESTS: &[Test] = &[
    ("the_wire_is_as_the_rfc_says", the_wire_is_as_the_rfc_says),
    ("crash_of_supervisor_and_proxy", crash_of_supervisor_and_proxy),
    ("clean_stop_and_return", clean_stop_and_return),
    ("soft_stop_lets_the_proxy_finish", soft_stop_lets_the_proxy_finish),
    ("death_of_the_proxy_alone", death_of_the_proxy_alone),
    ("cable_pulled_and_plugged", cable_pulled_and_plugged),
    ("split_brain_healed", split_brain_healed),
    ("frozen_node_thawed", frozen_node_thawed),
    ("address_removed_by_hand", address_removed_by_hand),
    ("no_address_before_the_proxy_listens", no_address_before_the_proxy_listens),
    ("unicast_peers", unicast_peers),
    ("ipv6_pair", ipv6_pair),
];

/// A lab with `a` serving and `b` standing by.
struct Pair {
    // Fields are dropped in this order: the namespaces go last.
    client: Client,
    a: Node,
    b: Node,
    lab: Lab,
}

impl Pair {
    fn start() -> Self {
        Self::start_with(&Wish::priority(150), &Wish::priority(100), VIP)
    }

    fn start_with(better: &Wish, lesser: &Wish, address: &str) -> Self {
        let lab = Lab::new();
        let a = Node::start(&lab, "a", better);
        let b = Node::start(&lab, "b", lesser);
        a.wait_until("MASTER");
        b.wait_until("BACKUP");
        let client = Client::start(&lab, address);
        client.wait_for("a", SOON);
        client.forget();
        Self { client, a, b, lab }
    }

    /// `host` takes over; prints and checks the longest gap.
    fn expect(&self, what: &str, host: &str, most: Duration) {
        self.client.wait_for(host, SOON);
        sleep(Duration::from_millis(100));
        let (gap, failed) = self.client.gap();
        println!("    {what}: gap {} ms, {failed} failed requests", gap.as_millis());
        assert_eq!(self.client.last().as_deref(), Some(host));
        assert!(gap <= most, "{what}: {gap:?} without an answer, at most {most:?}");
        self.client.forget();
    }
}

fn the_wire_is_as_the_rfc_says() {
    let lab = Lab::new();
    let capture = Capture::start(&lab);
    let a = Node::start(&lab, "a", &Wish::priority(150));
    a.wait_until("MASTER");
    sleep(Duration::from_millis(300));
    let adverts: Vec<_> = capture
        .heard()
        .into_iter()
        .filter_map(|one| match one.what {
            What::Advert { source, ttl, tos, payload } => {
                assert_eq!((source.to_string().as_str(), ttl, tos), ("10.9.0.11", 255, 0xc0));
                // Version 3, type 1, router 51, priority 150, one address, 3 centiseconds.
                assert_eq!(payload[..6], [0x31, 51, 150, 1, 0, 3]);
                assert_eq!(payload[8..], [10, 9, 0, 1]);
                Some(one.at)
            }
            What::GratuitousArp(_) => None,
        })
        .collect();
    assert!(adverts.len() >= 8, "{} advertisements in 300 ms", adverts.len());
    let mean = (adverts[adverts.len() - 1] - adverts[0]) / (adverts.len() as u32 - 1);
    assert!((28..=32).contains(&mean.as_millis()), "one every {mean:?}");
    assert_eq!(capture.announcers(VIP), vec![lab.hardware("a"); 5]);
}

fn crash_of_supervisor_and_proxy() {
    let mut pair = Pair::start();
    let capture = Capture::start(&pair.lab);
    let proxy = pair.a.proxy();
    pair.a.signal(Signal::SIGKILL);
    pair.a.wait(SOON);
    pair.expect("crash", "b", SILENCE);
    assert!(!is_alive(proxy), "the proxy outlived its supervisor");
    assert_eq!(capture.announcers(VIP), vec![pair.lab.hardware("b"); 5]);
    assert_eq!(pair.lab.client_believes(VIP), pair.lab.hardware("b"));
    assert!(pair.b.history().last().unwrap().contains("no advertisement for"));
    // The kernel still holds the address of the dead supervisor, until its lease ends.
    let held =
        wait_for("the lease to end", Duration::from_secs(6), || !pair.lab.has_address("a", VIP));
    println!("    crash: the address was held for {} ms more", held.as_millis());
    pair.client.forget();
    pair.a = Node::start(&pair.lab, "a", &Wish::priority(150));
    pair.expect("return", "a", BRIEF);
    assert_eq!(capture.announcers(VIP).last(), Some(&pair.lab.hardware("a")));

    // A restart before the lease ends finds the address, and must not keep it while backup.
    pair.a.signal(Signal::SIGKILL);
    pair.a.wait(SOON);
    assert!(pair.lab.has_address("a", VIP));
    pair.b.wait_until("MASTER");
    pair.a = Node::start(&pair.lab, "a", &Wish::priority(50));
    pair.a.wait_until("BACKUP");
    assert!(!pair.lab.has_address("a", VIP), "a backup kept an address of its former life");
}

fn clean_stop_and_return() {
    let mut pair = Pair::start();
    let capture = Capture::start(&pair.lab);
    pair.a.signal(Signal::SIGTERM);
    let status = pair.a.wait(SOON);
    // The proxy of these tests does not handle the signal: 128 stands for "by a signal".
    assert_eq!(status.code(), Some(128), "{status}");
    assert!(!pair.lab.has_address("a", VIP));
    pair.expect("clean stop", "b", BRIEF);
    assert!(capture.adverts().contains(&([10, 9, 0, 11].into(), 0)), "no priority 0");
    assert!(pair.b.history().last().unwrap().contains("10.9.0.11 resigned with priority 0"));
    pair.a = Node::start(&pair.lab, "a", &Wish::priority(150));
    pair.a.wait_until("MASTER");
    pair.expect("return", "a", BRIEF);
    pair.b.wait_until("BACKUP");
    assert!(!pair.lab.has_address("b", VIP));
}

fn soft_stop_lets_the_proxy_finish() {
    let pair = Pair::start();
    let proxy = pair.a.proxy();
    pair.a.signal(Signal::SIGUSR1);
    pair.expect("soft stop", "b", BRIEF);
    assert!(pair.a.history().last().unwrap().contains("MASTER -> INIT (soft stop)"));
    // The signal was passed on: the default action ends this simple proxy.
    wait_for("the proxy to end", SOON, || !is_alive(proxy));
}

fn death_of_the_proxy_alone() {
    let pair = Pair::start();
    let proxy = pair.a.proxy();
    kill(proxy, Signal::SIGKILL).unwrap();
    pair.client.wait_for("b", SOON);
    // It is started again at once, and the better node takes over again.
    pair.client.wait_for("a", SOON);
    let (gap, failed) = pair.client.gap();
    println!("    proxy killed: gap {} ms, {failed} failed requests", gap.as_millis());
    assert!(gap < BRIEF, "{gap:?}");
    let history = pair.a.history();
    assert!(history.iter().any(|past| past.contains("the proxy process died")), "{history:?}");
    assert_ne!(pair.a.proxy(), proxy);
}

fn cable_pulled_and_plugged() {
    let pair = Pair::start();
    pair.lab.plug("a", false);
    pair.expect("cable pulled", "b", SILENCE);
    pair.a.wait_until("INIT");
    assert!(!pair.lab.has_address("a", VIP));
    assert!(pair.a.history().last().unwrap().contains("the interface is down"));
    pair.lab.plug("a", true);
    pair.expect("cable plugged", "a", BRIEF);
}

fn split_brain_healed() {
    let pair = Pair::start();
    let capture = Capture::start(&pair.lab);
    for round in 0..5 {
        pair.lab.split(true);
        pair.b.wait_until("MASTER");
        pair.client.wait_for("b", SOON);
        // Different phases of the two advertisement timers.
        sleep(Duration::from_millis(150 + 7 * round));
        capture.forget();
        pair.client.forget();
        pair.lab.split(false);
        pair.client.wait_for("a", SOON);
        pair.expect("split healed", "a", BRIEF);
        pair.b.wait_until("BACKUP");
        assert_eq!(capture.announcers(VIP).last(), Some(&pair.lab.hardware("a")));
        assert_eq!(pair.lab.client_believes(VIP), pair.lab.hardware("a"));
    }
}

fn frozen_node_thawed() {
    let pair = Pair::start();
    let frozen = [pair.a.pid(), pair.a.proxy()];
    frozen.iter().for_each(|pid| kill(*pid, Signal::SIGSTOP).unwrap());
    pair.expect("frozen", "b", SILENCE);
    sleep(Duration::from_secs(1));
    pair.client.forget();
    frozen.iter().rev().for_each(|pid| kill(*pid, Signal::SIGCONT).unwrap());
    pair.expect("thawed", "a", BRIEF);
    let history = pair.a.history();
    let thawed =
        history.iter().any(|past| past.contains("MASTER -> BACKUP (this node stood still"));
    assert!(thawed, "{history:?}");
}

fn address_removed_by_hand() {
    let pair = Pair::start();
    pair.lab.ip("a", &["address", "del", &format!("{VIP}/24"), "dev", "eth0"]);
    wait_for("the address to be set again", SOON, || pair.lab.has_address("a", VIP));
    pair.expect("address removed", "a", BRIEF);
    assert!(pair.a.log().contains("10.9.0.1 was removed: set again"));
}

fn no_address_before_the_proxy_listens() {
    let lab = Lab::new();
    let slow = Duration::from_millis(600);
    let a = Node::start(&lab, "a", &Wish { slow, ..Wish::priority(150) });
    wait_for("the supervisor to run", SOON, || a.state().is_some());
    sleep(Duration::from_millis(300));
    assert_eq!(a.state().as_deref(), Some("INIT"));
    assert!(!lab.has_address("a", VIP));
    a.wait_until("MASTER");
    assert!(lab.has_address("a", VIP));
}

fn unicast_peers() {
    let wish = |priority, own, peer| {
        Wish::priority(priority)
            .more(&format!("unicast: {{source: 10.9.0.{own}, peers: [10.9.0.{peer}]}}"))
    };
    let mut pair = Pair::start_with(&wish(150, 11, 12), &wish(100, 12, 11), VIP);
    let capture = Capture::start(&pair.lab);
    sleep(Duration::from_millis(200));
    assert!(capture.adverts().is_empty(), "unicast advertisements reached the client");
    pair.a.signal(Signal::SIGTERM);
    pair.a.wait(SOON);
    pair.expect("unicast clean stop", "b", BRIEF);
    pair.a = Node::start(&pair.lab, "a", &wish(150, 11, 12));
    pair.expect("unicast return", "a", BRIEF);
    pair.a.signal(Signal::SIGKILL);
    pair.expect("unicast crash", "b", SILENCE);
}

fn ipv6_pair() {
    let wish = |priority| Wish { addresses: format!("{VIP6}/64"), ..Wish::priority(priority) };
    let mut pair = Pair::start_with(&wish(150), &wish(100), VIP6);
    pair.a.signal(Signal::SIGTERM);
    pair.a.wait(SOON);
    pair.expect("IPv6 clean stop", "b", BRIEF);
    assert_eq!(pair.lab.client_believes(VIP6), pair.lab.hardware("b"));
    pair.a = Node::start(&pair.lab, "a", &wish(150));
    pair.expect("IPv6 return", "a", BRIEF);
    pair.a.signal(Signal::SIGKILL);
    pair.expect("IPv6 crash", "b", SILENCE);
}

/// Nothing has to be waited for but a skew of 20 ms; the rest is the test machine's own jitter.
const BRIEF: Duration = Duration::from_millis(150);
/// The silence of 108 ms after which the other node is gone, and as much jitter.
const SILENCE: Duration = Duration::from_millis(260);
const SOON: Duration = Duration::from_secs(5);
