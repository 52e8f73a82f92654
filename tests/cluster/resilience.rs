//! What must change nothing: forged packets, load, time; and what must not leak into the proxy.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddrV4},
    os::unix::fs::PermissionsExt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{JoinHandle, sleep, spawn},
    time::Duration,
};

use nix::sys::signal::{Signal, kill};
use socket2::{Domain, Protocol, Socket, Type};

use super::{
    Test,
    lab::Lab,
    node::{Node, Wish, is_alive},
};

pub(crate) const TESTS: &[Test] = &[
    ("forged_packets_are_counted", forged_packets_are_counted),
    ("busy_processors_do_not_fail_over", busy_processors_do_not_fail_over),
    ("steady_state_allocates_nothing", steady_state_allocates_nothing),
    ("each_transition_runs_the_hook", each_transition_runs_the_hook),
    ("a_forked_proxy_holds_nothing_of_the_supervisor", a_forked_proxy_holds_nothing),
];

/// Priority 255 in packets that each fail one check.
fn forged_packets_are_counted() {
    let lab = Lab::new();
    let mut a = Node::start(&lab, "a", &Wish::priority(150));
    a.wait_until("MASTER");
    let right = [0x31, 51, 255, 1, 0, 3, 0, 0, 10, 9, 0, 1];
    let mut wrong_sum = sealed(&right);
    wrong_sum[7] ^= 0x55;
    let forged = [
        ("hops_not_255", 254, sealed(&right)),
        ("wrong_checksum", 255, wrong_sum),
        ("wrong_version", 255, sealed(&[&[0x21], &right[1..]].concat())),
        ("wrong_type", 255, sealed(&[&[0x32], &right[1..]].concat())),
        ("wrong_length", 255, sealed(&right[..10])),
        ("zero_interval", 255, sealed(&[&right[..5], &[0], &right[6..]].concat())),
        ("other_virtual_router", 255, sealed(&[&[0x31, 52], &right[2..]].concat())),
    ];
    let names = forged.clone().map(|(name, ..)| name);
    lab.on("c", move || {
        for (_, ttl, payload) in forged {
            (0..COPIES).for_each(|_| send(ttl, &payload));
            sleep(Duration::from_millis(10));
        }
    })
    .join()
    .unwrap();
    sleep(Duration::from_millis(50));
    assert_eq!(a.state().as_deref(), Some("MASTER"));
    a.signal(Signal::SIGTERM);
    a.wait(SOON);
    assert_eq!(a.history().len(), 3, "{:?}", a.history());
    for name in names {
        assert_eq!(a.received(name), COPIES, "{name}");
    }
    let remarks = a.log().matches("discarded").count();
    assert_eq!(remarks, 1, "one line in ten seconds:\n{}", a.log());
}

fn send(ttl: u32, payload: &[u8]) {
    let socket = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::from(112))).unwrap();
    socket.set_multicast_ttl_v4(ttl).unwrap();
    socket.set_multicast_if_v4(&SOURCE).unwrap();
    socket.send_to(payload, &SocketAddrV4::new(GROUP, 0).into()).unwrap();
}

/// With the checksum of RFC 1071 over pseudo-header and message.
fn sealed(message: &[u8]) -> Vec<u8> {
    let length = message.len() as u8;
    let covered = [&SOURCE.octets(), &GROUP.octets(), &[0, 112, 0, length][..], message].concat();
    let mut sum: u32 =
        covered.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let mut message = message.to_vec();
    message[6..8].copy_from_slice(&(!(sum as u16)).to_be_bytes());
    message
}

fn busy_processors_do_not_fail_over() {
    let lab = Lab::new();
    let a = Node::start(&lab, "a", &Wish::priority(150));
    let b = Node::start(&lab, "b", &Wish::priority(100));
    a.wait_until("MASTER");
    b.wait_until("BACKUP");
    let before = (a.history(), b.history());
    let loops: Vec<_> = (0..4).map(|_| Busy::start()).collect();
    sleep(Duration::from_secs(4));
    drop(loops);
    assert_eq!((a.history(), b.history()), before);
}

