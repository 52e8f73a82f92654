//! The VRRP state machine (RFC 9568 section 6.4) as a pure value: inputs and the time go in, actions
//! and the next deadline come out. It does no I/O, so that elections can be simulated.

use std::{net::IpAddr, time::Duration};

use super::{interval::Interval, time::Time};

pub(crate) use self::action::{Action, Actions};
pub(crate) use self::transition::{Cause, Reason, Role, Transition};

mod action;
mod transition;

/// One virtual router on this node.
///
/// ```text
///                    +---------------+
///         +--------->|  Initialize   |<-------------+
///         |          +---------------+              |
///         |             |         |                 |
///         |   owner     |         |  everyone else  |
///         |             v         v                 |
///  +---------------+  silence or priority 0  +---------------+
///  |    Active     |<------------------------|    Backup     |
///  |               |------------------------>|               |
///  +---------------+  a better one, a freeze +---------------+
/// ```
///
/// It goes beyond the RFC in three places, all for the moment after two nodes were active at once:
///
/// - *Farewell*: a node that steps down for a better one advertises once more at that moment, and
///   twice more an interval apart, so that the winner learns that there were two.
/// - *Re-announcement*: an active node that hears a lesser one announces its addresses again, since
///   the neighbours may have learnt the other's hardware address.
/// - *Freeze*: an active node that finds that three intervals passed since its last advertisement
///   was not running meanwhile; another may be active, so it listens for one interval first, and
///   says its farewell when it hears a better one.
#[derive(Clone, Debug)]
pub(crate) struct VirtualRouter {
    policy: Policy,
    /// Our primary address on the interface; it decides between equal priorities.
    source: IpAddr,
    state: State,
}

/// What the settings say about one virtual router.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// 1 to 254, or 255 for the owner of the addresses.
    pub(crate) priority: u8,
    pub(crate) interval: Interval,
    /// Whether to take over from an active node of lower priority.
    pub(crate) preempt: bool,
    /// How long a lesser active node is heard before it is preempted.
    pub(crate) preempt_delay: Duration,
    pub(crate) announce: Announcing,
}

/// When gratuitous ARP or unsolicited neighbour advertisements are sent.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Announcing {
    /// How many per address at takeover.
    pub(crate) count: u8,
    /// When the second burst follows; zero leaves it out.
    pub(crate) delay: Duration,
    /// How many per address in the second burst, and after a duel.
    pub(crate) repeat: u8,
    /// One more per address, this often; zero leaves it out.
    pub(crate) refresh: Duration,
}

#[derive(Copy, Clone, Debug)]
pub(crate) enum Input {
    /// The node is able to serve; `source` is its primary address on the interface.
    Startup { source: IpAddr },
    /// The node is no longer able or willing to serve.
    Shutdown(Cause),
    /// An advertisement passed all checks.
    Heard(Heard),
    /// A deadline may have passed.
    Wake,
}

/// What an advertisement says to the election.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) source: IpAddr,
    pub(crate) priority: u8,
    pub(crate) interval: Interval,
}

#[derive(Clone, Debug)]
enum State {
    Initialize,
    Backup(Backup),
    Active(Active),
}

#[derive(Clone, Debug)]
struct Backup {
    /// Active_Down_Timer: when the active node counts as gone.
    down_at: Time,
    /// The last advertisement that was heeded, or the start of this state.
    quiet_since: Time,
    /// The active node that said that it resigns.
    resigned: Option<IpAddr>,
    /// Since when only lesser nodes are heard.
    lesser_since: Option<Time>,
    /// Whether a late wake-up has been forgiven already.
    forgiven: bool,
    farewell: Farewell,
}

/// What a node that was active still owes to the one that now is.
#[derive(Copy, Clone, Debug)]
enum Farewell {
    Nothing,
    /// It stood still and does not know yet whether there is another.
    WhenHeard,
    /// So many advertisements, lesser than the active node's own.
    Due {
        at: Time,
        left: u8,
        priority: u8,
    },
}

