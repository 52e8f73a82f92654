//! Receiving a request's head.

use super::Transaction;
use crate::exchange::{Buffer, Cause, Phase};
use crate::http::h1;
use crate::http::reply::{self, After};
use crate::table::Data;
use crate::tcp::{Io, write_all};
use crate::time::Timer;

/// Why there is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The client left without a word: nothing to answer, nothing to log.
    Silent,
    /// The client left in the middle of a request.
    Aborted,
    /// `timeout http-request` passed.
    Timeout,
    /// What it sent is no request.
    Malformed,
    /// Its first line does not fit into a buffer.
    TargetTooLong,
    /// Its head does not.
    TooLarge,
}

impl Transaction<'_> {
    /// Reads until the head is complete.
    pub(super) async fn receive(
        &mut self,
        io: &mut Io,
        timer: &Timer,
        leftover: &mut Buffer,
    ) -> Result<(), Refusal> {
        let mut buffer = std::mem::replace(leftover, Buffer::none());
        if buffer.space().is_empty() && buffer.is_empty() {
            buffer = Buffer::take();
        }
        let timeouts = &self.frontend.timeouts;
        let limit = timeouts.http_request.or(timeouts.client);
        let mut deadline = None;
        loop {
            if !buffer.is_empty() {
                if self.stream.times.first_byte == 0 {
                    self.stream.times.first_byte = self.worker.clock.us();
                }
                self.stream.request.reset(buffer);
                match h1::parse_request(&mut self.stream.request) {
                    Ok(Some(length)) => {
                        self.stream.request.buffer.consume(length);
                        self.stream.outcome.bytes_in = length as u64;
                        return Ok(());
                    }
                    Ok(None) => {}
                    Err(_) => {
                        // Not to be taken for a request by the log.
                        self.stream.request.reset(Buffer::none());
                        return Err(Refusal::Malformed);
                    }
                }
                buffer = std::mem::replace(&mut self.stream.request.buffer, Buffer::none());
                buffer.compact();
                if buffer.is_full() {
                    return Err(match buffer.filled().contains(&b'\n') {
                        true => Refusal::TooLarge,
                        false => Refusal::TargetTooLong,
                    });
                }
            }
            let deadline = *deadline.get_or_insert_with(|| self.request_deadline(limit));
            let received = timer.bound(deadline, |cx| io.poll_read(cx, &mut buffer)).await;
            let silent = buffer.is_empty();
            match received {
                Ok(Ok(n)) if n > 0 => {}
                _ if silent && (!self.first || self.frontend.ignore_probes) => {
                    return Err(Refusal::Silent);
                }
                Err(_) => return Err(Refusal::Timeout),
                Ok(_) => return Err(Refusal::Aborted),
            }
        }
    }

    /// The first request's time runs from the moment its connection was accepted.
    fn request_deadline(&self, limit: Option<u64>) -> u64 {
        let from_ms = if self.first {
            self.stream.connection.accepted_us / 1000
        } else {
            self.worker.clock.ms()
        };
        limit.map_or(u64::MAX, |limit| from_ms.saturating_add(limit))
    }

    /// The head is complete: counts the request and learns what it says about itself.
    pub(super) fn received(&mut self) {
        let now_us = self.worker.clock.refresh();
        self.stream.times.request = now_us;
        let counters = self.frontend.live.counters.at(self.number());
        counters.requests_total.add(1);
        counters.request_rate.hit(now_us / 1000);
        self.worker.share().requests_total.add(1);
        self.client_keeps = h1::keeps_alive(&self.stream.request) && !self.frontend.http_close;
        self.to_head = self.stream.request.method() == b"HEAD";
        self.stream.id = self.worker.next_stream_id();
        if !self.stream.tracked.is_empty() {
            self.stream.tracked.add(Data::HttpReqCnt, 1, now_us / 1000);
            self.stream.tracked.add(Data::HttpReqRate, 1, now_us / 1000);
        }
        if !self.frontend.logging.targets.is_empty() {
            self.stream.outcome.request_line = self.worker.scratch();
            self.stream.outcome.keep_request_line(self.stream.request.start_line());
        }
        self.capture_request();
    }

    fn capture_request(&mut self) {
        for (name, length) in &self.frontend.request_captures {
            // Slots without a field are for rules.
            if name.is_empty() {
                self.stream.request_captures.push(None);
                continue;
            }
            let value = self.stream.request.values(name.as_bytes()).next_back();
            let value = value.map(|value| value[..value.len().min(*length)].into());
            self.stream.request_captures.push(value);
        }
        self.stream.response_captures.resize(self.frontend.response_captures.len(), None);
    }

    /// Tells the client why its request was not understood, and closes.
    pub(super) async fn refuse(&mut self, io: &mut Io, timer: &Timer, refusal: Refusal) -> bool {
        let counters = self.frontend.live.counters.at(self.number());
        let (status, cause) = match refusal {
            Refusal::Silent => return false,
            Refusal::Aborted => (400, Cause::Client),
            Refusal::Timeout => (408, Cause::ClientTimeout),
            Refusal::Malformed => (400, Cause::Proxy),
            Refusal::TargetTooLong => (414, Cause::Proxy),
            Refusal::TooLarge => (431, Cause::Proxy),
        };
        counters.request_errors.add(1);
        self.stream.outcome.ends(cause, Phase::Request);
        let mut text = self.worker.scratch();
        match self.error_page(status) {
            Some(page) => {
                reply::write(&page, After::Close, false, &mut text);
            }
            None => reply::write_early(status, &mut text),
        }
        // Without a status nothing is logged.
        if self.stream.times.first_byte != 0 || !self.frontend.logging.dont_log_null {
            self.stream.outcome.status = status;
        }
        self.count_response(status, None);
        let deadline = self.worker.deadline(self.frontend.timeouts.client);
        // Whether it arrives is no longer of interest.
        let _ = write_all(io, &text, timer, deadline).await;
        self.worker.give_back(text);
        match refusal {
            Refusal::Malformed | Refusal::TargetTooLong | Refusal::TooLarge => {
                self.linger(io, timer).await;
            }
            Refusal::Silent | Refusal::Aborted | Refusal::Timeout => {}
        }
        false
    }
}
