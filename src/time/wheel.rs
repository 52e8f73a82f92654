//! A hierarchical timer wheel, one per worker, with lazy deadlines.
//!
//! A session owns one [`Timer`] for its whole life. Moving a deadline later only writes a number:
//! the entry stays where it is in the wheel and is put further back when its slot comes up. A
//! session that is busy therefore touches the wheel once per timeout, not once per read.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::clock::{Clock, monotonic_ms};

/// The wheel: six levels of 64 slots, one millisecond each at the lowest (two years at the top).
#[derive(Debug)]
pub struct Wheel {
    inner: RefCell<Inner>,
}

impl Wheel {
    #[must_use]
    pub fn new(now_ms: u64) -> Rc<Self> {
        Rc::new(Self {
            inner: RefCell::new(Inner {
                now: now_ms,
                levels: std::array::from_fn(|_| Level { heads: [NONE; SLOTS], occupied: 0 }),
                entries: Vec::new(),
                free: NONE,
                driver: None,
                promised: u64::MAX,
            }),
        })
    }

    /// A timer that is not armed.
    #[must_use]
    pub fn timer(self: &Rc<Self>) -> Timer {
        Timer { key: self.inner.borrow_mut().allocate(), wheel: Rc::clone(self) }
    }

    /// Fires what is due at `now_ms` and returns when to look again, in milliseconds of the clock.
    pub fn advance(&self, now_ms: u64) -> Option<u64> {
        let mut inner = self.inner.borrow_mut();
        inner.advance(now_ms);
        let next = inner.next_expiry();
        inner.promised = next.unwrap_or(u64::MAX);
        next
    }

    /// Wakes every task that waits with a timer, so that it looks at what else has changed.
    pub fn wake_all(&self) {
        for entry in &mut self.inner.borrow_mut().entries {
            if let Some(waker) = entry.waker.take() {
                waker.wake();
            }
        }
    }

    /// Drives the wheel for ever: sleeps until the next slot that holds something.
    pub async fn drive(self: Rc<Self>, clock: Rc<Clock>) {
        loop {
            clock.refresh();
            let next = self.advance(clock.ms());
            let sleep = next.map(|at| {
                let wait = at.saturating_sub(monotonic_ms()).max(1);
                tokio::time::sleep(std::time::Duration::from_millis(wait))
            });
            self.sleep_or_earlier(sleep).await;
        }
    }

    /// Waits for `sleep`, or until a timer is set before what was promised.
    async fn sleep_or_earlier(&self, sleep: Option<tokio::time::Sleep>) {
        let promised = self.inner.borrow().promised;
        let mut sleep = std::pin::pin!(sleep);
        poll_fn(|cx| {
            let mut inner = self.inner.borrow_mut();
            if inner.promised < promised {
                return Poll::Ready(());
            }
            inner.driver = Some(cx.waker().clone());
            drop(inner);
            sleep.as_mut().as_pin_mut().map_or(Poll::Pending, |sleep| sleep.poll(cx))
        })
        .await;
    }
}

/// A deadline of one task. Dropping it takes it out of the wheel.
#[derive(Debug)]
pub struct Timer {
    wheel: Rc<Wheel>,
    key: u32,
}

impl Timer {
    /// Sets the deadline, in milliseconds of the worker's clock; `u64::MAX` is "never".
    #[inline]
    pub fn set(&self, deadline_ms: u64) {
        let mut inner = self.wheel.inner.borrow_mut();
        let entry = &mut inner.entries[self.key as usize];
        entry.deadline = deadline_ms;
        if deadline_ms < entry.placed {
            inner.replace(self.key, deadline_ms);
        }
    }

    /// True when the deadline has passed; otherwise the task is woken when it does.
    #[inline]
    pub fn poll_expired(&self, cx: &mut Context<'_>) -> bool {
        let mut inner = self.wheel.inner.borrow_mut();
        let now = inner.now;
        let entry = &mut inner.entries[self.key as usize];
        if entry.deadline <= now {
            return true;
        }
        match &entry.waker {
            Some(waker) if waker.will_wake(cx.waker()) => {}
            _ => entry.waker = Some(cx.waker().clone()),
        }
        false
    }

