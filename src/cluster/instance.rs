//! One virtual router at work: the state machine with its sockets, its addresses and its record. It
//! does what the state machine asks for, and tells it what happened.

use std::{
    io,
    net::IpAddr,
    os::fd::{AsFd, AsRawFd, RawFd},
    time::Duration,
};

use super::{
    address,
    announce::Announcer,
    error::Error,
    interfaces::Interfaces,
    keeper::{Job, Keeper, Outcome},
    log::{Level, Log},
    notify::Notifier,
    receive::{Accepted, Discard, Expected, Packet},
    settings::{self, Checksum, Settings},
    state::{Action, Cause, Heard, Input, Role, Transition, VirtualRouter},
    status::Status,
    time::Time,
    wire::Wire,
};
use crate::sys::{
    packet::FrameSender,
    poll::Poller,
    route::{Address, Route},
};

pub(crate) struct Instance<'s> {
    settings: &'s settings::Instance,
    /// Its place among the instances, and its token in the poller.
    token: u64,
    router: VirtualRouter,
    expected: Expected,
    /// The virtual addresses of all instances: none of them may be advertised from.
    all_virtual: Vec<IpAddr>,
    lease: Lease,
    attachment: Option<Attachment>,
    /// After a failure of the kernel: when to try again.
    retry_at: Option<Time>,
    remarks: Remarks,
    status: Status,
}

/// How far the addresses are set.
#[derive(Copy, Clone, Debug, Default)]
struct Lease {
    /// How often to renew, if at all.
    period: Option<Duration>,
    renew_at: Option<Time>,
    held: bool,
    /// Announcements that wait until the addresses are set.
    announce: u8,
}

/// The sockets, and what they were opened for.
struct Attachment {
    place: Place,
    wire: Wire,
    announcer: Announcer,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Place {
    index: u32,
    hardware: Option<[u8; 6]>,
    source: IpAddr,
}

/// What instances share.
pub(crate) struct Outside {
    pub(crate) keeper: Keeper,
    pub(crate) poller: Poller,
    pub(crate) log: Log,
    pub(crate) notifier: Notifier,
    /// Whether some status changed and is to be written.
    pub(crate) changed: bool,
}

impl Outside {
    /// Closing is not enough where a forked child may hold the descriptor as well.
    pub(crate) fn forget(&self, fd: impl AsFd) {
        let _ = self.poller.remove(fd);
    }
}

impl<'s> Instance<'s> {
    /// Checks that the interface exists and that the process has its capabilities, and removes
    /// addresses that were left behind. Gives the addresses that the instance is to set, too.
    pub(crate) fn open(
        settings: &'s Settings,
        position: usize,
        interfaces: &Interfaces,
        existing: &[Address],
        route: &mut Route,
    ) -> Result<(Self, Vec<Address>), Error> {
        let one = &settings.instances[position];
        let index = interfaces
            .get(&one.interface)
            .and_then(|interface| interface.index)
            .ok_or_else(|| Error::NoInterface {
                instance: one.name.clone(),
                interface: one.interface.clone(),
            })?;
        FrameSender::open(index).map_err(|source| {
            let attempt = format!("{}: opening a packet socket on {}", one.name, one.interface);
            Error::new(attempt, "CAP_NET_RAW", source)
        })?;
        let unknown = IpAddr::from([0, 0, 0, 0]);
        let addresses = address::settle(one, index, existing, route)?;
        let period = settings.address_lease().map(|lease| lease / 3);
        let instance = Self {
            settings: one,
            token: position as u64,
            router: VirtualRouter::new(one.policy(), unknown),
            expected: Expected {
                virtual_router_id: one.virtual_router_id,
                interval: one.advert_interval,
                addresses: one.addresses.iter().map(|one| one.address).collect(),
                source: unknown,
                peers: one.unicast.as_ref().map_or_else(Vec::new, |unicast| unicast.peers.clone()),
            },
            all_virtual: settings.virtual_addresses().collect(),
            lease: Lease { period, ..Lease::default() },
            attachment: None,
            retry_at: None,
            remarks: Remarks::default(),
            status: Status::new(one),
        };
        Ok((instance, addresses))
    }

    /// Its place among the instances.
    const fn position(&self) -> usize {
        self.token as usize
    }

    pub(crate) const fn status(&self) -> &Status {
        &self.status
    }

    /// When [`Self::wake`] must be called.
    pub(crate) fn deadline(&self) -> Option<Time> {
        let timers = [self.router.deadline(), self.lease.renew_at, self.retry_at];
        timers.into_iter().flatten().min()
    }

    pub(crate) fn descriptors(&self) -> impl Iterator<Item = RawFd> {
        self.attachment.iter().flat_map(|attachment| {
            let frames = attachment.announcer.sender().as_fd().as_raw_fd();
            [attachment.wire.socket.as_fd().as_raw_fd(), frames]
        })
    }

