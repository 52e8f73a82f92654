//! Counters that one worker writes without a locked instruction and everybody may read.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::time::Rate;

/// A number with a single writer.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    #[inline]
    pub fn add(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(n), Relaxed);
    }

    #[inline]
    pub fn subtract(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_sub(n), Relaxed);
    }

    #[inline]
    pub fn raise_to(&self, n: u64) {
        if n > self.0.load(Relaxed) {
            self.0.store(n, Relaxed);
        }
    }

    #[inline]
    pub fn set(&self, n: u64) {
        self.0.store(n, Relaxed);
    }

    #[inline]
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// A sliding average over about the last 1,024 values, as `qtime`, `ctime`, `rtime` and `ttime`
/// of the statistics are defined (management guide, section 9.1).
#[derive(Debug, Default)]
pub struct Average {
    /// 1,024 times the average.
    scaled: Counter,
    samples: Counter,
    max: Counter,
}

impl Average {
    const WINDOW: u64 = 1024;

    #[inline]
    pub fn record(&self, value: u64) {
        let samples = self.samples.get();
        let average = self.scaled.get() / Self::WINDOW;
        if samples < Self::WINDOW {
            // Until the window is full this is the plain mean.
            let sum = average * samples + value;
            self.scaled.set(sum * Self::WINDOW / (samples + 1));
            self.samples.add(1);
        } else {
            self.scaled.set(self.scaled.get() - average + value);
        }
        self.max.raise_to(value);
    }

    #[must_use]
    pub fn get(&self) -> u64 {
        self.scaled.get() / Self::WINDOW
    }

    #[must_use]
    pub fn samples(&self) -> u64 {
        self.samples.get()
    }

    #[must_use]
    pub fn max(&self) -> u64 {
        self.max.get()
    }

    pub fn reset_max(&self) {
        self.max.set(0);
    }
}

/// What one worker counts for one side of a proxy, or for a server. Names are those of the
/// statistics' columns (management guide, section 9.1) spelled out.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Counters {
    /// `scur`: sessions now.
    pub sessions_current: Counter,
    /// `smax` as seen by this worker.
    pub sessions_max: Counter,
    /// `stot`.
    pub sessions_total: Counter,
    /// `conn_tot`.
    pub connections_total: Counter,
    /// `bin`.
    pub bytes_in: Counter,
    /// `bout`.
    pub bytes_out: Counter,
    /// `dreq`.
    pub denied_requests: Counter,
    /// `dresp`.
    pub denied_responses: Counter,
    /// `dcon`.
    pub denied_connections: Counter,
    /// `dses`.
    pub denied_sessions: Counter,
    /// `ereq`.
    pub request_errors: Counter,
    /// `econ`.
    pub connection_errors: Counter,
    /// `eresp`.
    pub response_errors: Counter,
    /// `wretr`.
    pub retries: Counter,
    /// `wredis`.
    pub redispatches: Counter,
    /// `cli_abrt`.
    pub client_aborts: Counter,
    /// `srv_abrt`.
    pub server_aborts: Counter,
    /// `req_tot`.
    pub requests_total: Counter,
    /// `hrsp_other`, `hrsp_1xx` … `hrsp_5xx`, by class.
    pub responses: [Counter; 6],
    /// `intercepted`.
    pub intercepted: Counter,
    /// `lbtot`: times selected by the balancing algorithm.
    pub selected: Counter,
    /// `connect`: connection attempts to the server.
    pub connects: Counter,
    /// `reuse`: requests sent over an idle server connection.
    pub reuses: Counter,
    /// Lines logged (`%lc`).
    pub log_lines: Counter,
    /// `srv_icur`: idle server connections kept by this worker.
    pub idle_connections: Counter,
    /// `lastsess`: when the last session began, in seconds of the process clock; 0 is never.
    pub last_session: Counter,
    pub session_rate: Rate,
    pub connection_rate: Rate,
    pub request_rate: Rate,
    pub queue_time: Average,
    pub connect_time: Average,
    pub response_time: Average,
    pub total_time: Average,
}

impl Counters {
    /// A session begins here.
    #[inline]
    pub fn session_begins(&self, now_ms: u64) {
        self.sessions_total.add(1);
        self.sessions_current.add(1);
        self.sessions_max.raise_to(self.sessions_current.get());
        self.session_rate.hit(now_ms);
        self.last_session.set(now_ms / 1000);
    }

    #[inline]
    pub fn session_ends(&self) {
        self.sessions_current.subtract(1);
    }

    /// Begins the highest values again. The worker may be writing: what it adds at this very moment
    /// may win over the clearing, or get lost, which an operator's `clear counters` bears.
    pub fn clear_highest(&self) {
        self.sessions_max.set(self.sessions_current.get());
        for rate in [&self.session_rate, &self.connection_rate, &self.request_rate] {
            rate.reset_max();
        }
        for time in [&self.queue_time, &self.connect_time, &self.response_time, &self.total_time] {
            time.reset_max();
        }
    }

    /// Sets everything to 0 that only ever grows, with the same reservation.
    pub fn clear_totals(&self) {
        for counter in [
            &self.sessions_total,
            &self.connections_total,
            &self.bytes_in,
            &self.bytes_out,
            &self.denied_requests,
            &self.denied_responses,
            &self.denied_connections,
            &self.denied_sessions,
            &self.request_errors,
            &self.connection_errors,
            &self.response_errors,
            &self.retries,
            &self.redispatches,
            &self.client_aborts,
            &self.server_aborts,
            &self.requests_total,
            &self.intercepted,
            &self.selected,
            &self.connects,
            &self.reuses,
        ]
        .into_iter()
        .chain(&self.responses)
        {
            counter.set(0);
        }
    }

    /// Counts a response by its status class.
    #[inline]
    pub fn response(&self, status: u16) {
        let class = usize::from(status / 100);
        self.responses[if class < 6 { class } else { 0 }].add(1);
    }
}

/// One `T` for each worker, each written only by its own.
#[derive(Debug)]
pub struct PerWorker<T>(Box<[T]>);

impl<T: Default> PerWorker<T> {
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self((0..workers.max(1)).map(|_| T::default()).collect())
    }
}

impl<T> PerWorker<T> {
    /// The share of the worker with this number.
    #[inline]
    #[must_use]
    pub fn at(&self, worker: usize) -> &T {
        &self.0[worker]
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    #[must_use]
    pub fn sum(&self, value: impl Fn(&T) -> u64) -> u64 {
        self.0.iter().map(value).fold(0, u64::wrapping_add)
    }

    #[must_use]
    pub fn max(&self, value: impl Fn(&T) -> u64) -> u64 {
        self.0.iter().map(value).max().unwrap_or(0)
    }
}

impl PerWorker<Counters> {
    /// Sessions now, over all workers.
    #[inline]
    #[must_use]
    pub fn sessions_current(&self) -> u64 {
        self.sum(|c| c.sessions_current.get())
    }

    /// The mean of the workers' averages, weighted by how many values each holds.
    #[must_use]
    pub fn average(&self, of: impl Fn(&Counters) -> &Average) -> u64 {
        let (mut sum, mut samples) = (0, 0);
        for average in self.iter().map(of) {
            sum += average.get() * average.samples();
            samples += average.samples();
        }
        sum.checked_div(samples).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_the_mean_at_first_and_slides_afterwards() {
        let average = Average::default();
        for value in [10, 20, 30] {
            average.record(value);
        }
        assert_eq!((average.get(), average.max()), (20, 30));
        for _ in 0..20_000 {
            average.record(5);
        }
        assert_eq!(average.get(), 5);
    }
}