#[derive(Clone, Debug)]
struct Active {
    /// Adver_Timer.
    advertise_at: Time,
    advertised: Time,
    announced: Time,
    announce_next: Option<Announcement>,
}

#[derive(Copy, Clone, Debug)]
struct Announcement {
    at: Time,
    count: u8,
}

impl VirtualRouter {
    /// In Initialize, until [`Input::Startup`].
    pub(crate) const fn new(policy: Policy, source: IpAddr) -> Self {
        Self { policy, source, state: State::Initialize }
    }

    pub(crate) const fn role(&self) -> Role {
        match self.state {
            State::Initialize => Role::Initialize,
            State::Backup(_) => Role::Backup,
            State::Active(_) => Role::Active,
        }
    }

    /// When [`Input::Wake`] is due; `None` while nothing is waited for.
    pub(crate) fn deadline(&self) -> Option<Time> {
        match &self.state {
            State::Initialize => None,
            State::Backup(backup) => {
                Some(backup.farewell.at().map_or(backup.down_at, |at| at.min(backup.down_at)))
            }
            State::Active(active) => Some(
                active
                    .announce_next
                    .map_or(active.advertise_at, |next| next.at.min(active.advertise_at)),
            ),
        }
    }

    /// Takes one input; the actions are to be done in their order.
    pub(crate) fn on(&mut self, input: Input, now: Time) -> Actions {
        let mut actions = Actions::default();
        self.notice_freeze(now, &mut actions);
        match input {
            Input::Startup { source } => self.start(source, now, &mut actions),
            Input::Shutdown(cause) => self.shut_down(cause, &mut actions),
            Input::Heard(heard) => self.hear(heard, now, &mut actions),
            Input::Wake => self.wake(now, &mut actions),
        }
        actions
    }

    fn start(&mut self, source: IpAddr, now: Time, actions: &mut Actions) {
        self.source = source;
        if !matches!(self.state, State::Initialize) {
            return;
        }
        if self.policy.priority == OWNER {
            self.take_over(Reason::Owner, now, actions);
        } else {
            let down_at = now + self.policy.interval.active_down(self.policy.priority);
            self.enter_backup(Backup::until(down_at, now), Reason::Started, actions);
        }
    }

    fn shut_down(&mut self, cause: Cause, actions: &mut Actions) {
        let from = self.role();
        if from == Role::Active {
            actions.push(Action::Advertise { priority: RESIGNED });
            actions.push(Action::ReleaseAddresses);
        }
        self.state = State::Initialize;
        if from != Role::Initialize {
            let reason = Reason::Shutdown(cause);
            actions.push(Action::Moved(Transition { from, to: Role::Initialize, reason }));
        }
    }

    fn hear(&mut self, heard: Heard, now: Time, actions: &mut Actions) {
        let beaten = self.is_beaten_by(heard);
        match &mut self.state {
            State::Initialize => {}
            State::Backup(backup) => backup.hear(&self.policy, heard, now),
            State::Active(active) if heard.priority == RESIGNED => {
                active.assert(self.policy.interval, self.policy.priority, now, actions);
            }
            State::Active(_) if beaten => self.step_down(heard, now, actions),
            State::Active(active) => {
                active.assert(self.policy.interval, self.policy.priority, now, actions);
                active.announce_again(&self.policy, now, actions);
            }
        }
    }

    /// Equal priorities are decided by the greater address (RFC 9568 section 6.4.3). That goes for
    /// two owners as well: the RFC lets both stay active, which serves nobody.
    fn is_beaten_by(&self, heard: Heard) -> bool {
        (heard.priority, heard.source) > (self.policy.priority, self.source)
    }

