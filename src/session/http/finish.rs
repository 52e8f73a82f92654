//! The end of an exchange: counters, the log line, and what is left for the next request.

use super::Transaction;
use crate::exchange::{Buffer, Cause, Vars};
use crate::log::Level;
use crate::session::choose::Reached;

impl Transaction<'_> {
    pub(super) fn count_response(&self, status: u16, reached: Option<&Reached<'_>>) {
        let number = self.number();
        self.frontend.live.counters.at(number).response(status);
        if let Some((_, backend)) = self.backend {
            backend.live.counters.at(number).response(status);
        }
        if let Some(reached) = reached {
            let counters = reached.lease.server().live.counters.at(number);
            counters.response(status);
            counters.requests_total.add(1);
        }
    }

    /// Ends the exchange. If the connection is kept, the bytes behind the request and the
    /// connection's variables are left for the next one.
    pub(super) fn finish(mut self, leftover: &mut Buffer, vars: &mut Vars, kept: bool) {
        self.stream.times.ended = self.worker.clock.us();
        let backend = self.backend.map(|(_, backend)| backend);
        let server = backend.zip(self.server).map(|(backend, at)| &backend.servers[at]);
        let sides = backend.map(|backend| (backend, server));
        // Before the log line, which counts the others.
        if let Some(backend) = backend {
            backend.live.counters.at(self.number()).session_ends();
        }
        let outcome = &self.stream.outcome;
        self.worker.count_bytes(self.frontend, sides, outcome.bytes_in, outcome.bytes_out);
        self.worker.count_times(sides, &self.stream.times);
        if !self.stream.tracked.is_empty() {
            self.worker.count_tracked(&mut self.stream, self.server.is_some());
        }
        let outcome = &self.stream.outcome;
        if outcome.status != 0 || outcome.cause == Cause::Proxy {
            self.worker.log_stream(self.frontend, sides, &mut self.stream, Level::Info);
        }
        if kept {
            *leftover = self.leftover();
            self.stream.vars.end_exchange();
            *vars = std::mem::take(&mut self.stream.vars);
        }
        self.worker.recycle(self.stream);
    }

    fn leftover(&mut self) -> Buffer {
        if !self.beyond.is_empty() {
            let mut beyond = std::mem::replace(&mut self.beyond, Buffer::none());
            beyond.compact();
            return beyond;
        }
        let buffer = &mut self.stream.request.buffer;
        buffer.consume(self.body_used);
        if buffer.is_empty() {
            return Buffer::none();
        }
        let mut buffer = std::mem::replace(buffer, Buffer::none());
        buffer.compact();
        buffer
    }
}
