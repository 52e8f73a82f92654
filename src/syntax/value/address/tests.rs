//! The forms of the manual's section 2.9 and what HAProxy 3.4.0 was seen to take and refuse.

use proptest::prelude::*;

use super::*;

fn inet(host: Host, port: Port) -> Address {
    Address { transport: None, target: Target::Inet { family: Family::Any, host, port } }
}

fn v4(text: &str) -> Host {
    Host::V4(text.parse().unwrap())
}

fn v6(text: &str) -> Host {
    Host::V6(text.parse().unwrap())
}

fn name(text: &str) -> Host {
    Host::Name(text.to_owned())
}

#[track_caller]
fn bind(text: &str, expected: Address) {
    assert_eq!(Address::parse_bind(text), Ok(vec![expected]), "{text}");
}

#[track_caller]
fn bind_refused(text: &str, message: &str) {
    assert_eq!(Address::parse_bind(text), Err(message.to_owned()), "{text}");
}

#[track_caller]
fn server(text: &str, expected: Address) {
    assert_eq!(Address::parse_server(text), Ok(expected), "{text}");
}

#[test]
fn bind_takes_hosts_with_ports() {
    bind(":80", inet(Host::Unspecified, Port::Number(80)));
    bind("*:80", inet(Host::Unspecified, Port::Number(80)));
    bind(":08", inet(Host::Unspecified, Port::Number(8)));
    bind("127.0.0.1:80", inet(v4("127.0.0.1"), Port::Number(80)));
    bind("127.0.0.1:80-90", inet(v4("127.0.0.1"), Port::Range(80, 90)));
    bind(":80-80", inet(Host::Unspecified, Port::Number(80)));
    bind("localhost:80", inet(name("localhost"), Port::Number(80)));
    bind("[127.0.0.1]:80", inet(v4("127.0.0.1"), Port::Number(80)));
}

#[test]
fn ipv6_needs_no_brackets_but_a_port() {
    bind("[::1]:80", inet(v6("::1"), Port::Number(80)));
    bind("::1:80", inet(v6("::1"), Port::Number(80)));
    bind(":::80", inet(v6("::"), Port::Number(80)));
    bind("::ffff:1.2.3.4:80", inet(v6("::ffff:1.2.3.4"), Port::Number(80)));
    server("2001:db8::5:80", inet(v6("2001:db8::5"), Port::Number(80)));
    server("[::1]", inet(v6("::1"), Port::None));
    bind_refused("::1", "invalid address: ':' in '::1'");
}

#[test]
fn bind_takes_a_list() {
    let addresses = Address::parse_bind(":80,/tmp/y,[::]:81").unwrap();
    assert_eq!(addresses.len(), 3);
    assert_eq!(addresses[1].target, Target::Unix("/tmp/y".to_owned()));
    assert_eq!(Address::parse_bind(":80,").unwrap().len(), 1);
    bind_refused(",:80", "'' resolves to an empty address (environment variable missing?)");
    bind_refused("", "'' resolves to an empty address (environment variable missing?)");
}

#[test]
fn ports_of_bind_are_mandatory_and_real() {
    bind_refused("80", "missing port specification in '80'");
    bind_refused("127.0.0.1", "missing port specification in '127.0.0.1'");
    bind_refused("127.0.0.1:", "missing port specification in '127.0.0.1:'");
    bind_refused("[::1]", "missing port specification in '[::1]'");
    bind_refused("[::1]80", "missing port specification in '[::1]80'");
    bind_refused("127.0.0.1:0", "invalid port '0'");
    bind_refused("127.0.0.1:65536", "invalid port '65536'");
    bind_refused("127.0.0.1:90-80", "invalid port range '90-80'");
    bind_refused(":70000-80000", "invalid port '70000'");
    bind_refused(":80-", "invalid port ''");
    bind_refused(":abc", "invalid character 'a' in port number 'abc' in ':abc'");
    bind_refused(":0x50", "invalid character 'x' in port number '0x50' in ':0x50'");
    bind_refused(":+80", "port offset not permitted here in ':+80'");
}

#[test]
fn hosts_that_are_none_are_refused() {
    bind_refused("[::1", "invalid address: '[:' in '[::1'");
    bind_refused("::1]:80", "invalid address: '::1]' in '::1]:80'");
    bind_refused("[*]:80", "invalid address: '[*]' in '[*]:80'");
    bind_refused("[]:80", "invalid address: '[]' in '[]:80'");
    bind_refused(":80:90", "invalid address: ':80' in ':80:90'");
    bind_refused("a:b:80", "invalid address: 'a:b' in 'a:b:80'");
    bind_refused("foo@:80", "invalid address: 'foo@' in 'foo@:80'");
    bind_refused("@:80", "invalid address: '@' in '@:80'");
    bind_refused("ipv4@::1:80", "invalid address: '::1' in 'ipv4@::1:80'");
    bind_refused("ipv4@[::1]:80", "invalid address: '[::1]' in 'ipv4@[::1]:80'");
    bind_refused("ipv6@127.0.0.1:80", "invalid address: '127.0.0.1' in 'ipv6@127.0.0.1:80'");
    assert!(Address::parse_bind(&format!("{}:80", "a".repeat(300))).is_err());
}

