//! Deciding what becomes of a request: rules, pages of the proxy's own, the backend.

use super::Transaction;
use crate::exchange::{Cause, Phase};
use crate::http::h1;
use crate::proxy::{Backend, ForwardFor, StatsPage};
use crate::rule::{Reply, Ruleset, Step, Verdict, Wait};
use crate::session::switch;
use crate::stats;
use crate::tcp::Io;
use crate::time::Timer;

/// The decision.
pub(super) enum Decision<'p> {
    /// To this backend, with its index in the plan.
    Forward(usize, &'p Backend),
    /// The proxy answers by itself.
    Answer(Reply),
    /// The connection ends without an answer.
    Close,
}

impl<'p> Transaction<'p> {
    pub(super) async fn decide(&mut self, io: &mut Io, timer: &Timer) -> Decision<'p> {
        let frontend = self.frontend;
        if let Some(uri) = &frontend.monitor_uri
            && self.stream.request.target() == uri.as_bytes()
        {
            self.stream.outcome.ends(Cause::Local, Phase::Request);
            return Decision::Answer(Reply::error(200));
        }
        let frontend_rules = [&frontend.tcp_request_content, &frontend.http_request];
        if let Some(decision) = self.run_request_rules(frontend_rules, io, timer).await {
            return decision;
        }
        if let Some(reply) = self.stats_page(frontend.stats.as_deref()) {
            return Decision::Answer(reply);
        }
        let Some((index, backend)) = switch::backend(self.worker, frontend, &self.stream) else {
            self.stream.outcome.ends(Cause::Server, Phase::Connect);
            return Decision::Answer(Reply::error(503));
        };
        self.enter(index, backend);
        // A `listen` is both: its rules have run.
        if self.is_listen(backend) {
            return Decision::Forward(index, backend);
        }
        let backend_rules = [&backend.tcp_request_content, &backend.http_request];
        if let Some(decision) = self.run_request_rules(backend_rules, io, timer).await {
            return decision;
        }
        if let Some(reply) = self.stats_page(backend.stats.as_deref()) {
            return Decision::Answer(reply);
        }
        Decision::Forward(index, backend)
    }

    /// The frontend and the backend are the two halves of one `listen` section.
    pub(super) fn is_listen(&self, backend: &Backend) -> bool {
        self.frontend.id == backend.id
    }

    /// The rulesets of one kind that apply to a response: the backend's, then the frontend's,
    /// which are the same in a `listen`.
    pub(super) fn response_rules<'r>(
        &self,
        backend: Option<&'r Ruleset>,
        frontend: &'r Ruleset,
    ) -> [Option<&'r Ruleset>; 2] {
        let listen = self.backend.is_some_and(|(_, backend)| self.is_listen(backend));
        [backend.filter(|_| !listen), Some(frontend)]
    }

    fn enter(&mut self, index: usize, backend: &'p Backend) {
        self.backend = Some((index, backend));
        self.stream.names.backend = Some(&backend.name);
        self.stream.names.backend_id = Some(backend.id);
        self.stream.sides.backend = Some(&backend.live);
        let now = self.worker.clock.ms();
        let counters = backend.live.counters.at(self.number());
        counters.session_begins(now);
        counters.requests_total.add(1);
        counters.request_rate.hit(now);
    }

    /// Runs rulesets one after the other until one decides.
    async fn run_request_rules(
        &mut self,
        rulesets: [&Ruleset; 2],
        io: &mut Io,
        timer: &Timer,
    ) -> Option<Decision<'p>> {
        for rules in rulesets {
            let mut from = 0;
            let verdict = loop {
                match rules.run_from(from, &mut self.stream) {
                    Step::Over(verdict) => break verdict,
                    Step::Wait(Wait::Pause(ms), next) => {
                        from = next;
                        timer.sleep_until(self.worker.deadline(Some(ms))).await;
                        self.stream.times.request = self.worker.clock.us();
                    }
                }
            };
            if let Some(decision) = self.obey(verdict, io, timer).await {
                return Some(decision);
            }
        }
        None
    }

    async fn obey(&mut self, verdict: Verdict, io: &mut Io, timer: &Timer) -> Option<Decision<'p>> {
        match verdict {
            Verdict::Pass => None,
            Verdict::Answer(reply) => {
                self.stream.outcome.ends(Cause::Local, Phase::Request);
                Some(Decision::Answer(reply))
            }
            Verdict::Deny(reply) => {
                self.count_both(|counters| &counters.denied_requests);
                self.stream.outcome.ends(Cause::Proxy, Phase::Request);
                Some(Decision::Answer(reply))
            }
            Verdict::Tarpit(reply) => {
                self.count_both(|counters| &counters.denied_requests);
                self.stream.outcome.ends(Cause::Proxy, Phase::Tarpit);
                let timeouts = &self.frontend.timeouts;
                let pause = timeouts.tarpit.or(timeouts.connect);
                timer.sleep_until(self.worker.deadline(pause.or(Some(0)))).await;
                Some(Decision::Answer(reply))
            }
            Verdict::Reject | Verdict::Drop => {
                self.count_both(|counters| &counters.denied_requests);
                self.stream.outcome.ends(Cause::Proxy, Phase::Request);
                self.stream.times.request = 0;
                if matches!(verdict, Verdict::Drop) {
                    io.vanish();
                }
                Some(Decision::Close)
            }
        }
    }

    fn stats_page(&mut self, page: Option<&StatsPage>) -> Option<Reply> {
        let page = page.filter(|page| stats::matches(page, &self.stream.request))?;
        let context = stats::Context {
            plan: &self.worker.plan,
            process: &self.worker.process,
            workers: self.worker.workers,
            now_ms: self.worker.clock.ms(),
        };
        self.stream.outcome.ends(Cause::Local, Phase::Request);
        Some(stats::answer(page, &context, &self.stream.request))
    }

    /// Adds one to a counter of the frontend and, once there is one, of the backend.
    pub(super) fn count_both(
        &self,
        which: impl Fn(&crate::live::Counters) -> &crate::live::Counter,
    ) {
        which(self.frontend.live.counters.at(self.number())).add(1);
        if let Some((_, backend)) = self.backend {
            which(backend.live.counters.at(self.number())).add(1);
        }
    }

    /// Makes the request's head what the server is to see.
    pub(super) fn prepare_request(&mut self, backend: &Backend) {
        self.find_persistent_server(backend);
        h1::prepare_request(&mut self.stream.request, backend.http_close || backend.server_close);
        let forward_for = backend.forward_for.as_ref().or(self.frontend.forward_for.as_ref());
        if let Some(setting) = forward_for {
            self.add_forwarded_for(setting);
        }
    }

    /// `option forwardfor` (manual, section 4.2).
    fn add_forwarded_for(&mut self, setting: &ForwardFor) {
        let Some(ip) = self.stream.connection.client.ip() else { return };
        let name = setting.header.as_bytes();
        if setting.except.is_some_and(|(network, length)| within(ip, network, length))
            || (setting.if_none && self.stream.request.values(name).next().is_some())
        {
            return;
        }
        let mut text = [0u8; 48];
        let mut cursor = std::io::Cursor::new(&mut text[..]);
        let _ = std::io::Write::write_fmt(&mut cursor, format_args!("{ip}"));
        let length = cursor.position() as usize;
        self.stream.request.add(name, &text[..length]);
    }
}

fn within(ip: std::net::IpAddr, network: std::net::IpAddr, length: u8) -> bool {
    use std::net::IpAddr::{V4, V6};
    match (ip, network) {
        (V4(ip), V4(network)) => {
            let shift = 32 - u32::from(length.min(32));
            shift == 32 || u32::from(ip) >> shift == u32::from(network) >> shift
        }
        (V6(ip), V6(network)) => {
            let shift = 128 - u32::from(length.min(128));
            shift == 128 || u128::from(ip) >> shift == u128::from(network) >> shift
        }
        _ => false,
    }
}
