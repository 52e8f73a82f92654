//! The packet format, against an advertisement captured from keepalived and rules of the RFC.

use proptest::prelude::*;

use super::*;

/// Captured from keepalived 2.2.7: 10.77.0.12 to 224.0.0.18, router 51, priority 100, one second.
pub(crate) const KEEPALIVED: [u8; 12] =
    [0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x75, 0x28, 0x0a, 0x4d, 0x00, 0x0a];

fn source() -> IpAddr {
    IpAddr::from([10, 77, 0, 12])
}

fn group() -> IpAddr {
    GROUP_V4.into()
}

fn parse(message: &[u8]) -> Result<Advert<'_>, Discard> {
    Advert::parse(message, source(), group())
}

/// `KEEPALIVED` with one byte replaced and the checksum made right again.
fn altered(index: usize, value: u8) -> Vec<u8> {
    let mut message = KEEPALIVED.to_vec();
    message[index] = value;
    seal(message)
}

fn seal(mut message: Vec<u8>) -> Vec<u8> {
    message[6..8].fill(0);
    let sum = checksum::checksum(&message, source(), group(), Coverage::PseudoHeader);
    message[6..8].copy_from_slice(&sum.to_be_bytes());
    message
}

#[test]
fn reads_what_keepalived_sends() {
    let advert = parse(&KEEPALIVED).unwrap();
    assert_eq!(advert.virtual_router_id, 51);
    assert_eq!(advert.priority, 100);
    assert_eq!(advert.interval.duration(), std::time::Duration::from_secs(1));
    assert_eq!(advert.addresses.iter().collect::<Vec<_>>(), [IpAddr::from([10, 77, 0, 10])]);
    assert_eq!(advert.coverage, Coverage::PseudoHeader);
}

#[test]
fn writes_what_keepalived_sends() {
    let second = Interval::from_centiseconds(100).unwrap();
    let mut message = Message::new(51, second, [IpAddr::from([10, 77, 0, 10])].into_iter());
    assert_eq!(message.fill(100, source(), group(), Coverage::PseudoHeader), KEEPALIVED);
}

#[test]
fn the_buffer_can_be_filled_again() {
    let second = Interval::from_centiseconds(100).unwrap();
    let mut message = Message::new(51, second, [IpAddr::from([10, 77, 0, 10])].into_iter());
    message.fill(0, source(), group(), Coverage::MessageOnly);
    assert_eq!(message.fill(100, source(), group(), Coverage::PseudoHeader), KEEPALIVED);
}

#[test]
fn check_2_another_version_is_discarded() {
    assert_eq!(parse(&altered(0, 0x21)), Err(Discard::Version));
    assert_eq!(parse(&altered(0, 0x41)), Err(Discard::Version));
}

#[test]
fn check_3_another_type_is_discarded() {
    assert_eq!(parse(&altered(0, 0x32)), Err(Discard::Type));
}

#[test]
fn check_4_the_length_must_match_the_count() {
    assert_eq!(parse(&altered(3, 2)), Err(Discard::Length));
    assert_eq!(parse(&KEEPALIVED[..11]), Err(Discard::Length));
    assert_eq!(parse(&KEEPALIVED[..7]), Err(Discard::Length));
    assert_eq!(parse(&[]), Err(Discard::Length));
    let longer = seal([&KEEPALIVED[..], &[0; 8]].concat());
    assert_eq!(parse(&longer), Err(Discard::Length), "a version 2 trailer has no place here");
}

#[test]
fn check_5_the_checksum_must_be_right_in_one_of_two_ways() {
    let mut wrong = KEEPALIVED;
    wrong[7] ^= 1;
    assert_eq!(parse(&wrong), Err(Discard::Checksum));
    let second = Interval::from_centiseconds(100).unwrap();
    let mut message = Message::new(51, second, [IpAddr::from([10, 77, 0, 10])].into_iter());
    let plain = message.fill(100, source(), group(), Coverage::MessageOnly);
    assert_eq!(parse(plain).map(|advert| advert.coverage), Ok(Coverage::MessageOnly));
}

#[test]
fn check_7_at_least_one_address() {
    let none = seal(KEEPALIVED[..8].iter().copied().enumerate().map(zero_count).collect());
    assert_eq!(parse(&none), Err(Discard::NoAddress));
}

fn zero_count((index, byte): (usize, u8)) -> u8 {
    if index == 3 { 0 } else { byte }
}

#[test]
fn check_8_an_interval_of_zero_is_discarded() {
    assert_eq!(parse(&altered(5, 0)), Err(Discard::Interval));
}

#[test]
fn check_11_reserved_bits_are_ignored() {
    let message = altered(4, 0xf0);
    assert_eq!(parse(&message).map(|advert| advert.interval.centiseconds()), Ok(100));
}

#[test]
fn ipv6_carries_sixteen_bytes_an_address() {
    let source: IpAddr = "fe80::5".parse().unwrap();
    let addresses: [IpAddr; 2] = ["fe80::100".parse().unwrap(), "fd00::1".parse().unwrap()];
    let mut message = Message::new(7, Interval::DEFAULT, addresses.into_iter());
    let bytes = message.fill(150, source, GROUP_V6.into(), Coverage::PseudoHeader);
    assert_eq!(bytes.len(), 8 + 2 * 16);
    let advert = Advert::parse(bytes, source, GROUP_V6.into()).unwrap();
    assert!(advert.addresses.same_set(addresses.into_iter()));
    assert_eq!(advert.interval, Interval::DEFAULT);
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_or_discarded(message in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = parse(&message);
        let _ = Advert::parse(&message, "fe80::1".parse().unwrap(), GROUP_V6.into());
    }

    #[test]
    fn one_flipped_bit_is_never_accepted_unnoticed(bit in 0..96_usize) {
        let mut message = KEEPALIVED;
        message[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(parse(&message).is_err());
    }
}