    /// Runs `poll` until it is ready or `deadline_ms` passes.
    ///
    /// # Errors
    /// [`Elapsed`] when the deadline came first.
    pub async fn bound<T>(
        &self,
        deadline_ms: u64,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Result<T, Elapsed> {
        self.set(deadline_ms);
        poll_fn(|cx| match poll(cx) {
            Poll::Ready(value) => Poll::Ready(Ok(value)),
            Poll::Pending if self.poll_expired(cx) => Poll::Ready(Err(Elapsed)),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Waits until `deadline_ms`.
    pub async fn sleep_until(&self, deadline_ms: u64) {
        let _ = self.bound(deadline_ms, |_| Poll::<()>::Pending).await;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let mut inner = self.wheel.inner.borrow_mut();
        inner.unlink(self.key);
        inner.release(self.key);
    }
}

/// A deadline passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

#[derive(Debug)]
struct Inner {
    now: u64,
    levels: [Level; LEVELS],
    entries: Vec<Entry>,
    free: u32,
    driver: Option<Waker>,
    /// When the driver will look next.
    promised: u64,
}

#[derive(Debug)]
struct Level {
    heads: [u32; SLOTS],
    occupied: u64,
}

#[derive(Debug)]
struct Entry {
    /// What the owner wants.
    deadline: u64,
    /// When the wheel will look at this entry; `u64::MAX` when it is in no slot.
    placed: u64,
    previous: u32,
    next: u32,
    slot: u16,
    waker: Option<Waker>,
}

impl Inner {
    fn allocate(&mut self) -> u32 {
        let fresh = Entry {
            deadline: u64::MAX,
            placed: u64::MAX,
            previous: NONE,
            next: NONE,
            slot: 0,
            waker: None,
        };
        if self.free == NONE {
            self.entries.push(fresh);
            return (self.entries.len() - 1) as u32;
        }
        let key = self.free;
        self.free = self.entries[key as usize].next;
        self.entries[key as usize] = fresh;
        key
    }

    fn release(&mut self, key: u32) {
        let free = self.free;
        let entry = &mut self.entries[key as usize];
        entry.waker = None;
        entry.next = free;
        self.free = key;
    }

    fn replace(&mut self, key: u32, at: u64) {
        self.unlink(key);
        self.link(key, at);
        if at < self.promised {
            self.promised = at;
            if let Some(driver) = self.driver.take() {
                driver.wake();
            }
        }
    }

    fn link(&mut self, key: u32, at: u64) {
        // A deadline in the past is looked at in the next turn; one beyond the top level is
        // looked at when the top level comes round, and put back.
        let at = at.clamp(self.now + 1, self.now + HORIZON);
        let level = level_of(self.now, at);
        let slot = (at >> (level * BITS)) as usize % SLOTS;
        let head = self.levels[level].heads[slot];
        let entry = &mut self.entries[key as usize];
        entry.placed = at;
        entry.previous = NONE;
        entry.next = head;
        entry.slot = (level * SLOTS + slot) as u16;
        if head != NONE {
            self.entries[head as usize].previous = key;
        }
        self.levels[level].heads[slot] = key;
        self.levels[level].occupied |= 1 << slot;
    }

    fn unlink(&mut self, key: u32) {
        let entry = &mut self.entries[key as usize];
        if entry.placed == u64::MAX {
            return;
        }
        entry.placed = u64::MAX;
        let (previous, next, slot) = (entry.previous, entry.next, usize::from(entry.slot));
        if next != NONE {
            self.entries[next as usize].previous = previous;
        }
        if previous != NONE {
            self.entries[previous as usize].next = next;
            return;
        }
        let level = &mut self.levels[slot / SLOTS];
        level.heads[slot % SLOTS] = next;
        if next == NONE {
            level.occupied &= !(1 << (slot % SLOTS));
        }
    }

    fn advance(&mut self, now: u64) {
        while let Some((level, at)) = self.next_slot() {
            if at > now {
                break;
            }
            self.now = self.now.max(at);
            self.empty_slot(level, (at >> (level * BITS)) as usize % SLOTS, now);
        }
        self.now = self.now.max(now);
    }

    fn empty_slot(&mut self, level: usize, slot: usize, now: u64) {
        let mut key = std::mem::replace(&mut self.levels[level].heads[slot], NONE);
        self.levels[level].occupied &= !(1 << slot);
        while key != NONE {
            let entry = &mut self.entries[key as usize];
            let next = entry.next;
            entry.placed = u64::MAX;
            let deadline = entry.deadline;
            if deadline <= now {
                if let Some(waker) = entry.waker.take() {
                    waker.wake();
                }
            } else if deadline != u64::MAX {
                self.link(key, deadline);
            }
            key = next;
        }
    }

    fn next_expiry(&self) -> Option<u64> {
        self.next_slot().map(|(_, at)| at)
    }

    /// The lowest occupied slot after now: its level and the moment it begins.
    fn next_slot(&self) -> Option<(usize, u64)> {
        let mut best: Option<(usize, u64)> = None;
        for (level, slots) in self.levels.iter().enumerate() {
            if slots.occupied == 0 {
                continue;
            }
            let shift = level * BITS;
            let here = (self.now >> shift) % SLOTS as u64;
            let ahead = u64::from(slots.occupied.rotate_right(here as u32).trailing_zeros());
            // A slot behind the hand belongs to the next turn of this level.
            let turn = if ahead == 0 && level > 0 { SLOTS as u64 } else { ahead };
            let at = ((self.now >> shift) + turn) << shift;
            if best.is_none_or(|(_, earliest)| at < earliest) {
                best = Some((level, at));
            }
        }
        best
    }
}

/// The level at which `now` and `at` differ.
fn level_of(now: u64, at: u64) -> usize {
    let differing = 63 - ((now ^ at) | (SLOTS as u64 - 1)).leading_zeros() as usize;
    (differing / BITS).min(LEVELS - 1)
}

const NONE: u32 = u32::MAX;
const BITS: usize = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 6;
/// Half the top level's span: an entry never wraps onto the hand's own slot.
const HORIZON: u64 = 1 << (BITS * LEVELS - 1);

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::task::Wake;

    use super::*;

    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    fn armed(wheel: &Rc<Wheel>, deadline: u64) -> (Timer, Arc<Count>) {
        let count = Arc::new(Count(AtomicUsize::new(0)));
        let timer = wheel.timer();
        timer.set(deadline);
        let waker = Waker::from(Arc::clone(&count));
        assert!(!timer.poll_expired(&mut Context::from_waker(&waker)));
        (timer, count)
    }

    #[test]
    fn every_deadline_fires_in_its_millisecond_and_not_before() {
        for start in [0, 63, 64, 4_095, 1_000_003] {
            for delay in [1, 2, 63, 64, 65, 127, 4_095, 4_096, 10_000, 300_000, 20_000_000] {
                let wheel = Wheel::new(start);
                let (_timer, count) = armed(&wheel, start + delay);
                // Visit every moment the wheel asks for, up to just before.
                let mut next = wheel.advance(start);
                while let Some(at) = next.filter(|at| *at < start + delay) {
                    next = wheel.advance(at);
                    assert_eq!(count.0.load(Relaxed), 0, "start {start} delay {delay}");
                }
                assert_eq!(next, Some(start + delay), "start {start} delay {delay}");
                wheel.advance(start + delay);
                assert_eq!(count.0.load(Relaxed), 1, "start {start} delay {delay}");
            }
        }
    }

    #[test]
    fn a_deadline_moved_later_is_silent_until_then_and_one_moved_earlier_is_not_late() {
        let wheel = Wheel::new(0);
        let (later, late) = armed(&wheel, 50);
        later.set(500);
        let (earlier, early) = armed(&wheel, 5_000);
        earlier.set(70);
        wheel.advance(100);
        assert_eq!((late.0.load(Relaxed), early.0.load(Relaxed)), (0, 1));
        wheel.advance(500);
        assert_eq!(late.0.load(Relaxed), 1);
    }

    #[test]
    fn a_long_pause_fires_everything_that_was_due() {
        let wheel = Wheel::new(10);
        let timers: Vec<_> = (0..200).map(|n| armed(&wheel, 11 + n * n * 7)).collect();
        wheel.advance(1_000_000);
        assert!(timers.iter().all(|(_, count)| count.0.load(Relaxed) == 1));
        assert_eq!(wheel.advance(1_000_001), None);
    }

    #[test]
    fn dropped_timers_leave_nothing_behind() {
        let wheel = Wheel::new(0);
        let timers: Vec<_> = (1..100).map(|n| armed(&wheel, n)).collect();
        drop(timers);
        assert_eq!(wheel.advance(0), None);
        let _reused = wheel.timer();
        assert_eq!(wheel.inner.borrow().entries.len(), 99);
    }
}
