//! Sending a server's response to the client.

use std::future::poll_fn;
use std::task::Poll;

use super::Transaction;
use crate::connect::Kept;
use crate::exchange::{Buffer, Cause, Framing, Phase, Version};
use crate::http::h1;
use crate::proxy::Backend;
use crate::rule::{Reply, Step, Verdict, Wait};
use crate::session::choose::Reached;
use crate::session::stickiness;
use crate::session::tcp::{account, record_end, relay_timeouts};
use crate::tcp::{Io, Peeked, Pump, PumpError, Side, poll_peek, relay, write_both};
use crate::time::Timer;

/// What becomes of a response that rules refuse.
enum Refused {
    Answer(Reply),
    /// The connection ends without an answer.
    Close,
}

impl Transaction<'_> {
    /// The head is in `stream.response`. True when the client's connection may be kept.
    pub(super) async fn respond(
        &mut self,
        client: &mut Io,
        timer: &Timer,
        index: usize,
        backend: &Backend,
        mut reached: Reached<'_>,
        up: &mut Pump,
    ) -> bool {
        self.stream.times.response = self.worker.clock.us();
        self.stream.vars.end(crate::exchange::Scope::Request);
        let server_keeps =
            h1::keeps_alive(&self.stream.response) && !backend.http_close && !backend.server_close;
        if !backend.sticks.is_empty() {
            let keys = stickiness::response_keys(backend, &self.stream);
            stickiness::learn(self.worker, keys, reached.lease.server());
        }
        match self.run_response_rules(backend, client, timer).await {
            None => {}
            Some(Refused::Answer(reply)) => {
                self.client_keeps &= up.is_over();
                return self.answer(client, timer, &reply).await;
            }
            Some(Refused::Close) => return false,
        }
        let status = self.stream.response.status();
        self.stream.outcome.status = status;
        self.count_response(status, Some(&reached));
        self.insert_cookie(backend, reached.lease.server());
        let framing = self.stream.response.framing;
        let kept = self.prepare_response(framing, up);
        let frontend = self.frontend;
        let rules =
            self.response_rules(Some(&backend.http_after_response), &frontend.http_after_response);
        for rules in rules.into_iter().flatten() {
            let _ = rules.run(&mut self.stream);
        }
        let mut down = Pump::new(framing);
        let Some(surplus) = self.send_head(client, timer, &mut down).await else {
            self.client_gone(&reached);
            return false;
        };
        if framing == Framing::Tunnel {
            self.tunnel(client, timer, backend, &mut reached, up).await;
            return false;
        }
        let complete = down.is_over()
            || self.transfer(client, timer, backend, &mut reached, up, &mut down).await;
        self.stream.outcome.bytes_out += down.moved();
        self.worker.share().spliced_bytes_out.add(down.spliced());
        self.stream.outcome.bytes_in += up.moved();
        let all_sent = up.is_over();
        let private = reached.lease.server().send_proxy > 0;
        if complete && all_sent && server_keeps && !surplus && !private {
            let Reached { lease, io, moves, .. } = reached;
            let server = lease.server();
            let now = self.worker.clock.ms();
            let kept = Kept { io, moves };
            self.worker.pool.put(index, lease.at, self.number(), server, kept, now);
        }
        kept && complete && all_sent
    }

    async fn run_response_rules(
        &mut self,
        backend: &Backend,
        client: &Io,
        timer: &Timer,
    ) -> Option<Refused> {
        for (slot, (name, length)) in self.frontend.response_captures.iter().enumerate() {
            // Slots without a field are for rules.
            if name.is_empty() {
                continue;
            }
            let value = self.stream.response.values(name.as_bytes()).next_back();
            let value = value.map(|value| value[..value.len().min(*length)].into());
            self.stream.response_captures[slot] = value;
        }
        let frontend = self.frontend;
        let [of_backend, of_frontend] =
            self.response_rules(Some(&backend.http_response), &frontend.http_response);
        let rulesets = [Some(&backend.tcp_response_content), of_backend, of_frontend];
        for rules in rulesets.into_iter().flatten() {
            let mut from = 0;
            let verdict = loop {
                match rules.run_from(from, &mut self.stream) {
                    Step::Over(verdict) => break verdict,
                    Step::Wait(Wait::Pause(ms), next) => {
                        from = next;
                        timer.sleep_until(self.worker.deadline(Some(ms))).await;
                    }
                }
            };
            match verdict {
                Verdict::Pass => {}
                Verdict::Deny(reply) | Verdict::Tarpit(reply) => {
                    self.count_both(|counters| &counters.denied_responses);
                    self.stream.outcome.ends(Cause::Proxy, Phase::Headers);
                    return Some(Refused::Answer(reply));
                }
                Verdict::Answer(reply) => {
                    self.stream.outcome.ends(Cause::Local, Phase::Headers);
                    return Some(Refused::Answer(reply));
                }
                Verdict::Reject | Verdict::Drop => {
                    self.count_both(|counters| &counters.denied_responses);
                    self.stream.outcome.ends(Cause::Proxy, Phase::Headers);
                    if matches!(verdict, Verdict::Drop) {
                        client.vanish();
                    }
                    return Some(Refused::Close);
                }
            }
        }
        None
    }

    /// Makes the head what the client is to see. True when its connection is kept afterwards.
    fn prepare_response(&mut self, framing: Framing, up: &Pump) -> bool {
        if framing == Framing::Tunnel {
            h1::prepare_response(&mut self.stream.response, false, false);
            return false;
        }
        let kept = self.client_keeps
            && framing != Framing::UntilClose
            && up.is_over()
            && !self.worker.stopping.get();
        let old_client = self.stream.request.version() == Version::Http10;
        h1::prepare_response(&mut self.stream.response, !kept, kept && old_client);
        kept
    }

    /// Sends the head and what of the body came with it. `None` when the client is gone,
    /// otherwise whether the server sent more than its response.
    async fn send_head(&mut self, client: &mut Io, timer: &Timer, down: &mut Pump) -> Option<bool> {
        let mut head = self.worker.scratch();
        self.stream.response.emit(&mut head);
        let body = self.stream.response.buffer.filled();
        let used = down.accept(body).ok()?;
        let surplus = used < body.len();
        let deadline = self.worker.deadline(self.client_timeout());
        let length = head.len() as u64;
        let sent = write_both(client, &mut head, &body[..used], timer, deadline).await;
        self.stream.outcome.bytes_out += length;
        self.worker.give_back(head);
        sent.ok().map(|()| surplus)
    }

    /// The rest of the response's body, and of the request's. True when the response is complete.
    async fn transfer(
        &mut self,
        client: &mut Io,
        timer: &Timer,
        backend: &Backend,
        reached: &mut Reached<'_>,
        up: &mut Pump,
        down: &mut Pump,
    ) -> bool {
        let worker = self.worker;
        let (client_timeout, server_timeout) =
            (self.client_timeout(), self.server_timeout(backend));
        let server = &mut reached.io;
        let mut up_failed = false;
        let mut progress = u64::MAX;
        let end = poll_fn(|cx| {
            if !up.is_over() && !up_failed {
                up_failed = matches!(up.poll(cx, client, server), Poll::Ready(Err(_)));
            }
            if let Poll::Ready(result) = down.poll(cx, server, client) {
                return Poll::Ready(result.map_err(|error| broken(&error)));
            }
            let from_server = down.waits_for() == Side::Source;
            // Nothing is written now that would tell.
            if from_server && up.is_over() && poll_peek(client, cx) == Peeked::Reset {
                return Poll::Ready(Err((Cause::Client, Phase::Data)));
            }
            let step = (up.moved() + down.moved()) << 1 | u64::from(from_server);
            if step != progress {
                progress = step;
                timer.set(worker.deadline(if from_server {
                    server_timeout
                } else {
                    client_timeout
                }));
            }
            match timer.poll_expired(cx) {
                true if from_server => Poll::Ready(Err((Cause::ServerTimeout, Phase::Data))),
                true => Poll::Ready(Err((Cause::ClientTimeout, Phase::Data))),
                false => Poll::Pending,
            }
        })
        .await;
        worker.clock.refresh();
        let Err((cause, phase)) = end else { return true };
        self.stream.outcome.ends(cause, phase);
        if matches!(cause, Cause::Client | Cause::ClientTimeout) {
            self.count_abort(reached, |counters| &counters.client_aborts);
        } else {
            self.count_abort(reached, |counters| &counters.server_aborts);
        }
        false
    }

    /// Bytes in both directions after 101 or a successful CONNECT.
    async fn tunnel(
        &mut self,
        client: &mut Io,
        timer: &Timer,
        backend: &Backend,
        reached: &mut Reached<'_>,
        up: &mut Pump,
    ) {
        let timeouts = relay_timeouts(self.frontend, backend, &self.stream.timeouts);
        // What came behind the request's head and was not its body goes through as well.
        let mut to_server = Pump::new(Framing::Tunnel);
        if self.stream.request.framing == Framing::Tunnel {
            // CONNECT: it has been on its way since the request.
            std::mem::swap(&mut to_server, up);
        }
        self.stream.request.buffer.consume(self.body_used);
        if !self.stream.request.buffer.is_empty() && up.is_over() {
            let mut early = Buffer::take();
            early.append(self.stream.request.buffer.filled());
            to_server.begin_with(early);
        }
        // The heads stay for the log, for as long as the tunnel lasts.
        self.stream.request.buffer.shrink();
        self.stream.response.buffer.shrink();
        let mut to_client = Pump::new(Framing::Tunnel);
        let clock = &self.worker.clock;
        let end =
            relay(client, &mut reached.io, &mut to_server, &mut to_client, timer, clock, timeouts)
                .await;
        account(&mut self.stream, &to_server, &to_client);
        record_end(&mut self.stream.outcome, &end);
    }

    fn client_gone(&mut self, reached: &Reached<'_>) {
        self.stream.outcome.ends(Cause::Client, Phase::Data);
        self.count_abort(reached, |counters| &counters.client_aborts);
    }

    fn count_abort(
        &self,
        reached: &Reached<'_>,
        which: impl Fn(&crate::live::Counters) -> &crate::live::Counter,
    ) {
        which(reached.lease.server().live.counters.at(self.number())).add(1);
        which(reached.lease.backend.live.counters.at(self.number())).add(1);
    }
}

/// What a broken transfer of a response says about who broke it.
fn broken(error: &PumpError) -> (Cause, Phase) {
    match error {
        PumpError::Sink(_) => (Cause::Client, Phase::Data),
        PumpError::Truncated | PumpError::Source(_) => (Cause::Server, Phase::Data),
        PumpError::Coding => (Cause::Proxy, Phase::Data),
    }
}
