//! What all sessions of one worker share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::connect::Pool;
use crate::exchange::{Connection, Message, Names, Outcome, Sides, Stream, Times, Vars};
use crate::live;
use crate::log::Sender;
use crate::proxy::{Frontend, Mode, Plan};
use crate::table::Counters;
use crate::time::{Clock, Wheel};

/// One thread's context. It never leaves its thread.
#[derive(Debug)]
pub struct Worker {
    pub number: usize,
    /// How many workers there are.
    pub workers: usize,
    pub plan: Arc<Plan>,
    pub process: Arc<live::Process>,
    pub clock: Rc<Clock>,
    pub wheel: Rc<Wheel>,
    pub pool: Pool,
    pub log: Rc<Sender>,
    /// A soft stop began: no connection is kept after its current request.
    pub stopping: Cell<bool>,
    /// Wakes whoever waits for a connection to end.
    pub ended: Notify,
    scratch: RefCell<Vec<Vec<u8>>>,
    messages: RefCell<Vec<Message>>,
    streams: Cell<u64>,
}

impl Worker {
    #[must_use]
    pub fn new(
        number: usize,
        workers: usize,
        plan: Arc<Plan>,
        process: Arc<live::Process>,
        clock: Rc<Clock>,
        log: Rc<Sender>,
    ) -> Rc<Self> {
        let wheel = Wheel::new(clock.ms());
        Rc::new(Self {
            number,
            workers,
            pool: Pool::new(&plan),
            plan,
            process,
            clock,
            wheel,
            log,
            stopping: Cell::new(false),
            ended: Notify::new(),
            scratch: RefCell::default(),
            messages: RefCell::default(),
            streams: Cell::new(0),
        })
    }

    /// This worker's share of the process's counters.
    #[inline]
    pub(crate) fn share(&self) -> &live::Share {
        self.process.shares.at(self.number)
    }

    /// When a timeout that begins now passes; `None` never does.
    #[inline]
    pub(crate) fn deadline(&self, timeout_ms: Option<u64>) -> u64 {
        timeout_ms.map_or(u64::MAX, |timeout| self.clock.ms().saturating_add(timeout))
    }

    /// A stream for a request on `connection`.
    pub(crate) fn stream<'p>(
        &self,
        connection: &'p Connection,
        frontend: &'p Frontend,
        began_us: u64,
    ) -> Stream<'p> {
        let mut messages = self.messages.borrow_mut();
        let mut message = || messages.pop().unwrap_or_else(Message::empty);
        self.share().streams_current.add(1);
        Stream {
            connection,
            request: message(),
            response: message(),
            vars: Vars::default(),
            times: Times { began: began_us, ..Times::default() },
            outcome: Outcome::default(),
            first: false,
            tracked: Counters::default(),
            timeouts: crate::exchange::Timeouts::default(),
            inspection: crate::exchange::Inspection::default(),
            sides: Sides { frontend: Some(&frontend.live), ..Sides::default() },
            names: Names {
                frontend: &frontend.name,
                frontend_id: frontend.id,
                http: frontend.mode == Mode::Http,
                ..Names::default()
            },
            request_captures: Vec::new(),
            response_captures: Vec::new(),
            id: 0,
            wall_began_us: self.clock.wall_us_at(began_us),
        }
    }

    /// The number of a stream in the process.
    pub(crate) fn next_stream_id(&self) -> u64 {
        let id = self.streams.get();
        self.streams.set(id + 1);
        id * self.workers as u64 + self.number as u64
    }

    /// Takes a stream's memory back.
    pub(crate) fn recycle(&self, stream: Stream<'_>) {
        self.share().streams_current.subtract(1);
        if stream.outcome.request_line.capacity() > 0 {
            self.give_back(stream.outcome.request_line);
        }
        let mut messages = self.messages.borrow_mut();
        for mut message in [stream.request, stream.response] {
            if messages.len() < KEPT {
                message.reset(crate::exchange::Buffer::none());
                messages.push(message);
            }
        }
    }

    /// An empty text to write a head or a log line into.
    pub(crate) fn scratch(&self) -> Vec<u8> {
        self.scratch.borrow_mut().pop().unwrap_or_else(|| Vec::with_capacity(2048))
    }

    pub(crate) fn give_back(&self, mut text: Vec<u8>) {
        let mut scratch = self.scratch.borrow_mut();
        if scratch.len() < KEPT && text.capacity() <= LARGEST {
            text.clear();
            scratch.push(text);
        }
    }

    /// Counts a connection in the process and in its frontend.
    pub(super) fn client_arrived(&self, frontend: usize) {
        let now = self.clock.ms();
        let share = self.share();
        share.connections_current.add(1);
        share.connections_total.add(1);
        share.connection_rate.hit(now);
        share.session_rate.hit(now);
        let counters = self.plan.frontends[frontend].live.counters.at(self.number);
        counters.connections_total.add(1);
        counters.connection_rate.hit(now);
        counters.session_begins(now);
    }

    /// A connection ended: whoever waits for room may look again.
    pub(super) fn client_left(&self, frontend: usize) {
        self.share().connections_current.subtract(1);
        self.plan.frontends[frontend].live.counters.at(self.number).session_ends();
        self.ended.notify_one();
    }

    /// Clients connected to this worker.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.share().connections_current.get()
    }

    /// What is done once a second.
    pub fn tick(&self) {
        self.pool.purge(&self.plan, self.number, self.clock.ms());
        self.share().dropped_logs.set(self.log.dropped());
    }

    /// Begins a soft stop: clients that wait for their next request are let go.
    pub fn stop_softly(&self) {
        self.stopping.set(true);
        self.pool.clear();
        self.wheel.wake_all();
    }
}

/// Messages and texts kept for later.
const KEPT: usize = 64;

/// Texts that grew beyond this are freed.
const LARGEST: usize = 65_536;
