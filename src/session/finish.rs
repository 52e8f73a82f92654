//! The end of a stream: counters and its log line.

use super::Worker;
use crate::exchange::{Cause, Stream, Times};
use crate::log::Level;
use crate::proxy::{Backend, Frontend, Server};
use crate::table::Data;

/// The backend and the server that took part.
pub(super) type Sides<'a> = Option<(&'a Backend, Option<&'a Server>)>;

impl Worker {
    pub(super) fn count_bytes(&self, frontend: &Frontend, sides: Sides<'_>, up: u64, down: u64) {
        let counters = frontend.live.counters.at(self.number);
        counters.bytes_in.add(up);
        counters.bytes_out.add(down);
        self.share().bytes_out.add(down);
        let Some((backend, server)) = sides else { return };
        let server = server.map(|server| server.live.counters.at(self.number));
        for counters in [Some(backend.live.counters.at(self.number)), server].into_iter().flatten()
        {
            counters.bytes_in.add(up);
            counters.bytes_out.add(down);
        }
    }

    pub(super) fn count_times(&self, sides: Sides<'_>, times: &Times) {
        let Some((backend, Some(server))) = sides else { return };
        let between = |from, to| u64::try_from(Times::between(from, to)).ok();
        for live in [&backend.live.counters, &server.live.counters] {
            let counters = live.at(self.number);
            if let Some(ms) = between(times.request, times.queued) {
                counters.queue_time.record(ms);
            }
            if let Some(ms) = between(times.queued, times.connected) {
                counters.connect_time.record(ms);
            }
            if let Some(ms) = between(times.connected, times.response) {
                counters.response_time.record(ms);
            }
            if let Some(ms) = between(times.request, times.ended) {
                counters.total_time.record(ms);
            }
        }
    }

    /// Adds a stream to the entries that it tracks, and lets go of them (manual, section 11.1).
    pub(super) fn count_tracked(&self, stream: &mut Stream<'_>, served: bool) {
        let (outcome, now) = (&stream.outcome, self.clock.ms());
        for tracking in stream.tracked.iter() {
            let factor = u64::from(tracking.table.declaration.byte_rate_factor);
            tracking.add(Data::BytesInCnt, outcome.bytes_in, now);
            tracking.add(Data::BytesInRate, outcome.bytes_in / factor, now);
            tracking.add(Data::BytesOutCnt, outcome.bytes_out, now);
            tracking.add(Data::BytesOutRate, outcome.bytes_out / factor, now);
        }
        // Induced by the client: its own mistakes, and what was refused to it.
        if (400..500).contains(&outcome.status) || (!served && outcome.cause == Cause::Proxy) {
            stream.tracked.add(Data::HttpErrCnt, 1, now);
            stream.tracked.add(Data::HttpErrRate, 1, now);
        }
        if served && outcome.status >= 500 && !matches!(outcome.status, 501 | 505) {
            stream.tracked.add(Data::HttpFailCnt, 1, now);
            stream.tracked.add(Data::HttpFailRate, 1, now);
        }
        stream.tracked.release(now);
    }

    /// Sends the stream's log line, unless the frontend keeps silent about such streams.
    pub(super) fn log_stream(
        &self,
        frontend: &Frontend,
        sides: Sides<'_>,
        stream: &mut Stream<'_>,
        level: Level,
    ) {
        let logging = &frontend.logging;
        if logging.targets.is_empty() {
            return;
        }
        let failed = stream.outcome.cause != Cause::None || stream.outcome.status >= 500;
        if logging.dont_log_normal && !failed && stream.outcome.retries == 0 {
            return;
        }
        let outcome = &mut stream.outcome;
        outcome.process_connections = self.process.connections() as u32;
        outcome.frontend_connections = frontend.live.counters.sessions_current() as u32;
        if let Some((backend, server)) = sides {
            outcome.backend_connections = backend.live.counters.sessions_current() as u32;
            outcome.server_connections = server.map_or(0, |server| server.live.sessions() as u32);
        }
        let counters = &frontend.live.counters;
        outcome.log_number = counters.sum(|counters| counters.log_lines.get());
        counters.at(self.number).log_lines.add(1);
        let level = match outcome.log_level {
            Some(number) => match Level::from_number(number) {
                Some(level) => level,
                None => return,
            },
            None if logging.separate_errors && failed => Level::Err,
            None => level,
        };
        let mut line = self.scratch();
        logging.format.write(stream, &mut line);
        let wall_us = self.clock.wall_us_at(stream.times.ended);
        let tag = logging.tag.as_deref();
        self.log.send_as(tag, &logging.targets, level, wall_us, &line);
        self.give_back(line);
    }
}
