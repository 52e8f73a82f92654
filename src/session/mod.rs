//! The journey of a connection, from being accepted to its last log line.
//!
//! A client of HTTP mode waits for a request without holding anything but its socket and a
//! timer. Each request then goes through [`http`]'s stages: receive → decide → choose → connect →
//! forward → finish. A connection of TCP mode is one stream: choose → connect → relay → finish.

mod choose;
mod finish;
mod http;
mod lease;
mod tcp;
mod worker;

use std::rc::Rc;
use std::task::Poll;

use crate::exchange::{Buffer, Connection};
use crate::proxy::{Frontend, Mode};
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
            waits_from_us: connection.accepted_us,
            connection,
        })
    }
}

/// Serves a client until its connection ends.
pub async fn serve(worker: Rc<Worker>, mut client: Box<Client>) {
    let frontend = &worker.plan.frontends[client.frontend as usize];
    let _counted = Counted::new(&worker, frontend);
    if frontend.mode == Mode::Tcp {
        Box::pin(tcp::run(&worker, frontend, *client)).await;
        return;
    }
    loop {
        if client.leftover.is_empty() && !idle(&worker, frontend, &client).await {
            return;
        }
        // Boxed: a client that waits for its next request does not pay for what serves one.
        if !Box::pin(http::run(&worker, frontend, &mut client)).await {
            return;
        }
        client.first = false;
        client.waits_from_us = worker.clock.us();
    }
}

/// Waits for the first byte of a request; false when none will come.
async fn idle(worker: &Worker, frontend: &Frontend, client: &Client) -> bool {
    let first = client.first;
    let timeouts = &frontend.timeouts;
    let limit = if first {
        timeouts.http_request.or(timeouts.client)
    } else {
        timeouts.http_keep_alive.or(timeouts.http_request).or(timeouts.client)
    };
    let deadline = worker.deadline(limit);
    let (io, stopping) = (&client.io, &worker.stopping);
    let waited = client
        .timer
        .bound(deadline, |cx| match io.poll_read_ready(cx) {
            Poll::Ready(ready) => Poll::Ready(ready.is_ok()),
            Poll::Pending if stopping.get() && !first => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        })
        .await;
    match waited {
        Ok(readable) => readable,
        // Only a client that never sent anything is told that it was too slow.
        Err(_) if first && !frontend.ignore_probes => true,
        Err(_) => false,
    }
}

/// Counts a connection in its worker and frontend for as long as it lives.
struct Counted<'w> {
    worker: &'w Worker,
    frontend: &'w Frontend,
}

impl<'w> Counted<'w> {
    fn new(worker: &'w Worker, frontend: &'w Frontend) -> Self {
        let now = worker.clock.ms();
        let share = worker.share();
        share.connections_current.add(1);
        share.connections_total.add(1);
        share.connection_rate.hit(now);
        share.session_rate.hit(now);
        let counters = frontend.live.counters.at(worker.number);
        counters.connections_total.add(1);
        counters.connection_rate.hit(now);
        counters.session_begins(now);
        Self { worker, frontend }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.worker.share().connections_current.subtract(1);
        self.frontend.live.counters.at(self.worker.number).session_ends();
        self.worker.connection_ended();
    }
}
