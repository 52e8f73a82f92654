//! What must not start: one sentence, exit status 1, and nothing left behind.

use super::{
    Test,
    lab::{Lab, VIP},
    node::{Node, Wish},
};

pub(crate) const TESTS: &[Test] = &[
    ("a_missing_interface_is_named", a_missing_interface_is_named),
    ("a_foreign_address_is_named", a_foreign_address_is_named),
    ("an_owner_keeps_its_own_address", an_owner_keeps_its_own_address),
    ("missing_capabilities_are_named", missing_capabilities_are_named),
    ("a_proxy_that_never_listens_ends_the_node", a_proxy_that_never_listens_ends_the_node),
];

fn a_missing_interface_is_named() {
    let lab = Lab::new();
    lab.ip("a", &["link", "set", "eth0", "down"]);
    lab.ip("a", &["link", "set", "eth0", "name", "other"]);
    let (code, log) = Node::refuse(&lab, "a", &Wish::priority(150), &[]);
    assert_eq!(code, 1, "{log}");
    assert_eq!(log.trim(), "VI_1: there is no interface 'eth0'");
}

fn a_foreign_address_is_named() {
    let lab = Lab::new();
    lab.ip("a", &["address", "add", &format!("{VIP}/24"), "dev", "eth0"]);
    let (code, log) = Node::refuse(&lab, "a", &Wish::priority(150), &[]);
    assert_eq!(code, 1, "{log}");
    assert!(log.contains("the virtual address 10.9.0.1/24 exists on eth0 already"), "{log}");
    assert!(lab.has_address("a", VIP), "somebody else's address was removed");
}

fn an_owner_keeps_its_own_address() {
    let lab = Lab::new();
    let own = "10.9.0.11";
    let wish = Wish { addresses: format!("{own}/24"), ..Wish::priority(255) };
    let a = Node::start(&lab, "a", &wish);
    a.wait_until("MASTER");
    assert!(a.history()[0].contains("INIT -> MASTER (priority 255"), "{:?}", a.history());
    drop(a);
    assert!(lab.has_address("a", own));
}

fn missing_capabilities_are_named() {
    let lab = Lab::new();
    for (drop, name) in [("-net_raw", "CAP_NET_RAW"), ("-net_admin", "CAP_NET_ADMIN")] {
        let wrapper = ["setpriv", "--bounding-set", drop, "--inh-caps", drop];
        let host = if name == "CAP_NET_RAW" { "a" } else { "b" };
        let (code, log) = Node::refuse(&lab, host, &Wish::priority(150), &wrapper);
        assert_eq!(code, 1, "{log}");
        assert!(log.contains(&format!("not permitted, the process lacks {name}")), "{log}");
    }
}

fn a_proxy_that_never_listens_ends_the_node() {
    let lab = Lab::new();
    // Two proxies in one namespace: the second cannot bind its port.
    let a = Node::start(&lab, "a", &Wish::priority(150));
    a.wait_until("MASTER");
    let wish = Wish::priority(150).more("track_interfaces: [lo]");
    let (code, log) = Node::refuse(&lab, "a", &wish, &[]);
    assert_eq!(code, 1, "{log}");
    assert!(log.contains("Address already in use"), "{log}");
}
