//! The journey of a connection, from being accepted to its last log line.
//!
//! A client of HTTP mode waits for a request without holding anything but its socket and a
//! timer. Each request then goes through [`http`]'s stages: receive → decide → choose → connect →
//! forward → finish. A connection of TCP mode is one stream: choose → connect → relay → finish.

mod admit;
mod choose;
mod finish;
mod http;
mod lease;
mod stickiness;
mod switch;
mod tcp;
mod worker;

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::exchange::{Buffer, Connection};
use crate::proxy::Mode;
use crate::table::Counters;
use crate::tcp::Io;
use crate::time::Timer;

pub use worker::Worker;

/// A client's connection. Boxed once, so that the task that waits with it stays small.
#[derive(Debug)]
pub struct Client {
    io: Io,
    connection: Connection,
    timer: Timer,
    /// Bytes of the next request that came with the previous one.
    leftover: Buffer,
    /// Index of the frontend in the plan.
    frontend: u32,
    /// No request was served yet.
    first: bool,
    /// Entries of stick tables that the connection itself tracks.
    tracked: Counters,
    /// When the wait for the next request began, in microseconds of the worker's clock.
    waits_from_us: u64,
}

impl Client {
    /// A client that was just accepted by the frontend with this index.
    #[must_use]
    pub fn new(worker: &Worker, frontend: usize, io: Io, connection: Connection) -> Box<Self> {
        Box::new(Self {
            io,
            timer: worker.wheel.timer(),
            leftover: Buffer::none(),
            frontend: frontend as u32,
            first: true,
            tracked: Counters::default(),
            waits_from_us: connection.accepted_us,
            connection,
        })
    }
}

/// Serves a client until its connection ends.
///
/// Written out as a future, not as an `async fn`, for the memory of clients that wait for their
/// next request: this is all that their task holds.
#[derive(Debug)]
pub struct Serve {
    worker: Rc<Worker>,
    frontend: u32,
    state: State,
}

/// waiting → busy → waiting …, until the connection ends.
enum State {
    /// For the first byte of a request.
    Waiting(Box<Client>),
    /// With a request, or with a connection of TCP mode. Gives the client back if it is kept.
    Busy(Pin<Box<dyn Future<Output = Option<Box<Client>>>>>),
    Over,
}

impl Serve {
    /// Begins with a client that was just accepted.
    #[must_use]
    pub fn new(worker: &Rc<Worker>, mut client: Box<Client>) -> Self {
        let frontend = client.frontend as usize;
        worker.client_arrived(frontend);
        let mut serve =
            Self { worker: Rc::clone(worker), frontend: client.frontend, state: State::Over };
        if !admit::admit(worker, &worker.plan.frontends[frontend], &mut client) {
            return serve;
        }
        serve.state = match worker.plan.frontends[frontend].mode {
            Mode::Http => serve.wait(client),
            Mode::Tcp => {
                let worker = Rc::clone(worker);
                State::Busy(Box::pin(async move {
                    tcp::run(&worker, &worker.plan.frontends[frontend], *client).await;
                    None
                }))
            }
        };
        serve
    }

    /// Sets the timeout of a wait: `timeout http-request` before the first request, `timeout
    /// http-keep-alive` after it.
    fn wait(&self, client: Box<Client>) -> State {
        let timeouts = &self.worker.plan.frontends[client.frontend as usize].timeouts;
        let limit = if client.first {
            timeouts.http_request.or(timeouts.client)
        } else {
            timeouts.http_keep_alive.or(timeouts.http_request).or(timeouts.client)
        };
        client.timer.set(self.worker.deadline(limit));
        State::Waiting(client)
    }

    /// A request begins.
    fn begin(&self, mut client: Box<Client>) -> State {
        let worker = Rc::clone(&self.worker);
        State::Busy(Box::pin(async move {
            let frontend = &worker.plan.frontends[client.frontend as usize];
            if !http::run(&worker, frontend, &mut client).await {
                return None;
            }
            client.first = false;
            client.waits_from_us = worker.clock.us();
            Some(client)
        }))
    }
}

impl Future for Serve {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            this.state = match std::mem::replace(&mut this.state, State::Over) {
                State::Waiting(client) => match client.poll_request(cx, &this.worker) {
                    Poll::Ready(true) => this.begin(client),
                    Poll::Ready(false) => return Poll::Ready(()),
                    Poll::Pending => {
                        this.state = State::Waiting(client);
                        return Poll::Pending;
                    }
                },
                State::Busy(mut busy) => match busy.as_mut().poll(cx) {
                    Poll::Ready(Some(client)) => this.wait(client),
                    Poll::Ready(None) => return Poll::Ready(()),
                    Poll::Pending => {
                        this.state = State::Busy(busy);
                        return Poll::Pending;
                    }
                },
                State::Over => return Poll::Ready(()),
            };
        }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // The client first: its socket is closed when somebody is told that there is room.
        self.state = State::Over;
        self.worker.client_left(self.frontend as usize);
    }
}

impl Client {
    /// Ready when a request begins (true) or none will come (false).
    fn poll_request(&self, cx: &mut Context<'_>, worker: &Worker) -> Poll<bool> {
        if !self.leftover.is_empty() {
            return Poll::Ready(true);
        }
        if let Poll::Ready(ready) = self.io.poll_read_ready(cx) {
            return Poll::Ready(ready.is_ok());
        }
        if worker.stopping.get() && !self.first {
            return Poll::Ready(false);
        }
        if self.timer.poll_expired(cx) {
            // Only a client that never sent anything is told that it was too slow.
            let frontend = &worker.plan.frontends[self.frontend as usize];
            return Poll::Ready(self.first && !frontend.ignore_probes);
        }
        Poll::Pending
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Waiting(_) => "Waiting",
            Self::Busy(_) => "Busy",
            Self::Over => "Over",
        })
    }
}