/// A thread that does nothing, as fast as it can, until it is dropped.
struct Busy {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Busy {
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&stop);
        let thread = spawn(move || while !end.load(Ordering::Relaxed) {});
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// What a node allocates between becoming master or backup and being stopped does not depend on how
/// long that was: three advertisements or a hundred, with two renewals of the address.
fn steady_state_allocates_nothing() {
    let [short, long] = [100, 3000].map(|millis| {
        let lab = Lab::new();
        let mut a = Node::start(&lab, "a", &Wish::priority(150));
        a.wait_until("MASTER");
        let mut b = Node::start(&lab, "b", &Wish::priority(100));
        b.wait_until("BACKUP");
        sleep(Duration::from_millis(millis));
        [&mut b, &mut a].map(|node| {
            node.signal(Signal::SIGTERM);
            node.wait(SOON);
            last_difference(&node.log())
        })
    });
    println!("    allocations of backup and master: {short:?} and {long:?}");
    // One allocation for each advertisement would be near a hundred; texts of other lengths are few.
    assert!(short.iter().zip(long).all(|(short, long)| long < short + 10));
}

fn last_difference(log: &str) -> u64 {
    let counts: Vec<u64> =
        log.lines().filter_map(|line| line.strip_prefix("allocations ")?.parse().ok()).collect();
    let [.., before, after] = counts[..] else { panic!("{log}") };
    after - before
}

fn each_transition_runs_the_hook() {
    let lab = Lab::new();
    let (hook, told) = (lab.file("hook"), lab.file("told"));
    let blocked = "grep SigBlk /proc/self/status | tr -d '\\t'";
    let script = format!("#!/bin/sh\necho \"$*; $({blocked})\" >> {}\n", told.display());
    fs::write(&hook, script).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let wish = Wish { head: format!("notify: {}\n", hook.display()), ..Wish::priority(150) };
    let mut a = Node::start(&lab, "a", &wish);
    a.wait_until("MASTER");
    a.signal(Signal::SIGTERM);
    a.wait(SOON);
    let lines = || fs::read_to_string(&told).unwrap_or_default();
    super::lab::wait_for("three runs", SOON, || lines().lines().count() == 3);
    let told = lines();
    assert!(told.contains("a VI_1 BACKUP the proxy listens"), "{told}");
    assert!(told.contains("a VI_1 MASTER no advertisement for"), "{told}");
    assert!(told.contains("a VI_1 INIT stopping; SigBlk:0000000000000000"), "{told}");
}

fn a_forked_proxy_holds_nothing() {
    let lab = Lab::new();
    let a = Node::start(&lab, "a", &Wish { fork: true, ..Wish::priority(150) });
    a.wait_until("MASTER");
    for restarts in 1..=2 {
        kill(a.proxy(), Signal::SIGKILL).unwrap();
        super::lab::wait_for("another proxy to serve", SOON, || {
            let died = |past: &&String| past.contains("the proxy process died");
            let deaths = a.history().iter().filter(died).count();
            deaths == restarts && a.state().as_deref() == Some("MASTER")
        });
        let held = descriptors(a.proxy());
        let sockets = held.iter().filter(|target| target.starts_with("socket:")).count();
        assert_eq!(sockets, 1, "more than the listener: {held:?}");
        assert!(!held.iter().any(|target| target.starts_with("anon_inode:")), "{held:?}");
    }
    // Idle, although the child had copies of its descriptors.
    let before = processor_time(a.pid());
    sleep(Duration::from_millis(500));
    let used = processor_time(a.pid()) - before;
    assert!(used <= 10, "{used} hundredths of a second in half a second");
    let proxy = a.proxy();
    a.signal(Signal::SIGKILL);
    super::lab::wait_for("the proxy to follow", SOON, || !is_alive(proxy));
}

fn descriptors(pid: nix::unistd::Pid) -> Vec<String> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
    entries
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .map(|target| target.to_string_lossy().into_owned())
        .collect()
}

/// User and system time in clock ticks, a hundred a second.
fn processor_time(pid: nix::unistd::Pid) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    [11, 12].map(|index: usize| fields[index].parse::<u64>().unwrap()).iter().sum()
}

const SOURCE: Ipv4Addr = Ipv4Addr::new(10, 9, 0, 13);
const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 18);
const COPIES: u64 = 40;
const SOON: Duration = Duration::from_secs(5);