    /// The addresses go first, so that nothing of ours follows the winner's announcement.
    fn step_down(&mut self, winner: Heard, now: Time, actions: &mut Actions) {
        actions.push(Action::ReleaseAddresses);
        actions.push(Action::Advertise { priority: self.policy.priority });
        let down_at = now + winner.interval.active_down(self.policy.priority);
        let at = now + self.policy.interval.duration();
        let farewell = Farewell::Due { at, left: FAREWELLS, priority: self.policy.priority };
        let backup = Backup { farewell, ..Backup::until(down_at, now) };
        self.enter_backup(backup, Reason::Beaten(winner), actions);
    }

    fn wake(&mut self, now: Time, actions: &mut Actions) {
        match &mut self.state {
            State::Initialize => {}
            State::Active(active) => active.wake(&self.policy, now, actions),
            State::Backup(backup) => {
                if now >= backup.down_at && !backup.forgive(&self.policy, now) {
                    let reason = backup.takeover_reason(now);
                    self.take_over(reason, now, actions);
                } else {
                    backup.say_farewell(&self.policy, now, actions);
                }
            }
        }
    }

    fn take_over(&mut self, reason: Reason, now: Time, actions: &mut Actions) {
        let from = self.role();
        let announce = self.policy.announce;
        actions.push(Action::Advertise { priority: self.policy.priority });
        actions.push(Action::TakeAddresses);
        actions.push(Action::Announce { count: announce.count });
        actions.push(Action::Moved(Transition { from, to: Role::Active, reason }));
        self.state = State::Active(Active {
            advertise_at: now + self.policy.interval.duration(),
            advertised: now,
            announced: now,
            announce_next: announce.after_takeover(now),
        });
    }

    fn enter_backup(&mut self, backup: Backup, reason: Reason, actions: &mut Actions) {
        let from = self.role();
        self.state = State::Backup(backup);
        actions.push(Action::Moved(Transition { from, to: Role::Backup, reason }));
    }

    fn notice_freeze(&mut self, now: Time, actions: &mut Actions) {
        let State::Active(active) = &self.state else { return };
        let silent = now.since(active.advertised);
        let interval = self.policy.interval.duration();
        if silent > interval * 3 {
            actions.push(Action::ReleaseAddresses);
            let farewell = Farewell::WhenHeard;
            let listening = Backup { farewell, ..Backup::until(now + interval, now) };
            self.enter_backup(listening, Reason::Frozen(silent), actions);
        }
    }
}

impl Backup {
    const fn until(down_at: Time, now: Time) -> Self {
        Self {
            down_at,
            quiet_since: now,
            resigned: None,
            lesser_since: None,
            forgiven: false,
            farewell: Farewell::Nothing,
        }
    }

    fn hear(&mut self, policy: &Policy, heard: Heard, now: Time) {
        if heard.priority == RESIGNED {
            // A second copy must not put the takeover off.
            self.down_at = self.down_at.min(now + policy.interval.skew(policy.priority));
            self.resigned = Some(heard.source);
            self.farewell = Farewell::Nothing;
        } else if heard.priority >= policy.priority || !policy.preempt {
            self.lesser_since = None;
            self.heed(policy, heard, now);
        } else {
            let since = *self.lesser_since.get_or_insert(now);
            if now.since(since) < policy.preempt_delay {
                self.heed(policy, heard, now);
            }
        }
    }

    /// Accepts the sender as the active node. Its interval counts, not ours.
    fn heed(&mut self, policy: &Policy, heard: Heard, now: Time) {
        self.down_at = now + heard.interval.active_down(policy.priority);
        self.quiet_since = now;
        self.resigned = None;
        if matches!(self.farewell, Farewell::WhenHeard) {
            self.farewell = Farewell::to(heard, policy, now);
        }
    }

    /// A wake-up that comes an interval late means that this node stood still, and the active one may
    /// well live: it is given one more interval to be heard, once.
    fn forgive(&mut self, policy: &Policy, now: Time) -> bool {
        let interval = policy.interval.duration();
        if self.forgiven || now.since(self.down_at) < interval {
            return false;
        }
        self.forgiven = true;
        self.down_at = now + interval;
        true
    }

