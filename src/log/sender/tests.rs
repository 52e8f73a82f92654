//! Lines as they arrive at a syslog daemon. Headers are those of HAProxy 3.4.0.

use std::time::Duration;

use super::*;
use crate::log::{Facility, Header};

/// 24 November 2026, 06:12:40.076595 UTC.
const WALL_US: u64 = 1_795_500_760_076_595;

fn sender(hostname: Option<&str>) -> Sender {
    Sender::new(SenderSettings {
        tag: "haproxy".to_owned(),
        hostname: hostname.map(str::to_owned),
        pid: 8778,
        announce: false,
    })
}

fn target(destination: Destination, header: Header, facility: u8) -> Target {
    Target {
        destination,
        length: 1024,
        header,
        facility: Facility(facility),
        level: Level::Debug,
        min_level: Level::Emerg,
    }
}

fn daemon() -> (UdpSocket, Destination) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, Destination::Udp(address))
}

fn received(socket: &UdpSocket) -> String {
    let mut buffer = [0; 70_000];
    let length = socket.recv(&mut buffer).unwrap();
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

#[test]
fn headers_read_as_haproxy_writes_them() {
    let (socket, destination) = daemon();
    for (header, facility, hostname, expected) in [
        (Header::Unspecified, 16, None, "<134>Nov 24 06:12:40 haproxy[8778]: hello\n"),
        (Header::Unspecified, 16, Some("vm"), "<134>Nov 24 06:12:40 vm haproxy[8778]: hello\n"),
        (Header::Local, 16, Some("vm"), "<134>Nov 24 06:12:40 haproxy[8778]: hello\n"),
        (Header::Rfc3164, 17, None, "<142>Nov 24 06:12:40 localhost haproxy[8778]: hello\n"),
        (Header::Rfc3164, 17, Some("vm"), "<142>Nov 24 06:12:40 vm haproxy[8778]: hello\n"),
        (
            Header::Rfc5424,
            18,
            None,
            "<150>1 2026-11-24T06:12:40.076595+00:00 - haproxy 8778 - - hello\n",
        ),
        (
            Header::Rfc5424,
            18,
            Some("vm"),
            "<150>1 2026-11-24T06:12:40.076595+00:00 vm haproxy 8778 - - hello\n",
        ),
        (Header::Priority, 3, None, "<30>hello\n"),
        (Header::Short, 3, None, "<6>hello\n"),
        (Header::Timed, 3, None, "<6>2026-11-24T06:12:40.076595+00:00 hello\n"),
        (Header::Iso, 3, None, "2026-11-24T06:12:40.076595+00:00 hello\n"),
        (Header::Raw, 3, None, "hello\n"),
    ] {
        let target = Arc::new(target(destination.clone(), header, facility));
        sender(hostname).send(&[target], Level::Info, WALL_US, b"hello");
        assert_eq!(received(&socket), expected, "{header:?}");
    }
}

#[test]
fn the_day_of_the_month_is_padded_with_a_blank() {
    let (socket, destination) = daemon();
    let target = Arc::new(target(destination, Header::Local, 16));
    // RFC 3164, section 4.1.2: "Oct  7", not "Oct 07".
    sender(None).send(&[target], Level::Info, 1_791_331_200_000_000, b"x");
    assert_eq!(received(&socket), "<134>Oct  7 00:00:00 haproxy[8778]: x\n");
}

#[test]
fn lines_are_cut_to_the_length_of_the_target() {
    let (socket, destination) = daemon();
    let message =
        b"127.0.0.1:44682 [24/Nov/2026:06:12:40.075] f f/<NOSRV> 0/-1/-1/-1/0 200 0 - - LR-- 1/1";
    for (header, expected) in [
        (
            Header::Local,
            "<134>Nov 24 06:12:40 haproxy[8778]: 127.0.0.1:44682 [24/Nov/2026:06:12:40.075] \n",
        ),
        (
            Header::Raw,
            "127.0.0.1:44682 [24/Nov/2026:06:12:40.075] f f/<NOSRV> 0/-1/-1/-1/0 200 0 - - L\n",
        ),
    ] {
        let target = Target { length: 80, ..target(destination.clone(), header, 16) };
        sender(None).send(&[Arc::new(target)], Level::Info, WALL_US, message);
        assert_eq!(received(&socket), expected);
    }
}

#[test]
fn levels_are_filtered_and_lowered() {
    let (socket, destination) = daemon();
    let target = Arc::new(Target {
        level: Level::Notice,
        min_level: Level::Warning,
        ..target(destination, Header::Short, 16)
    });
    let sender = sender(None);
    sender.send(&[Arc::clone(&target)], Level::Info, WALL_US, b"too unimportant");
    sender.send(&[Arc::clone(&target)], Level::Emerg, WALL_US, b"lowered");
    sender.send(&[target], Level::Notice, WALL_US, b"as it is");
    assert_eq!(received(&socket), "<4>lowered\n");
    assert_eq!(received(&socket), "<5>as it is\n");
    assert_eq!(sender.dropped(), 0);
}

#[test]
fn a_unix_daemon_may_come_go_and_come_back() {
    let path = std::env::temp_dir().join(format!("evenkeel-log-{}", std::process::id()));
    let target = Arc::new(target(Destination::Unix(path.clone()), Header::Raw, 16));
    let targets = std::slice::from_ref(&target);
    let sender = sender(None);
    sender.send(targets, Level::Info, WALL_US, b"nobody");
    assert_eq!(sender.dropped(), 1);
    for text in ["first", "second"] {
        let daemon = UnixDatagram::bind(&path).unwrap();
        daemon.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        sender.send(targets, Level::Info, WALL_US, text.as_bytes());
        let mut buffer = [0; 100];
        let length = daemon.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], format!("{text}\n").as_bytes());
        std::fs::remove_file(&path).unwrap();
    }
    assert_eq!(sender.dropped(), 1);
}

#[test]
fn a_daemon_that_does_not_read_costs_lines_but_no_time() {
    let name = format!("evenkeel-full-{}", std::process::id());
    let address = UnixAddress::from_abstract_name(&name).unwrap();
    let daemon = UnixDatagram::bind_addr(&address).unwrap();
    let target = Arc::new(target(Destination::Abstract(name), Header::Raw, 16));
    let sender = sender(None);
    for _ in 0..5_000 {
        sender.send(std::slice::from_ref(&target), Level::Info, WALL_US, b"line");
    }
    assert!(sender.dropped() > 0);
    let mut buffer = [0; 100];
    assert_eq!(daemon.recv(&mut buffer).unwrap(), 5);
}
