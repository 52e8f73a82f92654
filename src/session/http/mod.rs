//! One request and its response: receive → decide → choose → connect → forward → finish.

mod answer;
mod decide;
mod finish;
mod forward;
mod persistence;
mod receive;
mod respond;

use super::choose::{Unreached, Wish, reach};
use super::stickiness;
use super::{Client, Worker};
use crate::exchange::{Buffer, Side, Stream};
use crate::proxy::{Backend, Frontend, Reuse};
use crate::rule::Reply;
use crate::tcp::Io;
use crate::time::Timer;

use decide::Decision;
use forward::Forwarded;

/// The state of one exchange between its stages.
struct Transaction<'p> {
    worker: &'p Worker,
    frontend: &'p Frontend,
    /// The backend and its index in the plan, once one is chosen.
    backend: Option<(usize, &'p Backend)>,
    stream: Stream<'p>,
    /// The first request of its connection.
    first: bool,
    /// The client keeps its connection open after this exchange.
    client_keeps: bool,
    to_head: bool,
    /// Bytes behind the request's head that were used as its body.
    body_used: usize,
    /// What the client sent beyond the request, if the body's transfer found it.
    beyond: Buffer,
    /// The server that was chosen, by its index in the backend.
    server: Option<usize>,
    /// The server that the client's cookie names, where it may be used.
    persistent: Option<usize>,
}

/// Serves one request. True when the connection is kept for another.
pub(super) async fn run(worker: &Worker, frontend: &Frontend, client: &mut Client) -> bool {
    let Client { io, connection, timer, leftover, first, waits_from_us, tracked, .. } = client;
    let mut stream = worker.stream(connection, frontend, *waits_from_us);
    stream.first = *first;
    if !tracked.is_empty() {
        stream.tracked = tracked.lend();
    }
    let mut transaction = Transaction {
        worker,
        frontend,
        backend: None,
        stream,
        first: *first,
        client_keeps: false,
        to_head: false,
        body_used: 0,
        beyond: Buffer::none(),
        server: None,
        persistent: None,
    };
    let kept = transaction.carry(io, timer, leftover).await && !worker.stopping.get();
    transaction.finish(leftover, kept);
    kept
}

impl<'p> Transaction<'p> {
    /// The sequence. True when the client's connection may be kept.
    async fn carry(&mut self, io: &mut Io, timer: &Timer, leftover: &mut Buffer) -> bool {
        if let Err(refusal) = self.receive(io, timer, leftover).await {
            return self.refuse(io, timer, refusal).await;
        }
        self.received();
        let (index, backend) = match self.decide(io, timer).await {
            Decision::Forward(index, backend) => (index, backend),
            Decision::Answer(reply) => return self.answer(io, timer, &reply).await,
            Decision::Close => return false,
        };
        self.prepare_request(backend);
        let mut keys = self.stick(backend);
        let mut may_reuse = self.may_reuse(backend);
        loop {
            let wish = Wish { persistent: self.persistent, reuse: may_reuse };
            let reached =
                reach(self.worker, backend, index, &mut self.stream, wish, io, timer).await;
            let reached = match reached {
                Err(Unreached(status)) => {
                    return self.answer(io, timer, &Reply::error(status)).await;
                }
                Ok(reached) => reached,
            };
            self.server = Some(reached.lease.at);
            stickiness::learn(self.worker, std::mem::take(&mut keys), reached.lease.server());
            match self.forward(io, timer, index, backend, reached).await {
                Forwarded::Done(kept) => return kept,
                Forwarded::Failed(status) => {
                    return self.answer(io, timer, &Reply::error(status)).await;
                }
                // The server closed an idle connection as the request was on its way.
                Forwarded::Stale => {
                    tracing::debug!(backend = backend.name, "an idle connection was closed");
                    may_reuse = false;
                }
            }
        }
    }

    /// `http-reuse` (manual, section 4.2).
    fn may_reuse(&self, backend: &Backend) -> bool {
        match backend.reuse {
            Reuse::Never => false,
            Reuse::Safe | Reuse::Aggressive => !self.first,
            Reuse::Always => true,
        }
    }

    /// `timeout client`, unless a rule set another one.
    fn client_timeout(&self) -> Option<u64> {
        self.stream.timeouts.or(Side::Client, self.frontend.timeouts.client)
    }

    /// `timeout server`, unless a rule set another one.
    fn server_timeout(&self, backend: &Backend) -> Option<u64> {
        self.stream.timeouts.or(Side::Server, backend.timeouts.server)
    }

    fn number(&self) -> usize {
        self.worker.number
    }
}
