//! The thread that sets and removes addresses. Apart from the loop because the kernel makes such a
//! change wait for the lock of all network configuration, which somebody else's containers can hold
//! for hundreds of milliseconds: the loop must go on advertising meanwhile. It only does what the
//! loop asks for, so that a loop that hangs stops renewing as well.
//!
//! The thread neither allocates nor prints, so that the process can still be forked.

use std::{
    io,
    net::IpAddr,
    os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::sys::{
    realtime,
    route::{Address, Route},
};

pub(crate) struct Keeper {
    shared: Arc<Shared>,
    descriptors: [RawFd; 3],
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// Set the addresses, or renew their lease.
    Hold,
    Release,
}

/// How a job ended: for a failure, the first address and the kernel's error number.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) job: Job,
    pub(crate) result: Result<(), (IpAddr, i32)>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    done: EventFd,
}

struct State {
    slots: Vec<Slot>,
    finish: Finish,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Finish {
    No,
    Asked,
    Done,
}

/// The addresses of one instance.
struct Slot {
    addresses: Arc<[Address]>,
    /// The latest wish; an earlier one that was not begun is dropped.
    pending: Option<Job>,
    outcome: Option<Outcome>,
}

impl Keeper {
    /// One slot for each item of `addresses`; with a `lease` the kernel removes what is not renewed.
    pub(crate) fn start(
        addresses: impl Iterator<Item = Vec<Address>>,
        lease: Option<Duration>,
        realtime: Option<u8>,
    ) -> io::Result<Self> {
        let slot = |one: Vec<Address>| Slot { addresses: one.into(), pending: None, outcome: None };
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        let shared = Arc::new(Shared {
            state: Mutex::new(State { slots: addresses.map(slot).collect(), finish: Finish::No }),
            changed: Condvar::new(),
            done: EventFd::from_flags(flags)?,
        });
        let route = Route::open()?;
        let [events, requests] = route.descriptors();
        let descriptors = [events, requests, shared.done.as_fd().as_raw_fd()];
        let theirs = Arc::clone(&shared);
        thread::Builder::new().name("addresses".to_owned()).spawn(move || {
            // The loop reports when this is not permitted.
            let _ = realtime.map(realtime::round_robin);
            theirs.work(route, lease);
        })?;
        Ok(Self { shared, descriptors })
    }

    pub(crate) fn ask(&self, slot: usize, job: Job) {
        self.shared.change(|state| {
            if let Some(slot) = state.slots.get_mut(slot) {
                slot.pending = Some(job);
                slot.outcome = None;
            }
        });
    }

    /// The interface of the slot's addresses came back with another index.
    pub(crate) fn move_to(&self, slot: usize, interface_index: u32) {
        self.shared.change(|state| {
            let Some(slot) = state.slots.get_mut(slot) else { return };
            if slot.addresses.iter().any(|one| one.interface_index != interface_index) {
                let moved = |one: &Address| Address { interface_index, ..*one };
                slot.addresses = slot.addresses.iter().map(moved).collect();
            }
        });
    }

    pub(crate) fn has(&self, slot: usize, address: &Address) -> bool {
        let state = self.shared.lock();
        state.slots.get(slot).is_some_and(|slot| {
            slot.addresses.iter().any(|one| {
                (one.address, one.interface_index) == (address.address, address.interface_index)
            })
        })
    }

    /// How the slot's latest job ended, once.
    pub(crate) fn outcome(&self, slot: usize) -> Option<Outcome> {
        self.shared.lock().slots.get_mut(slot)?.outcome.take()
    }

    /// The descriptor that is readable when there are outcomes, until [`Self::acknowledge`].
    pub(crate) fn watch(&self) -> BorrowedFd<'_> {
        self.shared.done.as_fd()
    }

    pub(crate) fn acknowledge(&self) {
        let _ = self.shared.done.read();
    }

    /// Waits until everything that was asked for is done, for a bounded time.
    pub(crate) fn finish(&self, most: Duration) {
        self.shared.change(|state| state.finish = Finish::Asked);
        let state = self.shared.lock();
        let _ = self
            .shared
            .changed
            .wait_timeout_while(state, most, |state| state.finish != Finish::Done);
    }

    pub(crate) const fn descriptors(&self) -> [RawFd; 3] {
        self.descriptors
    }
}

impl Shared {
    fn work(&self, mut route: Route, lease: Option<Duration>) {
        let mut state = self.lock();
        loop {
            if let Some((slot, job, addresses)) = state.next_job() {
                drop(state);
                let result = apply(job, &addresses, lease, &mut route);
                state = self.lock();
                if state.slots[slot].tell(Outcome { job, result }) {
                    let _ = self.done.write(1);
                }
            } else if state.finish == Finish::Asked {
                state.finish = Finish::Done;
                self.changed.notify_all();
                return;
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Whether the outcome still matters: not when something else has been asked for since.
    const fn tell(&mut self, outcome: Outcome) -> bool {
        if self.pending.is_none() {
            self.outcome = Some(outcome);
        }
        self.pending.is_none()
    }
}

impl State {
    fn next_job(&mut self) -> Option<(usize, Job, Arc<[Address]>)> {
        self.slots.iter_mut().enumerate().find_map(|(index, slot)| {
            Some((index, slot.pending.take()?, Arc::clone(&slot.addresses)))
        })
    }
}

/// Tries all addresses even if one fails.
fn apply(
    job: Job,
    addresses: &[Address],
    lease: Option<Duration>,
    route: &mut Route,
) -> Result<(), (IpAddr, i32)> {
    let mut result = Ok(());
    for one in addresses {
        let changed = match job {
            Job::Hold => route.set_address(one, lease),
            Job::Release => route.remove_address(one),
        };
        if let Err(error) = changed {
            result = result.and(Err((one.address, error.raw_os_error().unwrap_or(libc::EIO))));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_with_its_address_and_finish_waits_for_it() {
        let address = Address {
            interface_index: 0x7fff_fff0,
            address: IpAddr::from([192, 0, 2, 1]),
            prefix: 32,
            marked: true,
            tentative: false,
        };
        let keeper = Keeper::start([vec![address]].into_iter(), None, None).unwrap();
        assert!(keeper.has(0, &address));
        keeper.ask(0, Job::Hold);
        keeper.finish(Duration::from_secs(5));
        let outcome = keeper.outcome(0).unwrap();
        assert_eq!(outcome.job, Job::Hold);
        let (failed, error) = outcome.result.unwrap_err();
        assert_eq!(failed, address.address);
        assert!(matches!(error, libc::ENODEV | libc::EPERM), "{error}");
        assert!(keeper.outcome(0).is_none(), "told once");
    }
}
