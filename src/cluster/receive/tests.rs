//! The checks of RFC 9568 section 7.1 that depend on who receives.

use super::*;
use crate::cluster::advert::Message;

fn ours() -> Expected {
    Expected {
        virtual_router_id: 51,
        interval: Interval::DEFAULT,
        addresses: vec![IpAddr::from([10, 0, 0, 1])],
        source: IpAddr::from([10, 0, 0, 11]),
        peers: Vec::new(),
    }
}

struct Sent {
    source: IpAddr,
    destination: IpAddr,
    hops: u8,
    virtual_router_id: u8,
    interval: Interval,
    address: IpAddr,
}

impl Default for Sent {
    fn default() -> Self {
        Self {
            source: IpAddr::from([10, 0, 0, 12]),
            destination: GROUP_V4.into(),
            hops: 255,
            virtual_router_id: 51,
            interval: Interval::DEFAULT,
            address: IpAddr::from([10, 0, 0, 1]),
        }
    }
}

impl Sent {
    fn to(self, receiver: &Expected) -> Result<Accepted, Discard> {
        let Self { source, destination, hops, virtual_router_id, interval, address } = self;
        let mut message = Message::new(virtual_router_id, interval, [address].into_iter());
        let payload = message.fill(90, source, destination, Coverage::PseudoHeader);
        receiver.check(&Packet { source, destination, hops, payload })
    }
}

#[test]
fn an_ordinary_advertisement_is_accepted() {
    let accepted = Sent::default().to(&ours()).unwrap();
    assert_eq!(accepted.source, IpAddr::from([10, 0, 0, 12]));
    assert_eq!(accepted.priority, 90);
    assert_eq!(accepted.oddity, None);
}

#[test]
fn check_1_ttl_254_is_discarded() {
    assert_eq!(Sent { hops: 254, ..Sent::default() }.to(&ours()), Err(Discard::Hops));
}

#[test]
fn check_6_another_router_id_is_discarded() {
    let other = Sent { virtual_router_id: 52, ..Sent::default() };
    assert_eq!(other.to(&ours()), Err(Discard::OtherRouter));
}

#[test]
fn check_8_another_interval_is_accepted_and_remarked() {
    let second = Interval::from_centiseconds(100).unwrap();
    let accepted = Sent { interval: second, ..Sent::default() }.to(&ours()).unwrap();
    assert_eq!(accepted.interval, second);
    assert_eq!(accepted.oddity, Some(Oddity::OtherInterval(second)));
}

#[test]
fn check_10_other_addresses_are_accepted_and_remarked() {
    let other = Sent { address: IpAddr::from([10, 0, 0, 2]), ..Sent::default() };
    assert_eq!(other.to(&ours()).unwrap().oddity, Some(Oddity::OtherAddresses));
}

#[test]
fn check_12_our_own_packet_is_discarded() {
    let own = Sent { source: ours().source, ..Sent::default() };
    assert_eq!(own.to(&ours()), Err(Discard::Own));
}

#[test]
fn check_13_unicast_takes_peers_only_and_does_not_ask_for_255_hops() {
    let peer = IpAddr::from([10, 0, 0, 12]);
    let unicast = Expected { peers: vec![peer], ..ours() };
    let destination = unicast.source;
    let from_peer = Sent { hops: 63, destination, ..Sent::default() };
    assert!(from_peer.to(&unicast).is_ok());
    let source = IpAddr::from([10, 0, 0, 13]);
    let stranger = Sent { source, destination, ..Sent::default() };
    assert_eq!(stranger.to(&unicast), Err(Discard::UnknownPeer));
}

#[test]
fn multicast_mode_does_not_take_unicast() {
    let direct = Sent { destination: ours().source, ..Sent::default() };
    assert_eq!(direct.to(&ours()), Err(Discard::Destination));
}

#[test]
fn each_reason_has_its_counter_and_its_name() {
    let mut received = Received::default();
    for why in Discard::ALL {
        received.count(&Err(why));
    }
    assert!(Discard::ALL.iter().all(|why| received.discarded(*why) == 1));
    let names: std::collections::BTreeSet<_> = Discard::ALL.iter().map(|why| why.name()).collect();
    assert_eq!(names.len(), Discard::ALL.len());
    assert_eq!(received.accepted(), 0);
}
