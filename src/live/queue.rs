//! Queues of requests that wait for a connection slot.
//!
//! A freed slot is handed to the first who waits, never put back for anyone to grab: no request
//! is served twice and no slot leaks, because whoever gives up while the slot is on its way to
//! him finds it in his ticket and passes it on.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// First come, first served.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: Mutex<VecDeque<Arc<Ticket>>>,
    length: AtomicUsize,
    longest: AtomicU64,
}

/// One request's place in a queue.
#[derive(Debug, Default)]
pub struct Ticket {
    place: Mutex<Place>,
}

/// What became of a ticket.
#[derive(Debug, Default)]
pub enum Place {
    #[default]
    New,
    Waiting(Waker),
    /// A slot of the server with this index was handed over.
    Served(usize),
    /// The owner gave up.
    Abandoned,
}

impl Queue {
    /// Joins the end. Returns the ticket and how many were ahead.
    pub fn join(&self) -> (Arc<Ticket>, usize) {
        let ticket = Arc::new(Ticket::default());
        let mut waiting = lock(&self.waiting);
        let ahead = waiting.len();
        waiting.push_back(Arc::clone(&ticket));
        self.length.store(waiting.len(), Relaxed);
        self.longest.fetch_max(waiting.len() as u64, Relaxed);
        (ticket, ahead)
    }

    /// Hands a slot of `server` to the first who still waits. False when nobody does.
    pub fn serve(&self, server: usize) -> bool {
        if self.length.load(Relaxed) == 0 {
            return false;
        }
        let mut waiting = lock(&self.waiting);
        let mut served = false;
        while let Some(ticket) = waiting.pop_front() {
            if ticket.hand_over(server) {
                served = true;
                break;
            }
        }
        self.length.store(waiting.len(), Relaxed);
        served
    }

    /// Takes a ticket out of the queue. If a slot was handed over meanwhile, its server is
    /// returned and the caller must use the slot or pass it on.
    pub fn leave(&self, ticket: &Arc<Ticket>) -> Option<usize> {
        let mut waiting = lock(&self.waiting);
        waiting.retain(|other| !Arc::ptr_eq(other, ticket));
        self.length.store(waiting.len(), Relaxed);
        drop(waiting);
        match std::mem::replace(&mut *lock(&ticket.place), Place::Abandoned) {
            Place::Served(server) => Some(server),
            _ => None,
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.length.load(Relaxed)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The longest it has been (`qmax`).
    #[must_use]
    pub fn longest(&self) -> u64 {
        self.longest.load(Relaxed)
    }

    pub fn reset_longest(&self) {
        self.longest.store(self.len() as u64, Relaxed);
    }
}

impl Ticket {
    /// Ready with the server whose slot was handed over.
    pub fn poll(&self, cx: &mut Context<'_>) -> Poll<usize> {
        let mut place = lock(&self.place);
        if let Place::Served(server) = *place {
            return Poll::Ready(server);
        }
        *place = Place::Waiting(cx.waker().clone());
        Poll::Pending
    }

    fn hand_over(&self, server: usize) -> bool {
        let mut place = lock(&self.place);
        match std::mem::replace(&mut *place, Place::Served(server)) {
            Place::Waiting(waker) => waker.wake(),
            Place::New => {}
            gone @ (Place::Abandoned | Place::Served(_)) => {
                *place = gone;
                return false;
            }
        }
        true
    }
}

/// A poisoned lock still guards sound data here: no step leaves it half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_go_to_tickets_in_order_and_skip_those_who_left() {
        let queue = Queue::default();
        let (first, _) = queue.join();
        let (second, ahead) = queue.join();
        assert_eq!(ahead, 1);
        assert_eq!(queue.leave(&first), None);
        assert!(queue.serve(7));
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(second.poll(&mut cx), Poll::Ready(7));
        assert!(!queue.serve(8), "nobody waits");
    }

    #[test]
    fn a_slot_handed_to_one_who_gives_up_is_found_by_him() {
        let queue = Queue::default();
        let (ticket, _) = queue.join();
        assert!(queue.serve(3));
        assert_eq!(queue.leave(&ticket), Some(3));
        assert_eq!(queue.longest(), 1);
    }
}
