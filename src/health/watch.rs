//! The tasks that check servers for as long as the worker runs.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::probe::probe;
use super::record::Record;
use super::schedule;
use super::state::Thresholds;
use crate::live::Admin;
use crate::log::Sender;
use crate::proxy::{Backend, CheckSettings, Plan, Server};
use crate::time::{monotonic_ms, monotonic_us};

/// Starts one task on this worker for each checked server whose running number falls to it.
/// Called within the worker's runtime; the tasks end with it.
pub fn start(plan: &Arc<Plan>, worker: usize, workers: usize, log: Rc<Sender>) {
    let checked = checked_servers(plan);
    let shortest = checked.iter().map(|(_, _, settings)| settings.inter).min().unwrap_or(0);
    for (number, &(backend, server, settings)) in checked.iter().enumerate() {
        if number % workers.max(1) != worker {
            continue;
        }
        let watch = Watch {
            plan: Arc::clone(plan),
            log: Rc::clone(&log),
            backend,
            server,
            settings,
            random: Random::seeded(number as u64),
        };
        let delay = schedule::first_delay(shortest, number, checked.len());
        tokio::task::spawn_local(watch.run(delay));
    }
}

/// Positions of backend and server.
fn checked_servers(plan: &Plan) -> Vec<(usize, usize, CheckSettings)> {
    let servers = |(at, backend): (usize, &Backend)| {
        let checked = backend.servers.iter().enumerate();
        checked
            .filter_map(|(server, settings)| Some((at, server, settings.check?)))
            .collect::<Vec<_>>()
    };
    plan.backends.iter().enumerate().flat_map(servers).collect()
}

/// One server under watch.
struct Watch {
    plan: Arc<Plan>,
    log: Rc<Sender>,
    backend: usize,
    server: usize,
    settings: CheckSettings,
    random: Random,
}

impl Watch {
    async fn run(mut self, first_delay: u64) {
        self.begin();
        tokio::time::sleep(Duration::from_millis(first_delay)).await;
        loop {
            let began = monotonic_ms();
            if !self.is_paused() {
                self.check().await;
            }
            let interval = schedule::interval(&self.settings, self.server().live.health());
            let spread = self.plan.global.spread_checks;
            let now = monotonic_ms();
            let due = schedule::next(began, now, interval, spread, self.random.next());
            tokio::time::sleep(Duration::from_millis(due - now)).await;
        }
    }

    /// A server without a history is up until its first failure.
    fn begin(&self) {
        let live = &self.server().live;
        if live.health().is_up() && live.check_position.load(Relaxed) == 0 {
            live.check_position.store(self.thresholds().barely_up(), Relaxed);
        }
    }

    async fn check(&self) {
        let (backend, server) = (self.backend(), self.server());
        let timeouts = &backend.timeouts;
        let patience = schedule::patience(self.settings.inter, timeouts.connect, timeouts.check);
        let began = monotonic_us();
        let verdict = probe(server, &self.settings, &backend.check, patience).await;
        let duration_ms = (monotonic_us() - began) / 1000;
        // Whoever put the server into maintenance meanwhile does not ask for the result.
        if !self.is_paused() {
            Record { backend, server: self.server, thresholds: self.thresholds(), log: &self.log }
                .take(verdict, duration_ms);
        }
    }

    fn is_paused(&self) -> bool {
        let live = &self.server().live;
        live.has(Admin::Maintenance) || live.checks_paused.load(Relaxed)
    }

    fn thresholds(&self) -> Thresholds {
        Thresholds::new(self.settings.rise, self.settings.fall)
    }

    fn backend(&self) -> &Backend {
        &self.plan.backends[self.backend]
    }

    fn server(&self) -> &Server {
        &self.backend().servers[self.server]
    }
}

/// Disorder for `spread-checks` (xorshift64).
struct Random(u64);

impl Random {
    fn seeded(number: u64) -> Self {
        let seed = crate::time::wall_us() ^ (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(seed.max(1))
    }

    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests;