    /// Joins or leaves the election, as the proxy and the interfaces allow.
    pub(crate) fn reconsider(
        &mut self,
        proxy: Result<(), Cause>,
        interfaces: &Interfaces,
        now: Time,
        outside: &mut Outside,
    ) {
        let pausing = self.retry_at.is_some_and(|at| now < at);
        if !pausing {
            self.retry_at = None;
        }
        let able = match proxy.and_then(|()| self.place(interfaces)) {
            Ok(_) if pausing => return,
            Ok(place) => self.attach(place, now, outside).map(|()| place.source),
            Err(cause) => Err(cause),
        };
        match able {
            Ok(source) => self.give(Input::Startup { source }, now, outside),
            Err(cause) => self.give(Input::Shutdown(cause), now, outside),
        }
    }

    /// Whether [`Self::reconsider`] should be called because a pause after a failure is over.
    pub(crate) fn is_retry_due(&self, now: Time) -> bool {
        self.retry_at.is_some_and(|at| now >= at)
    }

    /// Handles what waits in the socket. Bounded, so that a flood cannot keep the timers waiting.
    pub(crate) fn receive(&mut self, buffer: &mut [u8], now: Time, outside: &mut Outside) {
        for _ in 0..MOST_PACKETS {
            let Some(attachment) = &mut self.attachment else { return };
            match attachment.wire.receive(buffer) {
                Ok(Some(packet)) => self.hear(&packet, now, outside),
                Ok(None) => return,
                // Such as ENETDOWN, which netlink tells as well.
                Err(error) => return self.remark(now, outside, format_args!("receiving: {error}")),
            }
        }
    }

    pub(crate) fn wake(&mut self, now: Time, outside: &mut Outside) {
        if self.router.deadline().is_some_and(|due| now >= due) {
            self.give(Input::Wake, now, outside);
        }
        if self.lease.renew_at.is_some_and(|due| now >= due) {
            self.take_addresses(now, outside);
        }
    }

    /// Hears from the keeper. A node that cannot set the addresses must not claim them: it leaves the
    /// election for a while.
    pub(crate) fn settled(&mut self, outcome: Outcome, now: Time, outside: &mut Outside) {
        let active = self.router.role() == Role::Active;
        match (outcome.job, outcome.result) {
            (Job::Hold, Ok(())) if active => {
                self.lease.held = true;
                let count = std::mem::take(&mut self.lease.announce);
                self.announce(count, outside);
            }
            (Job::Hold, Err((address, error))) if active => {
                let error = io::Error::from_raw_os_error(error);
                self.say(Level::Alert, outside, format_args!("setting {address}: {error}"));
                self.retry_at = Some(now + PAUSE);
                self.give(Input::Shutdown(Cause::AddressesNotSet), now, outside);
            }
            (Job::Release, Err((address, error))) => {
                let error = io::Error::from_raw_os_error(error);
                self.say(Level::Alert, outside, format_args!("removing {address}: {error}"));
            }
            _ => {}
        }
    }

    /// Somebody removed an address, or the kernel did because the lease had run out.
    pub(crate) fn lost(&mut self, address: &Address, now: Time, outside: &mut Outside) {
        if self.lease.held && outside.keeper.has(self.position(), address) {
            let shown = address.address;
            self.say(Level::Warning, outside, format_args!("{shown} was removed: set again"));
            self.lease.held = false;
            self.take_addresses(now, outside);
            self.announce(1, outside);
        }
    }

    pub(crate) fn shut_down(&mut self, cause: Cause, now: Time, outside: &mut Outside) {
        self.give(Input::Shutdown(cause), now, outside);
    }

    fn place(&self, interfaces: &Interfaces) -> Result<Place, Cause> {
        let find = |name: &str| interfaces.get(name).filter(|interface| interface.running);
        let interface = find(&self.settings.interface).ok_or(Cause::InterfaceDown)?;
        let index = interface.index.ok_or(Cause::InterfaceDown)?;
        if self.settings.track_interfaces.iter().any(|name| find(name).is_none()) {
            return Err(Cause::TrackedInterfaceDown);
        }
        let source = match &self.settings.unicast {
            Some(unicast) => Some(unicast.source).filter(|source| interface.has(*source)),
            None => interface.primary(self.settings.is_ipv4(), |one| {
                !self.settings.is_owner() && self.all_virtual.contains(&one)
            }),
        };
        let source = source.ok_or(Cause::NoAddress)?;
        Ok(Place { index, hardware: interface.hardware, source })
    }

    /// Opens the sockets, unless they are open for this very place.
    fn attach(&mut self, place: Place, now: Time, outside: &mut Outside) -> Result<(), Cause> {
        if self.attachment.as_ref().is_some_and(|attachment| attachment.place == place) {
            return Ok(());
        }
        match self.open_sockets(place, &outside.poller) {
            Ok(attachment) => {
                if let Some(old) = self.attachment.replace(attachment) {
                    outside.forget(&old.wire.socket);
                }
                self.expected.source = place.source;
                outside.keeper.move_to(self.position(), place.index);
                Ok(())
            }
            Err(error) => {
                self.say(Level::Alert, outside, format_args!("opening the sockets: {error}"));
                self.retry_at = Some(now + PAUSE);
                Err(Cause::SocketsNotOpen)
            }
        }
    }

