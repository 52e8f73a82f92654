//! The rules of RFC 9568 section 6.4 one by one, and what goes beyond them.

use super::*;

const INTERVAL: Interval = Interval::DEFAULT;
const STEP: Duration = Duration::from_millis(30);

fn at(millis: u64) -> Time {
    Time::new(Duration::from_millis(1_000_000 + millis))
}

fn address(host: u8) -> IpAddr {
    IpAddr::from([10, 0, 0, host])
}

fn policy(priority: u8) -> Policy {
    Policy {
        priority,
        interval: INTERVAL,
        preempt: true,
        preempt_delay: Duration::ZERO,
        announce: Announcing {
            count: 5,
            delay: Duration::from_secs(5),
            repeat: 4,
            refresh: Duration::from_secs(30),
        },
    }
}

fn heard(host: u8, priority: u8) -> Input {
    Input::Heard(Heard { source: address(host), priority, interval: INTERVAL })
}

fn list(actions: Actions) -> Vec<Action> {
    actions.into_iter().collect()
}

fn backup(policy: Policy) -> VirtualRouter {
    let mut router = VirtualRouter::new(policy, address(5));
    router.on(Input::Startup { source: address(5) }, at(0));
    assert_eq!(router.role(), Role::Backup);
    router
}

fn active(policy: Policy) -> (VirtualRouter, Time) {
    let mut router = backup(policy);
    let now = router.deadline().unwrap();
    router.on(Input::Wake, now);
    assert_eq!(router.role(), Role::Active);
    (router, now)
}

/// Keeps an active router advertising until `until`.
fn run_to(router: &mut VirtualRouter, until: Time) -> Vec<(Time, Action)> {
    let mut done = Vec::new();
    while let Some(due) = router.deadline().filter(|due| *due <= until) {
        done.extend(router.on(Input::Wake, due).into_iter().map(|action| (due, action)));
    }
    done
}

#[test]
fn rule_25_the_owner_is_active_at_startup() {
    let mut router = VirtualRouter::new(policy(255), address(5));
    let actions = list(router.on(Input::Startup { source: address(5) }, at(0)));
    assert_eq!(
        actions[..3],
        [Action::Advertise { priority: 255 }, Action::TakeAddresses, Action::Announce { count: 5 }]
    );
    assert_eq!(router.deadline(), Some(at(0) + STEP));
}

#[test]
fn rule_26_everyone_else_waits_three_intervals_and_the_skew() {
    let mut router = VirtualRouter::new(policy(100), address(5));
    let actions = list(router.on(Input::Startup { source: address(5) }, at(0)));
    assert_eq!(
        actions,
        [Action::Moved(Transition {
            from: Role::Initialize,
            to: Role::Backup,
            reason: Reason::Started
        })]
    );
    // 90 ms + 156/256 * 30 ms.
    assert_eq!(router.deadline(), Some(at(0) + Duration::from_nanos(108_281_250)));
}

#[test]
fn rule_28_a_backup_leaves_without_a_word() {
    let mut router = backup(policy(100));
    let actions = list(router.on(Input::Shutdown(Cause::Stopping), at(10)));
    assert!(matches!(actions[..], [Action::Moved(_)]), "{actions:?}");
    assert_eq!(router.deadline(), None);
}

#[test]
fn rule_29_silence_makes_a_backup_active() {
    let mut router = backup(policy(100));
    let due = router.deadline().unwrap();
    let reason = Reason::Silence(due.since(at(0)));
    assert_eq!(
        list(router.on(Input::Wake, due)),
        [
            Action::Advertise { priority: 100 },
            Action::TakeAddresses,
            Action::Announce { count: 5 },
            Action::Moved(Transition { from: Role::Backup, to: Role::Active, reason }),
        ]
    );
    assert_eq!(router.deadline(), Some(due + STEP));
}

#[test]
fn a_wake_up_before_the_deadline_changes_nothing() {
    let mut router = backup(policy(100));
    assert!(list(router.on(Input::Wake, at(108))).is_empty());
    assert_eq!(router.role(), Role::Backup);
}

#[test]
fn rule_30_priority_0_leaves_only_the_skew() {
    let mut router = backup(policy(100));
    router.on(heard(9, 200), at(5));
    router.on(heard(9, 0), at(10));
    let due = at(10) + INTERVAL.skew(100);
    assert_eq!(router.deadline(), Some(due));
    router.on(heard(9, 0), at(15));
    assert_eq!(router.deadline(), Some(due), "a second copy does not put it off");
    let actions = list(router.on(Input::Wake, due));
    let Some(Action::Moved(moved)) = actions.last() else { panic!("{actions:?}") };
    assert_eq!(moved.reason, Reason::Resigned(address(9)));
}