    const fn takeover_reason(&self, now: Time) -> Reason {
        match self.resigned {
            Some(source) => Reason::Resigned(source),
            None => Reason::Silence(now.since(self.quiet_since)),
        }
    }

    fn say_farewell(&mut self, policy: &Policy, now: Time, actions: &mut Actions) {
        let Farewell::Due { at, left, priority } = self.farewell else { return };
        if now < at {
            return;
        }
        actions.push(Action::Advertise { priority });
        self.farewell = match left {
            ..=1 => Farewell::Nothing,
            _ => {
                let at = now + policy.interval.duration();
                Farewell::Due { at, left: left - 1, priority }
            }
        };
    }
}

impl Farewell {
    /// A node that may not preempt yields to lesser ones as well, and must not depose them now.
    const fn to(active: Heard, policy: &Policy, now: Time) -> Self {
        let priority = if active.priority > policy.priority { policy.priority } else { LEAST };
        if priority >= active.priority {
            return Self::Nothing;
        }
        Self::Due { at: now, left: 1 + FAREWELLS, priority }
    }

    const fn at(self) -> Option<Time> {
        match self {
            Self::Due { at, .. } => Some(at),
            Self::Nothing | Self::WhenHeard => None,
        }
    }
}

impl Active {
    fn wake(&mut self, policy: &Policy, now: Time, actions: &mut Actions) {
        if now >= self.advertise_at {
            let due = self.advertise_at;
            self.advertise(policy.interval, policy.priority, now, actions);
            // Keep the rhythm when late by less than an interval.
            self.advertise_at = (due + policy.interval.duration()).max(now);
        }
        if let Some(next) = self.announce_next.filter(|next| now >= next.at) {
            actions.push(Action::Announce { count: next.count });
            self.announced = now;
            self.announce_next = policy.announce.refreshing(now);
        }
    }

    fn advertise(&mut self, interval: Interval, priority: u8, now: Time, actions: &mut Actions) {
        actions.push(Action::Advertise { priority });
        self.advertised = now;
        self.advertise_at = now + interval.duration();
    }

    /// Answers a node that has no business to advertise; at once, but not at the rate of a flood.
    fn assert(&mut self, interval: Interval, priority: u8, now: Time, actions: &mut Actions) {
        let earliest = self.advertised + interval.duration() / 4;
        if now >= earliest {
            self.advertise(interval, priority, now, actions);
        } else {
            self.advertise_at = self.advertise_at.min(earliest);
        }
    }

    /// Another node was active and may have been announced later than we were. Put off within the
    /// gap rather than left out, so that the last announcement is ours.
    fn announce_again(&mut self, policy: &Policy, now: Time, actions: &mut Actions) {
        let gap = (policy.interval.duration() / 2).min(LONGEST_ANNOUNCE_GAP);
        let earliest = self.announced + gap;
        let count = policy.announce.repeat.max(1);
        if now >= earliest {
            actions.push(Action::Announce { count });
            self.announced = now;
            self.announce_next = policy.announce.after_takeover(now);
        } else {
            self.announce_next = Some(Announcement { at: earliest, count });
        }
    }
}

impl Announcing {
    fn after_takeover(&self, now: Time) -> Option<Announcement> {
        if self.repeat > 0 && !self.delay.is_zero() {
            return Some(Announcement { at: now + self.delay, count: self.repeat });
        }
        self.refreshing(now)
    }

    fn refreshing(&self, now: Time) -> Option<Announcement> {
        (!self.refresh.is_zero()).then(|| Announcement { at: now + self.refresh, count: 1 })
    }
}

/// The priority of a node that owns the addresses as its own.
pub(crate) const OWNER: u8 = 255;
/// The priority that says "I stop being active".
pub(crate) const RESIGNED: u8 = 0;

const FAREWELLS: u8 = 2;
const LEAST: u8 = 1;
const LONGEST_ANNOUNCE_GAP: Duration = Duration::from_millis(100);

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
