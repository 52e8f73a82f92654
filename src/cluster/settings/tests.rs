//! Settings above, what is meant or why it is refused below.

use super::*;
use crate::cluster::interval::Interval;

const LEAST: &str = "
instances:
  - interface: eth0
    virtual_router_id: 51
    addresses: [10.0.0.1/24]
";

fn refused(text: &str) -> String {
    Settings::parse(text).map(|settings| format!("{settings:?}")).unwrap_err()
}

/// `LEAST` with more lines in its instance.
fn with(lines: &[&str]) -> String {
    let more: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("{LEAST}{more}")
}

#[test]
fn the_least_has_sensible_defaults() {
    let settings = Settings::parse(LEAST).unwrap();
    let one = &settings.instances[0];
    assert_eq!(one.name, "VI_51");
    assert_eq!(one.priority, 100);
    assert_eq!(one.advert_interval.duration(), Duration::from_millis(30));
    assert_eq!(one.addresses[0].to_string(), "10.0.0.1/24");
    assert!(one.preempt && one.unicast.is_none());
    assert_eq!(settings.realtime_priority(), Some(40));
    assert_eq!(settings.address_lease(), Some(Duration::from_secs(3)));
}

#[test]
fn everything_can_be_set() {
    let text = format!(
        "node: lb1\nrealtime: off\nstop_timeout: 2s\naddress_lease: 0s\n\
         status_file: /run/x\nnotify: /bin/true\n{}",
        with(&[
            "name: front",
            "priority: 150",
            "advert_interval: 1s",
            "preempt_delay: 1.5s",
            "unicast: {source: 10.0.0.11, peers: [10.0.0.12]}",
            "garp: {count: 3, delay: 1s, repeat: 0, refresh: 0s}",
            "track_interfaces: [eth1]",
            "checksum: follow-peer",
        ])
    );
    let settings = Settings::parse(&text).unwrap();
    let one = &settings.instances[0];
    assert_eq!((settings.realtime_priority(), settings.address_lease()), (None, None));
    assert_eq!(settings.stop_timeout(), Duration::from_secs(2));
    assert_eq!(one.advert_interval, Interval::from_centiseconds(100).unwrap());
    assert_eq!(one.preempt_delay, Duration::from_millis(1500));
    assert_eq!(one.policy().announce.count, 3);
    assert_eq!(one.checksum, Checksum::FollowPeer);
}

#[test]
fn a_wrong_field_is_named_with_its_line() {
    for (line, reason) in [
        ("priority: 256", "priority: '256' is not a number from 1 to 255"),
        ("priority: 0", "priority: '0' is not a number from 1 to 255"),
        ("advert_interval: 25ms", "advert_interval: '25ms' is not a multiple of 10ms"),
        ("advert_interval: 41s", "advert_interval: '41s' is not a multiple of 10ms"),
        ("advert_interval: 30", "advert_interval: '30' is not a duration"),
        ("advert_interval: 0s", "advert_interval: '0s' is not a multiple of 10ms"),
        ("prioriti: 3", "unknown field `prioriti`"),
        ("garp: {count: 0}", "garp.count: must be 1 to 50"),
        ("garp: {number: 0}", "unknown field `number`"),
        ("preempt: 7", "preempt: invalid type"),
        ("checksum: none", "unknown variant `none`"),
        ("unicast: {source: 10.0.0.2, peers: []}", "unicast.peers: at least one"),
        ("unicast: {source: 10.0.0.2, peers: [10.0.0.2]}", "is our own source"),
        ("unicast: {source: 10.0.0.2, peers: ['fe80::1']}", "unicast: must be of the same family"),
        ("track_interfaces: ['a/b']", "track_interfaces: 'a/b' is not a name"),
    ] {
        let message = refused(&with(&[line]));
        assert!(message.contains(reason), "{line}: {message}");
        assert!(message.contains(" line "), "{line}: {message}");
    }
}

#[test]
fn addresses_are_checked() {
    for (addresses, reason) in [
        ("[]", "addresses: at least one"),
        ("[10.0.0.256]", "'10.0.0.256' is not an IP address"),
        ("[10.0.0.1/33]", "'10.0.0.1/33': the prefix must be 1 to 32"),
        ("['fe80::1/129']", "the prefix must be 1 to 128"),
        ("[224.0.0.18]", "cannot be an address of an interface"),
        ("[10.0.0.1, 'fe80::1']", "addresses: IPv4 and IPv6 need an instance each"),
        ("[10.0.0.1/24, 10.0.0.1/32]", "addresses: 10.0.0.1 is listed twice"),
    ] {
        let message = refused(&LEAST.replace("[10.0.0.1/24]", addresses));
        assert!(message.contains(reason), "{addresses}: {message}");
    }
}

#[test]
fn contradictions_are_refused() {
    let message = refused(&with(&["preempt: false", "preempt_delay: 1s"]));
    assert!(message.contains("preempt_delay: has no effect"), "{message}");
    let message = refused(&with(&["preempt: false", "priority: 255"]));
    assert!(message.contains("an owner (priority 255) always preempts"), "{message}");
}

#[test]
fn instances_must_not_collide() {
    let second = "  - {interface: eth0, virtual_router_id: 51, name: b, addresses: [10.0.0.2]}\n";
    let message = refused(&format!("{LEAST}{second}"));
    assert!(message.contains("virtual_router_id: 51 is used twice on eth0"), "{message}");
    let second = "  - {interface: eth1, virtual_router_id: 52, addresses: [10.0.0.1]}\n";
    let message = refused(&format!("{LEAST}{second}"));
    assert!(message.contains("10.0.0.1 belongs to another instance"), "{message}");
    let second = "  - {interface: eth1, virtual_router_id: 51, addresses: [10.0.0.2]}\n";
    assert!(refused(&format!("{LEAST}{second}")).contains("'VI_51' is used twice"));
}

#[test]
fn both_families_may_share_a_router_id() {
    let second = "  - {interface: eth0, virtual_router_id: 51, name: b, addresses: ['fe80::1']}\n";
    assert!(Settings::parse(&format!("{LEAST}{second}")).is_ok());
}

#[test]
fn an_empty_or_missing_file_is_refused() {
    assert!(refused("").contains("instances"));
    assert!(refused("instances: []").contains("instances: at least one"));
    let error = Settings::load(Path::new("/nonexistent/cluster.yaml")).unwrap_err().to_string();
    assert!(error.starts_with("/nonexistent/cluster.yaml: "), "{error}");
}

#[test]
fn the_example_is_right() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conf/cluster.yaml");
    let settings = Settings::load(&path).unwrap();
    assert_eq!(settings.instances.len(), 1);
}