#[test]
fn rule_31_an_equal_or_better_node_resets_the_timer_and_sets_the_interval() {
    let second = Interval::from_centiseconds(100).unwrap();
    for priority in [100, 200] {
        let mut router = backup(policy(100));
        let input = Heard { source: address(1), priority, interval: second };
        router.on(Input::Heard(input), at(50));
        assert_eq!(router.deadline(), Some(at(50) + second.active_down(100)));
    }
}

#[test]
fn rule_31_without_preemption_a_lesser_node_resets_the_timer() {
    let mut router = backup(Policy { preempt: false, ..policy(100) });
    router.on(heard(9, 1), at(50));
    assert_eq!(router.deadline(), Some(at(50) + INTERVAL.active_down(100)));
}

#[test]
fn rule_32_with_preemption_a_lesser_node_is_not_heeded() {
    let mut router = backup(policy(100));
    let due = router.deadline();
    router.on(heard(9, 99), at(50));
    assert_eq!(router.deadline(), due);
}

#[test]
fn preemption_waits_for_its_delay() {
    let mut router = backup(Policy { preempt_delay: Duration::from_millis(500), ..policy(100) });
    for millis in (10..=500).step_by(30) {
        router.on(heard(9, 99), at(millis));
        assert_eq!(router.deadline(), Some(at(millis) + INTERVAL.active_down(100)));
    }
    // The first lesser advertisement came at 10 ms: at 510 ms the delay is over.
    let last = router.deadline();
    router.on(heard(9, 99), at(520));
    assert_eq!(router.deadline(), last);
}

#[test]
fn the_preemption_delay_starts_anew_after_a_better_node() {
    let mut router = backup(Policy { preempt_delay: Duration::from_millis(100), ..policy(100) });
    router.on(heard(9, 99), at(10));
    router.on(heard(8, 200), at(40));
    router.on(heard(9, 99), at(120));
    assert_eq!(router.deadline(), Some(at(120) + INTERVAL.active_down(100)));
}

#[test]
fn rule_35_an_active_node_resigns_with_priority_0() {
    let (mut router, now) = active(policy(100));
    let actions = list(router.on(Input::Shutdown(Cause::ProxyDied), now + STEP / 2));
    assert_eq!(actions[..2], [Action::Advertise { priority: 0 }, Action::ReleaseAddresses]);
    assert_eq!(router.role(), Role::Initialize);
}

#[test]
fn rule_36_advertises_every_interval() {
    let (mut router, now) = active(policy(100));
    let done = run_to(&mut router, now + STEP * 3);
    let advert = Action::Advertise { priority: 100 };
    assert_eq!(done, [1, 2, 3].map(|n| (now + STEP * n, advert)));
}

#[test]
fn a_late_wake_up_keeps_the_rhythm_without_a_burst() {
    let (mut router, now) = active(policy(100));
    router.on(Input::Wake, now + Duration::from_millis(40));
    assert_eq!(router.deadline(), Some(now + STEP * 2));
    router.on(Input::Wake, now + Duration::from_millis(125));
    assert!(router.deadline() >= Some(now + Duration::from_millis(125)));
}

#[test]
fn rule_37_priority_0_is_answered_and_the_timer_reset() {
    let (mut router, now) = active(policy(100));
    let later = now + Duration::from_millis(20);
    assert_eq!(list(router.on(heard(9, 0), later)), [Action::Advertise { priority: 100 }]);
    assert_eq!(router.deadline(), Some(later + STEP));
}

#[test]
fn rule_38_a_better_node_wins_and_gets_a_last_advertisement() {
    let second = Interval::from_centiseconds(100).unwrap();
    let (mut router, now) = active(policy(100));
    let winner = Heard { source: address(9), priority: 101, interval: second };
    let actions = list(router.on(Input::Heard(winner), now + STEP / 2));
    let reason = Reason::Beaten(winner);
    assert_eq!(
        actions,
        [
            Action::ReleaseAddresses,
            Action::Advertise { priority: 100 },
            Action::Moved(Transition { from: Role::Active, to: Role::Backup, reason }),
        ]
    );
    let done = run_to(&mut router, now + STEP * 10);
    assert_eq!(done.len(), 2, "two farewells, and silence after them: {done:?}");
    assert_eq!(router.deadline(), Some(now + STEP / 2 + second.active_down(100)));
}

#[test]
fn rule_38_equal_priorities_are_decided_by_address_as_a_number() {
    // 10.0.0.5 is ours; as text "10.0.0.40" would be less.
    for (host, role) in [(4, Role::Active), (40, Role::Backup)] {
        let (mut router, now) = active(policy(100));
        router.on(heard(host, 100), now + STEP / 2);
        assert_eq!(router.role(), role, "against 10.0.0.{host}");
    }
}

