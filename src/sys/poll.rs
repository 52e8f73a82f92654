//! Waiting for descriptors or for a point in time. epoll rather than poll, because the set lives in
//! the kernel and a wait allocates nothing; a timerfd rather than a timeout, because a timeout is in
//! whole milliseconds and stands still while the machine is suspended.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, RawFd},
    time::Duration,
};

use nix::{
    errno::Errno,
    sys::{
        epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout},
        time::TimeSpec,
        timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags},
    },
};

pub(crate) struct Poller {
    epoll: Epoll,
    timer: TimerFd,
}

impl Poller {
    pub(crate) fn new() -> io::Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        let flags = TimerFlags::TFD_CLOEXEC | TimerFlags::TFD_NONBLOCK;
        let timer = TimerFd::new(ClockId::CLOCK_BOOTTIME, flags)?;
        epoll.add(&timer, EpollEvent::new(EpollFlags::EPOLLIN, TIMER))?;
        Ok(Self { epoll, timer })
    }

    /// Reports `token` while `fd` is readable or hung up. Closing the descriptor removes it.
    pub(crate) fn add(&self, fd: impl AsFd, token: u64) -> io::Result<()> {
        Ok(self.epoll.add(fd, EpollEvent::new(EpollFlags::EPOLLIN, token))?)
    }

    pub(crate) fn remove(&self, fd: impl AsFd) -> io::Result<()> {
        Ok(self.epoll.delete(fd)?)
    }

    /// Waits until a descriptor is ready or the clock of [`super::clock`] reaches `deadline`, and
    /// gives the tokens of the ready ones.
    pub(crate) fn wait(&self, deadline: Option<Duration>) -> io::Result<Ready> {
        self.arm(deadline)?;
        let mut ready = Ready { events: [EpollEvent::empty(); MOST_EVENTS], next: 0, count: 0 };
        ready.count = match self.epoll.wait(&mut ready.events, EpollTimeout::NONE) {
            Ok(count) => count,
            Err(Errno::EINTR) => 0,
            Err(error) => return Err(error.into()),
        };
        Ok(ready)
    }

    /// Setting the timer also clears an expiration that was not read.
    fn arm(&self, deadline: Option<Duration>) -> io::Result<()> {
        let Some(deadline) = deadline else { return Ok(self.timer.unset()?) };
        // Zero would disarm it.
        let at = TimeSpec::from_duration(deadline.max(Duration::from_nanos(1)));
        Ok(self.timer.set(Expiration::OneShot(at), TimerSetTimeFlags::TFD_TIMER_ABSTIME)?)
    }

    pub(crate) fn descriptors(&self) -> [RawFd; 2] {
        [self.epoll.0.as_raw_fd(), self.timer.as_fd().as_raw_fd()]
    }
}

/// The tokens of ready descriptors.
pub(crate) struct Ready {
    events: [EpollEvent; MOST_EVENTS],
    next: usize,
    count: usize,
}

impl Iterator for Ready {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        while self.next < self.count {
            let token = self.events[self.next].data();
            self.next += 1;
            if token != TIMER {
                return Some(token);
            }
        }
        None
    }
}

const TIMER: u64 = u64::MAX;
const MOST_EVENTS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::clock;

    #[test]
    fn waits_until_the_deadline_and_not_longer_than_needed() {
        let poller = Poller::new().unwrap();
        let deadline = clock::since_boot() + Duration::from_millis(20);
        assert_eq!(poller.wait(Some(deadline)).unwrap().count(), 0);
        assert!(clock::since_boot() >= deadline);
    }

    #[test]
    fn reports_the_token_of_a_readable_descriptor() {
        let poller = Poller::new().unwrap();
        let (reader, writer) = nix::unistd::pipe().unwrap();
        poller.add(&reader, 7).unwrap();
        nix::unistd::write(&writer, b"x").unwrap();
        let deadline = clock::since_boot() + Duration::from_secs(5);
        assert_eq!(poller.wait(Some(deadline)).unwrap().collect::<Vec<_>>(), [7]);
    }
}
