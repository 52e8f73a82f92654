//! Two and three nodes on a simulated network that loses, delays and partitions, and that stops
//! nodes for a while. What must hold afterwards is the last line of the conformance list: once the
//! network heals, exactly one node is active, and the last announcement on the wire is its own.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use proptest::prelude::*;

use super::*;

const INTERVAL: Interval = Interval::DEFAULT;
const LONGEST_DELAY: Duration = Duration::from_millis(2);

#[derive(Copy, Clone, Debug)]
enum Upset {
    /// Advertisements from one node no longer reach the other; announcements still reach the clients.
    Cut(usize, usize),
    Mend(usize, usize),
    /// Of a hundred advertisements, so many are lost.
    Lose(u8),
    /// The node stands still; its packets wait.
    Freeze(usize, Duration),
    /// The node stops with priority 0.
    Stop(usize),
    /// The node vanishes without a word.
    Kill(usize),
    Start(usize),
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Payload {
    Advert(u8),
    Announcement,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Frame {
    arrives: Time,
    serial: u64,
    from: usize,
    payload: Payload,
}

struct Node {
    router: VirtualRouter,
    source: IpAddr,
    frozen_until: Option<Time>,
    inbox: VecDeque<Heard>,
    /// Frames of one sender do not overtake each other.
    last_arrival: Time,
}

struct World {
    now: Time,
    random: u64,
    nodes: Vec<Node>,
    wire: BinaryHeap<Reverse<Frame>>,
    serial: u64,
    cut: [[bool; 3]; 3],
    loss: u8,
    last_announcer: Option<usize>,
    /// How long more than one node, and no node, was active since the last reset.
    doubled: Duration,
    dark: Duration,
}

impl World {
    fn new(seed: u64, policies: impl IntoIterator<Item = Policy>) -> Self {
        let now = Time::new(Duration::from_secs(1000));
        let node = |(index, policy)| {
            let source = IpAddr::from([10, 0, 0, index as u8 + 1]);
            Node {
                router: VirtualRouter::new(policy, source),
                source,
                frozen_until: None,
                inbox: VecDeque::new(),
                last_arrival: now,
            }
        };
        Self {
            now,
            random: seed,
            nodes: policies.into_iter().enumerate().map(node).collect(),
            wire: BinaryHeap::new(),
            serial: 0,
            cut: [[false; 3]; 3],
            loss: 0,
            last_announcer: None,
            doubled: Duration::ZERO,
            dark: Duration::ZERO,
        }
    }

    fn start_all(&mut self) {
        for index in 0..self.nodes.len() {
            self.apply(Upset::Start(index));
        }
    }

    fn apply(&mut self, upset: Upset) {
        let count = self.nodes.len();
        match upset {
            Upset::Cut(from, to) => self.cut[from % count][to % count] = true,
            Upset::Mend(from, to) => self.cut[from % count][to % count] = false,
            Upset::Lose(percent) => self.loss = percent,
            Upset::Freeze(index, time) => {
                self.nodes[index % count].frozen_until = Some(self.now + time);
            }
            Upset::Stop(index) => self.give(index % count, Input::Shutdown(Cause::Stopping)),
            Upset::Kill(index) => {
                let node = &mut self.nodes[index % count];
                node.router = VirtualRouter::new(node.router.policy.clone(), node.source);
            }
            Upset::Start(index) => {
                let source = self.nodes[index % count].source;
                self.give(index % count, Input::Startup { source });
            }
        }
    }

    /// All cables in, nothing lost, nobody frozen.
    fn heal(&mut self) {
        self.cut = [[false; 3]; 3];
        self.loss = 0;
        for node in &mut self.nodes {
            node.frozen_until = node.frozen_until.map(|_| self.now);
        }
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(next) = self.next_event().filter(|next| *next <= end) {
            self.advance(next);
            self.thaw();
            self.deliver();
            self.wake();
        }
        self.advance(end);
    }

    fn next_event(&self) -> Option<Time> {
        let timers = self.nodes.iter().filter_map(|node| match node.frozen_until {
            Some(thaw) => Some(thaw),
            None => node.router.deadline(),
        });
        let arrival = self.wire.peek().map(|Reverse(frame)| frame.arrives);
        timers.chain(arrival).min().map(|time| time.max(self.now))
    }

    fn advance(&mut self, to: Time) {
        let passed = to.since(self.now);
        match self.active().count() {
            0 => self.dark += passed,
            1 => {}
            _ => self.doubled += passed,
        }
        self.now = to;
    }

    /// As the real loop does: first what waits in the socket, then the timers.
    fn thaw(&mut self) {
        for index in 0..self.nodes.len() {
            if self.nodes[index].frozen_until.is_some_and(|thaw| thaw <= self.now) {
                self.nodes[index].frozen_until = None;
                while let Some(heard) = self.nodes[index].inbox.pop_front() {
                    self.give(index, Input::Heard(heard));
                }
            }
        }
    }

    fn deliver(&mut self) {
        while let Some(Reverse(frame)) =
            self.wire.peek().copied().filter(|Reverse(frame)| frame.arrives <= self.now)
        {
            self.wire.pop();
            match frame.payload {
                Payload::Announcement => self.last_announcer = Some(frame.from),
                Payload::Advert(priority) => self.broadcast(frame.from, priority),
            }
        }
    }

    fn broadcast(&mut self, from: usize, priority: u8) {
        let source = self.nodes[from].source;
        let heard = Heard { source, priority, interval: INTERVAL };
        for to in (0..self.nodes.len()).filter(|to| *to != from) {
            let lost = self.below(100) < u64::from(self.loss);
            if self.cut[from][to] || lost {
                continue;
            }
            if self.nodes[to].frozen_until.is_some() {
                self.nodes[to].inbox.push_back(heard);
            } else {
                self.give(to, Input::Heard(heard));
            }
        }
    }

    fn wake(&mut self) {
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let due = node.router.deadline().is_some_and(|due| due <= self.now);
            if due && node.frozen_until.is_none() {
                self.give(index, Input::Wake);
            }
        }
    }

    fn give(&mut self, index: usize, input: Input) {
        for action in self.nodes[index].router.on(input, self.now) {
            match action {
                Action::Advertise { priority } => self.send(index, Payload::Advert(priority)),
                Action::Announce { .. } => self.send(index, Payload::Announcement),
                _ => {}
            }
        }
    }

    fn send(&mut self, from: usize, payload: Payload) {
        let delay = Duration::from_nanos(self.below(LONGEST_DELAY.as_nanos() as u64));
        let arrives = (self.now + delay).max(self.nodes[from].last_arrival);
        self.nodes[from].last_arrival = arrives;
        self.serial += 1;
        self.wire.push(Reverse(Frame { arrives, serial: self.serial, from, payload }));
    }

    fn active(&self) -> impl Iterator<Item = usize> {
        let is_active = |index: &usize| self.nodes[*index].router.role() == Role::Active;
        (0..self.nodes.len()).filter(is_active)
    }

    fn able(&self) -> usize {
        self.nodes.iter().filter(|node| node.router.role() != Role::Initialize).count()
    }

    /// The node that wins every duel.
    fn best(&self) -> usize {
        let rank = |index: &usize| {
            let node = &self.nodes[*index];
            (node.router.policy.priority, node.source)
        };
        (0..self.nodes.len()).max_by_key(rank).unwrap()
    }

    /// splitmix64.
    fn below(&mut self, bound: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

fn policy(priority: u8) -> Policy {
    Policy {
        priority,
        interval: INTERVAL,
        preempt: true,
        preempt_delay: Duration::ZERO,
        announce: Announcing {
            count: 5,
            delay: Duration::from_millis(500),
            repeat: 5,
            refresh: Duration::ZERO,
        },
    }
}

fn pair(seed: u64) -> World {
    let mut world = World::new(seed, [policy(200), policy(100)]);
    world.start_all();
    world.run(Duration::from_secs(1));
    assert_eq!(world.active().collect::<Vec<_>>(), [0]);
    (world.dark, world.doubled) = Default::default();
    world
}

#[test]
fn a_crash_is_noticed_within_the_active_down_interval() {
    for seed in 0..50 {
        let mut world = pair(seed);
        let phase = world.below(30_000_000);
        world.run(Duration::from_nanos(phase));
        world.dark = Duration::ZERO;
        world.apply(Upset::Kill(0));
        world.run(Duration::from_millis(400));
        assert_eq!(world.active().collect::<Vec<_>>(), [1]);
        assert!(world.dark <= INTERVAL.active_down(100) + LONGEST_DELAY, "{:?}", world.dark);
    }
}

#[test]
fn a_clean_stop_costs_the_skew_and_the_return_nothing() {
    for seed in 0..50 {
        let mut world = pair(seed);
        world.apply(Upset::Stop(0));
        world.run(Duration::from_millis(400));
        assert_eq!(world.active().collect::<Vec<_>>(), [1]);
        assert!(world.dark <= INTERVAL.skew(100) + LONGEST_DELAY, "{:?}", world.dark);
        world.dark = Duration::ZERO;
        world.apply(Upset::Start(0));
        world.run(Duration::from_millis(400));
        assert_eq!(world.active().collect::<Vec<_>>(), [0]);
        assert_eq!(world.dark, Duration::ZERO);
        assert_eq!(world.last_announcer, Some(0));
    }
}

#[test]
fn a_healed_split_ends_within_an_interval_with_the_winner_announced_last() {
    for seed in 0..200 {
        let mut world = pair(seed);
        world.apply(Upset::Cut(0, 1));
        world.apply(Upset::Cut(1, 0));
        let split = Duration::from_millis(500 + world.below(3000));
        world.run(split);
        assert_eq!(world.active().count(), 2);
        assert_eq!(world.last_announcer, Some(1));
        // One direction may come back before the other.
        let ahead = Duration::from_millis(world.below(3) * 100);
        if seed % 2 == 0 {
            world.apply(Upset::Mend(1, 0));
        }
        world.run(ahead);
        world.heal();
        world.doubled = Duration::ZERO;
        world.run(INTERVAL.duration() + LONGEST_DELAY * 4);
        assert_eq!(world.active().collect::<Vec<_>>(), [0], "seed {seed}");
        world.run(INTERVAL.duration());
        assert_eq!(world.last_announcer, Some(0), "seed {seed}");
        assert!(world.doubled <= INTERVAL.duration() + LONGEST_DELAY * 2, "{:?}", world.doubled);
    }
}

#[test]
fn the_loser_that_hears_first_still_tells_the_winner() {
    // The winner's words arrive 35 ms before the loser's can: keepalived's black hole.
    for seed in 0..50 {
        let mut world = pair(seed);
        world.apply(Upset::Cut(0, 1));
        world.apply(Upset::Cut(1, 0));
        world.run(Duration::from_secs(2));
        world.apply(Upset::Mend(0, 1));
        world.run(Duration::from_millis(35));
        assert_eq!(world.active().collect::<Vec<_>>(), [0]);
        assert_eq!(world.last_announcer, Some(1), "the clients are misled");
        world.heal();
        world.run(Duration::from_millis(70));
        assert_eq!(world.last_announcer, Some(0), "seed {seed}");
    }
}

#[test]
fn a_thawed_active_node_does_not_disturb_a_better_one() {
    for seed in 0..50 {
        let mut world = World::new(seed, [policy(100), policy(200)]);
        world.apply(Upset::Start(0));
        world.run(Duration::from_millis(400));
        world.apply(Upset::Freeze(0, Duration::from_secs(2)));
        world.apply(Upset::Start(1));
        world.run(Duration::from_millis(1900));
        (world.dark, world.doubled) = Default::default();
        world.run(Duration::from_secs(1));
        assert_eq!(world.active().collect::<Vec<_>>(), [1]);
        assert_eq!(world.last_announcer, Some(1));
        assert_eq!(world.dark, Duration::ZERO);
    }
}

#[test]
fn a_thawed_better_node_takes_back_without_a_gap() {
    for seed in 0..50 {
        let mut world = pair(seed);
        world.apply(Upset::Freeze(0, Duration::from_secs(2)));
        world.run(Duration::from_millis(1900));
        world.dark = Duration::ZERO;
        world.run(Duration::from_secs(1));
        assert_eq!(world.active().collect::<Vec<_>>(), [0]);
        assert_eq!(world.last_announcer, Some(0));
        assert_eq!(world.dark, Duration::ZERO);
    }
}

#[test]
fn a_thawed_active_node_that_missed_everything_does_not_speak_first() {
    for seed in 0..50 {
        let mut world = World::new(seed, [policy(100), policy(200)]);
        world.apply(Upset::Start(0));
        world.run(Duration::from_millis(400));
        world.apply(Upset::Freeze(0, Duration::from_secs(2)));
        world.apply(Upset::Start(1));
        world.run(Duration::from_millis(1999));
        // As after a restored snapshot: nothing waits in the socket.
        world.nodes[0].inbox.clear();
        world.run(Duration::from_millis(1));
        world.doubled = Duration::ZERO;
        world.run(Duration::from_secs(1));
        assert_eq!(world.active().collect::<Vec<_>>(), [1]);
        assert_eq!(world.doubled, Duration::ZERO);
    }
}

#[test]
fn a_fifth_of_all_packets_lost_does_not_leave_the_addresses_dark() {
    let mut world = pair(7);
    world.apply(Upset::Lose(20));
    world.run(Duration::from_secs(60));
    assert_eq!(world.dark, Duration::ZERO);
}

fn upset() -> impl Strategy<Value = Upset> {
    let node = || 0..3_usize;
    prop_oneof![
        4 => (node(), node()).prop_map(|(from, to)| Upset::Cut(from, to)),
        2 => (node(), node()).prop_map(|(from, to)| Upset::Mend(from, to)),
        2 => (0..=90_u8).prop_map(Upset::Lose),
        2 => (node(), 1..800_u64)
            .prop_map(|(at, ms)| Upset::Freeze(at, Duration::from_millis(ms))),
        1 => node().prop_map(Upset::Stop),
        1 => node().prop_map(Upset::Kill),
        3 => node().prop_map(Upset::Start),
    ]
}

fn node_policy() -> impl Strategy<Value = Policy> {
    let priority = prop_oneof![1..=254_u8, Just(100), Just(255)];
    let delay = prop_oneof![Just(0_u64), 1..100_u64];
    (priority, any::<bool>(), delay).prop_map(|(priority, preempt, delay)| Policy {
        preempt,
        preempt_delay: Duration::from_millis(delay),
        ..policy(priority)
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn after_any_history_one_node_is_active_and_announced_last(
        seed in any::<u64>(),
        policies in prop::collection::vec(node_policy(), 2..=3),
        history in prop::collection::vec((0..300_u64, upset()), 0..25),
    ) {
        let mut world = World::new(seed, policies.into_iter().map(refreshing));
        world.start_all();
        for (wait, upset) in history {
            world.run(Duration::from_millis(wait));
            world.apply(upset);
        }
        world.heal();
        if world.able() == 0 {
            world.apply(Upset::Start(0));
        }
        // The longest way: a preemption delay, a silence, a duel.
        world.run(Duration::from_millis(100) + INTERVAL.active_down(1) + INTERVAL.duration() * 3);
        let settled: Vec<_> = world.active().collect();
        prop_assert_eq!(settled.len(), 1, "active: {:?}", settled);
        (world.dark, world.doubled) = Default::default();
        // Who vanished after having been announced last is only outlived by a refresh.
        world.run(REFRESH + INTERVAL.duration());
        prop_assert_eq!(world.last_announcer, Some(settled[0]));
        world.run(Duration::from_secs(2));
        prop_assert_eq!(world.active().collect::<Vec<_>>(), settled);
        prop_assert_eq!(world.dark + world.doubled, Duration::ZERO);
    }

    #[test]
    fn after_any_split_one_interval_is_enough(
        seed in any::<u64>(),
        policies in prop::collection::vec(node_policy(), 2..=3),
        before in 0..400_u64,
        split in 0..1500_u64,
        freeze in prop::option::of((0..3_usize, 1..600_u64)),
    ) {
        let mut world = World::new(seed, policies);
        world.start_all();
        world.run(Duration::from_millis(before));
        world.cut = [[true; 3]; 3];
        world.run(INTERVAL.active_down(1) + Duration::from_millis(split));
        prop_assert_eq!(world.active().count(), world.nodes.len());
        if let Some((index, millis)) = freeze {
            world.apply(Upset::Freeze(index, Duration::from_millis(millis)));
            world.run(Duration::from_millis(millis));
        }
        world.heal();
        // A thawed node listens for an interval before it takes back.
        let listening = if freeze.is_some() { INTERVAL.duration() } else { Duration::ZERO };
        world.run(listening + INTERVAL.duration() + LONGEST_DELAY * 4);
        let settled: Vec<_> = world.active().collect();
        prop_assert_eq!(settled.len(), 1, "active: {:?}", settled);
        // A thawed node may have had to leave the addresses to a lesser one.
        prop_assert!(freeze.is_some() || settled[0] == world.best(), "{:?}", settled);
        world.run(INTERVAL.duration() / 2);
        prop_assert_eq!(world.last_announcer, Some(settled[0]));
    }
}

fn refreshing(policy: Policy) -> Policy {
    Policy { announce: Announcing { refresh: REFRESH, ..policy.announce }, ..policy }
}

const REFRESH: Duration = Duration::from_millis(700);