    fn open_sockets(&self, place: Place, poller: &Poller) -> io::Result<Attachment> {
        let wire = Wire::open(self.settings, place.index, place.source)?;
        let addresses = self.settings.addresses.iter().map(|one| one.address);
        let announcer = Announcer::open(place.index, place.hardware, addresses)?;
        poller.add(&wire.socket, self.token)?;
        Ok(Attachment { place, wire, announcer })
    }

    fn hear(&mut self, packet: &Packet<'_>, now: Time, outside: &mut Outside) {
        let outcome = self.expected.check(packet);
        self.status.received.count(&outcome);
        match outcome {
            Ok(accepted) => self.heed(accepted, now, outside),
            Err(why) => self.remark_discard(why, packet.source, now, outside),
        }
    }

    fn heed(&mut self, accepted: Accepted, now: Time, outside: &mut Outside) {
        let Accepted { source, priority, interval, coverage, oddity } = accepted;
        if let Some(oddity) = oddity {
            self.remark(now, outside, format_args!("advertisement of {source}: {oddity}"));
        } else if self.settings.is_owner() {
            let remark = format_args!("{source} advertises addresses that this node owns");
            self.remark(now, outside, remark);
        }
        if self.settings.checksum == Checksum::FollowPeer
            && let Some(attachment) = &mut self.attachment
        {
            attachment.wire.cover(coverage);
        }
        self.give(Input::Heard(Heard { source, priority, interval }), now, outside);
    }

    fn give(&mut self, input: Input, now: Time, outside: &mut Outside) {
        for action in self.router.on(input, now) {
            match action {
                Action::Advertise { priority } => self.advertise(priority),
                Action::TakeAddresses => self.take_addresses(now, outside),
                Action::ReleaseAddresses => self.release_addresses(outside),
                Action::Announce { count } => self.announce(count, outside),
                Action::Moved(moved) => self.tell(&moved, outside),
            }
        }
    }

    fn advertise(&mut self, priority: u8) {
        let Some(attachment) = &mut self.attachment else { return };
        match attachment.wire.advertise(priority) {
            Ok(()) => self.status.sent += 1,
            Err(_) => self.status.send_errors += 1,
        }
    }

    fn take_addresses(&mut self, now: Time, outside: &Outside) {
        self.lease.renew_at = self.lease.period.map(|period| now + period);
        outside.keeper.ask(self.position(), Job::Hold);
    }

    fn release_addresses(&mut self, outside: &Outside) {
        self.lease = Lease { period: self.lease.period, ..Lease::default() };
        outside.keeper.ask(self.position(), Job::Release);
    }

    /// Waits for the addresses: whoever hears an announcement sends at once.
    fn announce(&mut self, count: u8, outside: &Outside) {
        let Some(attachment) = &self.attachment else { return };
        if !self.lease.held {
            self.lease.announce = self.lease.announce.max(count);
            return;
        }
        if let Err(error) = attachment.announcer.announce(count) {
            self.say(Level::Warning, outside, format_args!("announcing the addresses: {error}"));
        }
    }

    fn tell(&mut self, moved: &Transition, outside: &mut Outside) {
        let Transition { from, to, reason } = moved;
        self.say(Level::Notice, outside, format_args!("{from} -> {to} ({reason})"));
        self.status.note(moved);
        outside.notifier.tell(&self.settings.name, moved);
        outside.changed = true;
    }

    fn remark_discard(&mut self, why: Discard, source: IpAddr, now: Time, outside: &Outside) {
        if !why.is_ordinary() {
            self.remark(now, outside, format_args!("packet of {source} discarded: {why}"));
        }
    }

    /// Says something that the network can cause at will.
    fn remark(&mut self, now: Time, outside: &Outside, line: std::fmt::Arguments<'_>) {
        if let Some(missed) = self.remarks.admit(now) {
            let more = if missed > 0 { format!(" ({missed} more remarks)") } else { String::new() };
            self.say(Level::Warning, outside, format_args!("{line}{more}"));
        }
    }

    fn say(&self, level: Level, outside: &Outside, line: std::fmt::Arguments<'_>) {
        let settings::Instance { name, virtual_router_id, interface, .. } = self.settings;
        let line = format_args!("{name} vrid {virtual_router_id} on {interface}: {line}");
        (outside.log)(level, line);
    }
}

/// Lets one remark through every ten seconds, and counts the others.
#[derive(Debug, Default)]
struct Remarks {
    next: Time,
    missed: u64,
}

impl Remarks {
    /// `None` to keep quiet, or how many were kept quiet since the last.
    fn admit(&mut self, now: Time) -> Option<u64> {
        if now < self.next {
            self.missed += 1;
            return None;
        }
        self.next = now + Duration::from_secs(10);
        Some(std::mem::take(&mut self.missed))
    }
}

const PAUSE: Duration = Duration::from_secs(1);
const MOST_PACKETS: usize = 512;
