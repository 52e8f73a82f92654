//! Forwarding a request to its server and the response back.

use std::future::poll_fn;
use std::task::{Context, Poll};

use super::Transaction;
use crate::exchange::{Buffer, Cause, Framing, Phase};
use crate::http::h1;
use crate::proxy::Backend;
use crate::session::choose::Reached;
use crate::tcp::{Io, Peeked, Pump, PumpError, Side, poll_peek, write_both};
use crate::time::Timer;

/// How an attempt to forward ended.
pub(super) enum Forwarded {
    /// A response went to the client; true when its connection may be kept.
    Done(bool),
    /// The server gave none: this status is due.
    Failed(u16),
    /// The server had closed the idle connection, and the request may be sent again.
    Stale,
}

/// Why there is no response.
pub(super) enum NoResponse {
    /// Nothing came over a connection that had been idle.
    Stale,
    Closed,
    Timeout,
    Malformed,
    /// The client closed before it got its response, or in the middle of its body.
    ClientAborted,
    /// The client's connection broke.
    ClientReset,
    ClientTimeout,
    ClientMalformed,
}

impl Transaction<'_> {
    pub(super) async fn forward(
        &mut self,
        client: &mut Io,
        timer: &Timer,
        index: usize,
        backend: &Backend,
        mut reached: Reached<'_>,
    ) -> Forwarded {
        let mut up = Pump::new(self.stream.request.framing);
        let sent = self.send_request(&mut reached, &mut up, timer, backend).await;
        let response = match sent {
            Err(failure) => Err(failure),
            Ok(()) => self.receive_response(client, &mut reached, &mut up, timer, backend).await,
        };
        match response {
            Ok(()) => {
                let kept = self.respond(client, timer, index, backend, reached, &mut up).await;
                self.beyond = up.leftover();
                Forwarded::Done(kept)
            }
            Err(NoResponse::Stale) if self.may_repeat(&up) => Forwarded::Stale,
            Err(failure) => Forwarded::Failed(self.no_response(backend, &reached, &failure)),
        }
    }

    /// A request may be sent twice if its method allows that and all of it is at hand
    /// (RFC 9110, section 9.2.2).
    fn may_repeat(&self, up: &Pump) -> bool {
        let idempotent = matches!(
            self.stream.request.method(),
            b"GET" | b"HEAD" | b"OPTIONS" | b"TRACE" | b"PUT" | b"DELETE"
        );
        idempotent && up.is_over()
    }

    /// Sends the head, and as much of the body as came with it.
    async fn send_request(
        &mut self,
        reached: &mut Reached<'_>,
        up: &mut Pump,
        timer: &Timer,
        backend: &Backend,
    ) -> Result<(), NoResponse> {
        let mut head = self.worker.scratch();
        self.stream.request.emit(&mut head);
        let body = self.stream.request.buffer.filled();
        let used = up.accept(body).map_err(|_| NoResponse::ClientMalformed)?;
        let deadline = self.worker.deadline(self.server_timeout(backend));
        let sent = write_both(&mut reached.io, &mut head, &body[..used], timer, deadline).await;
        self.worker.give_back(head);
        self.body_used = used;
        match sent {
            // A server that answers early and closes is listened to all the same.
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::TimedOut => Err(NoResponse::Timeout),
            Err(_) if reached.reused && up.is_over() => Err(NoResponse::Stale),
            Err(_) => Ok(()),
        }
    }

    /// Waits for the head of the final response while the body of the request goes up. Interim
    /// responses are passed on.
    async fn receive_response(
        &mut self,
        client: &mut Io,
        reached: &mut Reached<'_>,
        up: &mut Pump,
        timer: &Timer,
        backend: &Backend,
    ) -> Result<(), NoResponse> {
        let mut buffer = Buffer::none();
        let mut anything = false;
        loop {
            if !buffer.is_empty() {
                self.stream.response.reset(buffer);
                let connect = self.stream.request.framing == Framing::Tunnel;
                let parsed = h1::parse_response(&mut self.stream.response, self.to_head, connect)
                    .map_err(|_| NoResponse::Malformed)?;
                if let Some(length) = parsed {
                    self.stream.response.buffer.consume(length);
                    if !self.is_interim() {
                        return Ok(());
                    }
                    self.pass_interim(client, timer).await;
                }
                buffer = std::mem::replace(&mut self.stream.response.buffer, Buffer::none());
                if parsed.is_some() && !buffer.is_empty() {
                    continue;
                }
                buffer.compact();
                if buffer.is_full() {
                    return Err(NoResponse::Malformed);
                }
            }
            self.await_response(client, &mut reached.io, up, timer, backend).await?;
            if buffer.space().is_empty() {
                buffer = Buffer::take();
            }
            let io = &mut reached.io;
            match poll_fn(|cx| Poll::Ready(io.poll_read(cx, &mut buffer))).await {
                // Readiness is a hint: wait again, with the timeout.
                Poll::Pending => {}
                Poll::Ready(Ok(n)) if n > 0 => anything = true,
                Poll::Ready(_) if !anything && reached.reused => return Err(NoResponse::Stale),
                // What came is not a head, nor will it be.
                Poll::Ready(_) if anything => return Err(NoResponse::Malformed),
                Poll::Ready(_) => return Err(NoResponse::Closed),
            }
        }
    }

    fn is_interim(&self) -> bool {
        (100..200).contains(&self.stream.response.status())
            && self.stream.response.framing != Framing::Tunnel
    }

    /// 100 Continue, 103 Early Hints: to clients that may get them (RFC 9110, section 15.2).
    async fn pass_interim(&mut self, client: &mut Io, timer: &Timer) {
        if self.stream.request.version() == crate::exchange::Version::Http10 {
            return;
        }
        let mut head = self.worker.scratch();
        self.stream.response.emit(&mut head);
        let deadline = self.worker.deadline(self.client_timeout());
        // A client that is gone is noticed when the real response is sent.
        let _ = crate::tcp::write_all(client, &head, timer, deadline).await;
        self.worker.give_back(head);
    }

    /// Waits until the server has sent something. Without holding a buffer.
    async fn await_response(
        &self,
        client: &mut Io,
        server: &mut Io,
        up: &mut Pump,
        timer: &Timer,
        backend: &Backend,
    ) -> Result<(), NoResponse> {
        if up.is_over() {
            let deadline = self.worker.deadline(self.server_timeout(backend));
            let left = |cx: &mut Context<'_>| match poll_peek(client, cx) {
                Peeked::Reset => Some(NoResponse::ClientReset),
                Peeked::End if backend.abort_on_close => Some(NoResponse::ClientAborted),
                _ => None,
            };
            let waited = timer.bound(deadline, |cx| match server.poll_read_ready(cx) {
                Poll::Ready(_) => Poll::Ready(Ok(())),
                Poll::Pending => left(cx).map_or(Poll::Pending, |why| Poll::Ready(Err(why))),
            });
            return waited.await.unwrap_or(Err(NoResponse::Timeout));
        }
        self.upload_until_response(client, server, up, timer, backend).await
    }

    async fn upload_until_response(
        &self,
        client: &mut Io,
        server: &mut Io,
        up: &mut Pump,
        timer: &Timer,
        backend: &Backend,
    ) -> Result<(), NoResponse> {
        let mut sink_failed = false;
        let mut progress = u64::MAX;
        poll_fn(|cx| {
            if !up.is_over() && !sink_failed {
                match up.poll(cx, client, server) {
                    Poll::Ready(Err(PumpError::Sink(_))) => sink_failed = true,
                    Poll::Ready(Err(PumpError::Coding)) => {
                        return Poll::Ready(Err(NoResponse::ClientMalformed));
                    }
                    Poll::Ready(Err(_)) => return Poll::Ready(Err(NoResponse::ClientAborted)),
                    Poll::Ready(Ok(())) | Poll::Pending => {}
                }
            }
            if server.poll_read_ready(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let from_client = !up.is_over() && !sink_failed && up.waits_for() == Side::Source;
            let step = up.moved() << 1 | u64::from(from_client);
            if step != progress {
                progress = step;
                timer.set(self.worker.deadline(if from_client {
                    self.client_timeout()
                } else {
                    self.server_timeout(backend)
                }));
            }
            match timer.poll_expired(cx) {
                true if from_client => Poll::Ready(Err(NoResponse::ClientTimeout)),
                true => Poll::Ready(Err(NoResponse::Timeout)),
                false => Poll::Pending,
            }
        })
        .await
    }

    /// Records why there is no response, and says which status is due.
    fn no_response(&mut self, backend: &Backend, reached: &Reached<'_>, why: &NoResponse) -> u16 {
        let server = reached.lease.server().live.counters.at(self.number());
        let proxy = backend.live.counters.at(self.number());
        self.client_keeps = self.client_keeps && self.stream.request.framing == Framing::Empty;
        let (cause, phase, status) = match why {
            NoResponse::Stale | NoResponse::Closed => (Cause::Server, Phase::Headers, 502),
            NoResponse::Timeout => (Cause::ServerTimeout, Phase::Headers, 504),
            NoResponse::Malformed => (Cause::Proxy, Phase::Headers, 502),
            NoResponse::ClientAborted => (Cause::Client, Phase::Headers, 400),
            NoResponse::ClientReset => (Cause::Client, Phase::Data, 400),
            NoResponse::ClientTimeout => (Cause::ClientTimeout, Phase::Headers, 400),
            NoResponse::ClientMalformed => (Cause::Proxy, Phase::Headers, 400),
        };
        for counters in [server, proxy] {
            match cause {
                Cause::Client | Cause::ClientTimeout => counters.client_aborts.add(1),
                _ => counters.response_errors.add(1),
            }
        }
        self.stream.outcome.ends(cause, phase);
        status
    }
}