#[test]
fn rule_39_a_lesser_node_is_answered_and_the_addresses_announced_again() {
    let (mut router, now) = active(policy(100));
    let later = now + Duration::from_millis(20);
    assert_eq!(
        list(router.on(heard(9, 99), later)),
        [Action::Advertise { priority: 100 }, Action::Announce { count: 4 }]
    );
    assert_eq!(router.deadline(), Some(later + STEP));
}

#[test]
fn a_duel_right_after_takeover_is_still_announced() {
    let (mut router, now) = active(policy(100));
    let soon = now + Duration::from_millis(1);
    assert!(list(router.on(heard(9, 99), soon)).is_empty());
    let done = run_to(&mut router, now + STEP);
    assert!(done.iter().any(|(_, action)| matches!(action, Action::Announce { .. })), "{done:?}");
    assert!(done.iter().any(|(_, action)| matches!(action, Action::Advertise { .. })), "{done:?}");
}

#[test]
fn a_flood_of_lesser_advertisements_is_answered_at_a_bounded_rate() {
    let (mut router, now) = active(policy(100));
    let mut sent = [0, 0];
    for micros in 0..300_000 {
        let time = now + Duration::from_micros(micros);
        let mut actions = list(router.on(heard(9, 99), time));
        actions.extend(router.on(Input::Wake, time));
        for action in actions {
            match action {
                Action::Advertise { .. } => sent[0] += 1,
                Action::Announce { .. } => sent[1] += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    let [adverts, announcements] = sent;
    assert!((10..=41).contains(&adverts), "{adverts} advertisements in ten intervals");
    assert!((10..=21).contains(&announcements), "{announcements} announcements in ten intervals");
}

#[test]
fn announces_at_takeover_again_after_the_delay_and_then_refreshes() {
    let (mut router, now) = active(policy(100));
    let done = run_to(&mut router, now + Duration::from_secs(70));
    let announced: Vec<_> = done
        .iter()
        .filter_map(|(time, action)| match action {
            Action::Announce { count } => Some((time.since(now).as_secs(), *count)),
            _ => None,
        })
        .collect();
    assert_eq!(announced, [(5, 4), (35, 1), (65, 1)]);
}

#[test]
fn a_frozen_active_node_listens_before_it_speaks() {
    let (mut router, now) = active(policy(100));
    let thaw = now + Duration::from_secs(4);
    let actions = list(router.on(Input::Wake, thaw));
    let reason = Reason::Frozen(Duration::from_secs(4));
    assert_eq!(
        actions,
        [
            Action::ReleaseAddresses,
            Action::Moved(Transition { from: Role::Active, to: Role::Backup, reason }),
        ]
    );
    assert_eq!(router.deadline(), Some(thaw + STEP));
}

#[test]
fn a_frozen_active_node_says_farewell_to_a_better_one() {
    let (mut router, now) = active(policy(100));
    let thaw = now + Duration::from_secs(4);
    assert_eq!(list(router.on(heard(9, 200), thaw))[0], Action::ReleaseAddresses);
    let done = run_to(&mut router, thaw + STEP * 3);
    let farewell = Action::Advertise { priority: 100 };
    assert_eq!(done, [0, 1, 2].map(|n| (thaw + STEP * n, farewell)));
    assert_eq!(router.deadline(), Some(thaw + INTERVAL.active_down(100)));
}

#[test]
fn a_frozen_active_node_takes_back_from_a_lesser_one_after_an_interval() {
    let (mut router, now) = active(policy(100));
    let thaw = now + Duration::from_secs(4);
    router.on(heard(9, 50), thaw);
    assert_eq!(router.deadline(), Some(thaw + STEP));
}

#[test]
fn a_frozen_active_node_that_may_not_preempt_does_not_depose_a_lesser_one() {
    let (mut router, now) = active(Policy { preempt: false, ..policy(100) });
    let thaw = now + Duration::from_secs(4);
    router.on(heard(9, 50), thaw);
    let actions = list(router.on(Input::Wake, thaw));
    assert_eq!(actions, [Action::Advertise { priority: 1 }]);
    assert_eq!(router.role(), Role::Backup);
}

#[test]
fn a_frozen_backup_gives_the_active_node_one_more_interval() {
    let mut router = backup(policy(100));
    let thaw = at(9_000);
    assert!(list(router.on(Input::Wake, thaw)).is_empty());
    assert_eq!(router.deadline(), Some(thaw + STEP));
    // Late again, but once must do: the addresses are not served by anyone.
    router.on(Input::Wake, at(19_000));
    assert_eq!(router.role(), Role::Active);
}

#[test]
fn nothing_is_heard_before_startup() {
    let mut router = VirtualRouter::new(policy(100), address(5));
    assert!(list(router.on(heard(9, 0), at(0))).is_empty());
    assert!(list(router.on(Input::Wake, at(0))).is_empty());
    assert_eq!(router.deadline(), None);
}