#[test]
fn prefixes_force_family_and_transport() {
    let expect = |text: &str, transport, family| {
        let target = Target::Inet { family, host: Host::Unspecified, port: Port::Number(80) };
        assert_eq!(Address::parse(text), Ok(Address { transport, target }), "{text}");
    };
    expect("ip@:80", None, Family::Any);
    expect("ipv4@:80", None, Family::V4);
    expect("ipv6@*:80", None, Family::V6);
    expect("tcp@:80", Some(Transport::Stream), Family::Any);
    expect("tcp6@:80", Some(Transport::Stream), Family::V6);
    expect("udp4@:80", Some(Transport::Datagram), Family::V4);
    expect("quic4@:80", Some(Transport::Quic), Family::V4);
    expect("quic+ipv6@:80", Some(Transport::Quic), Family::V6);
    expect("stream+ipv4@:80", Some(Transport::Stream), Family::V4);
    expect("dgram+ip@:80", Some(Transport::Datagram), Family::Any);
    expect("mptcp@:80", Some(Transport::Mptcp), Family::Any);
    assert!(Address::parse("stream+tcp@:80").is_err());
    bind_refused("udp@:80", "dgram-type address not acceptable in 'udp@:80'");
    bind_refused("uxdg@/tmp/x", "dgram-type address not acceptable in 'uxdg@/tmp/x'");
}

#[test]
fn sockets_without_the_internet() {
    let target = |text: &str| Address::parse(text).unwrap().target;
    assert_eq!(target("/tmp/x"), Target::Unix("/tmp/x".to_owned()));
    assert_eq!(target("unix@foo"), Target::Unix("foo".to_owned()));
    let named = |zero_terminated| Target::Abstract { name: "x".to_owned(), zero_terminated };
    assert_eq!(target("abns@x"), named(false));
    assert_eq!(target("abnsz@x"), named(true));
    assert_eq!(target("fd@3"), Target::Fd(3));
    assert_eq!(target("sockpair@4"), Target::SocketPair(4));
    assert_eq!(
        Address::parse("stream+fd@3"),
        Ok(Address { transport: Some(Transport::Stream), target: Target::Fd(3) })
    );
    for number in ["", "x", "-1", "+1", "99999999999"] {
        let message = format!("file descriptor '{number}' is not a valid integer in 'fd@{number}'");
        bind_refused(&format!("fd@{number}"), &message);
    }
    assert!(Address::parse(&format!("/{}", "a".repeat(96))).is_ok());
    assert!(Address::parse(&format!("/{}", "a".repeat(97))).unwrap_err().ends_with("(max 97)"));
    assert!(Address::parse(&format!("abns@{}", "a".repeat(108))).is_err());
}

#[test]
fn servers_have_one_port_an_offset_or_none() {
    server("127.0.0.1", inet(v4("127.0.0.1"), Port::None));
    server("127.0.0.1:", inet(v4("127.0.0.1"), Port::None));
    server("127.0.0.1:0", inet(v4("127.0.0.1"), Port::Number(0)));
    server("127.0.0.1:+80", inet(v4("127.0.0.1"), Port::Offset(80)));
    server("127.0.0.1:-80", inet(v4("127.0.0.1"), Port::Offset(-80)));
    server("127.0.0.1:+70000", inet(v4("127.0.0.1"), Port::Offset(70_000)));
    server("*", inet(Host::Unspecified, Port::None));
    server("foo_bar:80", inet(name("foo_bar"), Port::Number(80)));
    server("_http._tcp.example.com", inet(name("_http._tcp.example.com"), Port::None));
    let refused = |text: &str| Address::parse_server(text).unwrap_err();
    assert_eq!(refused("127.0.0.1:80-90"), "port range not permitted here in '127.0.0.1:80-90'");
    assert_eq!(refused("fd@3"), "a file descriptor is not acceptable here in 'fd@3'");
    assert!(Address::parse_server("udp@1.2.3.4:80").is_err());
    assert!(Address::parse_server("127.0.0.1,1.1.1.1").is_err());
}

proptest! {
    #[test]
    fn any_text_is_taken_or_refused(text in "\\PC{0,40}|[a-z@:+*0-9.\\[\\],/-]{0,40}") {
        let _ = Address::parse(&text);
        let _ = Address::parse_bind(&text);
        let _ = Address::parse_server(&text);
    }

    #[test]
    fn what_the_standard_library_writes_is_read(address: std::net::SocketAddr) {
        let host = match address.ip() {
            std::net::IpAddr::V4(address) => Host::V4(address),
            std::net::IpAddr::V6(address) => Host::V6(address),
        };
        let written = format!("{}:{}", match &host {
            Host::V6(address) => format!("[{address}]"),
            _ => address.ip().to_string(),
        }, address.port());
        prop_assert_eq!(Address::parse(&written), Ok(inet(host, Port::Number(address.port()))));
    }
}
