//! Choosing a server and reaching it: balancing, queues, connection attempts, redispatch.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use super::Worker;
use super::lease::{Lease, release};
use crate::balance;
use crate::connect::{DialError, Kept, dial, proxy_header};
use crate::exchange::{Cause, Phase, Stream};
use crate::live::{Queue, Ticket};
use crate::proxy::{Backend, Server};
use crate::tcp::{Io, Peeked, poll_peek, write_all};
use crate::time::Timer;

/// A server with a connection to it.
#[derive(Debug)]
pub(super) struct Reached<'p> {
    pub(super) lease: Lease<'p>,
    pub(super) io: Io,
    /// How often the server had moved before the connection was made.
    pub(super) moves: u64,
    /// The connection served another request before.
    pub(super) reused: bool,
}

/// What the choice depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// The server that the client's cookie names, if it is usable.
    pub(super) persistent: Option<usize>,
    /// Idle connections may be used.
    pub(super) reuse: bool,
}

/// No server could be reached; the stream's outcome says why. The answer is this status.
#[derive(Debug)]
pub(super) struct Unreached(pub(super) u16);

/// Finds a server and a connection to it.
pub(super) async fn reach<'p>(
    worker: &Worker,
    backend: &'p Backend,
    index: usize,
    stream: &mut Stream<'p>,
    wish: Wish,
    client: &Io,
    timer: &Timer,
) -> Result<Reached<'p>, Unreached> {
    let mut wish = wish;
    let mut failed = None;
    let mut attempts = 0;
    loop {
        let lease = assign(worker, backend, stream, wish.persistent, failed, client, timer).await?;
        stream.names.server = Some(&lease.server().name);
        stream.sides.server = Some(&lease.server().live);
        stream.outcome.server_address = lease.server().address.load().inet();
        if stream.times.queued == 0 {
            stream.times.queued = worker.clock.us();
        }
        let counters = lease.server().live.counters.at(worker.number);
        if wish.reuse
            && lease.server().send_proxy == 0
            && let Some(Kept { io, moves }) =
                worker.pool.take(index, lease.at, worker.number, lease.server())
        {
            counters.reuses.add(1);
            backend.live.counters.at(worker.number).reuses.add(1);
            stream.times.connected = worker.clock.us();
            return Ok(Reached { lease, io, moves, reused: true });
        }
        counters.connects.add(1);
        backend.live.counters.at(worker.number).connects.add(1);
        let deadline = worker.deadline(backend.timeouts.connect);
        let moves = lease.server().live.moves.load(Relaxed);
        let error = match connect(backend, lease.server(), stream, timer, deadline).await {
            Ok(io) => {
                stream.times.connected = worker.clock.us();
                return Ok(Reached { lease, io, moves, reused: false });
            }
            Err(error) => error,
        };
        tracing::debug!(
            backend = backend.name,
            server = lease.server().name,
            ?error,
            attempts,
            "cannot connect"
        );
        counters.connection_errors.add(1);
        let at = lease.at;
        drop(lease);
        attempts += 1;
        if attempts > backend.retries {
            return Err(unreached(worker, backend, stream, &error));
        }
        stream.outcome.retries += 1;
        counters.retries.add(1);
        backend.live.counters.at(worker.number).retries.add(1);
        if may_redispatch(backend, attempts) && backend.eligible().any(|(other, _)| other != at) {
            failed = Some(at);
            wish.persistent = None;
            stream.outcome.redispatched = true;
            counters.redispatches.add(1);
            backend.live.counters.at(worker.number).redispatches.add(1);
        } else {
            turn_around(worker, backend, timer).await;
            // Without redispatch the request stays with its server while that may be used.
            wish.persistent = backend.servers[at].live.is_usable().then_some(at);
        }
    }
}

/// Connects, and says who the client is where the server wants to know.
async fn connect(
    backend: &Backend,
    server: &Server,
    stream: &Stream<'_>,
    timer: &Timer,
    deadline: u64,
) -> Result<Io, DialError> {
    let mut io = dial(server, stream.connection, timer, deadline).await?;
    if backend.tcp_keep_alive
        && let Io::Tcp(stream) = &io
    {
        socket2::SockRef::from(stream).set_keepalive(true).map_err(DialError::Resource)?;
    }
    if server.send_proxy > 0 {
        let header = proxy_header(server.send_proxy, stream.connection);
        write_all(&mut io, &header, timer, deadline).await.map_err(DialError::Refused)?;
    }
    Ok(io)
}

/// The status and the termination state of a failed connection.
fn unreached(
    worker: &Worker,
    backend: &Backend,
    stream: &mut Stream<'_>,
    error: &DialError,
) -> Unreached {
    backend.live.counters.at(worker.number).connection_errors.add(1);
    let (cause, status) = match error {
        DialError::Timeout => (Cause::ServerTimeout, 503),
        DialError::Refused(_) => (Cause::Server, 503),
        DialError::Resource(_) => (Cause::Resource, 503),
    };
    stream.outcome.ends(cause, Phase::Connect);
    Unreached(status)
}

/// `option redispatch [interval]`: negative counts from the last retry, positive from the first.
fn may_redispatch(backend: &Backend, attempts: u32) -> bool {
    match backend.redispatch {
        None | Some(0) => false,
        Some(n) if n > 0 => attempts.is_multiple_of(n.unsigned_abs()),
        Some(n) => (backend.retries + 1 - attempts).is_multiple_of(n.unsigned_abs()),
    }
}

/// Waits a second, or `timeout connect` if that is shorter, before the same server is tried
/// again (manual, `retries`).
async fn turn_around(worker: &Worker, backend: &Backend, timer: &Timer) {
    let pause = backend.timeouts.connect.unwrap_or(1000).min(1000);
    timer.sleep_until(worker.deadline(Some(pause))).await;
}

/// A slot of the persistent server, of the one that balancing chooses, or, when all are full, of
/// the first that becomes free.
async fn assign<'p>(
    worker: &Worker,
    backend: &'p Backend,
    stream: &mut Stream<'p>,
    persistent: Option<usize>,
    failed: Option<usize>,
    client: &Io,
    timer: &Timer,
) -> Result<Lease<'p>, Unreached> {
    let now = worker.clock.ms();
    let take = |at| Lease::take(backend, at, worker.number, now);
    if let Some(at) = persistent {
        if let Some(lease) = take(at) {
            return Ok(lease);
        }
        let server = &backend.servers[at];
        let queue = &server.live.queue;
        if server.maxqueue == 0 || queue.len() < server.maxqueue as usize {
            return wait(worker, backend, queue, Some(at), stream, client, timer).await;
        }
        stream.outcome.redispatched = true;
    }
    let is_full = |at: usize| backend.servers[at].is_full();
    if let Some(lease) =
        pick(worker, backend, stream, &|at| failed == Some(at) || is_full(at)).and_then(take)
    {
        return Ok(lease);
    }
    // The server that just failed is better than none.
    if failed.is_some()
        && let Some(lease) = pick(worker, backend, stream, &is_full).and_then(take)
    {
        return Ok(lease);
    }
    if backend.eligible().next().is_none() {
        backend.live.counters.at(worker.number).connection_errors.add(1);
        stream.outcome.ends(Cause::Server, Phase::Connect);
        return Err(Unreached(503));
    }
    wait(worker, backend, &backend.live.queue, None, stream, client, timer).await
}

fn pick(
    worker: &Worker,
    backend: &Backend,
    stream: &Stream<'_>,
    skip: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    let at = balance::choose(backend, stream, skip)?;
    backend.servers[at].live.counters.at(worker.number).selected.add(1);
    backend.live.counters.at(worker.number).selected.add(1);
    Some(at)
}

/// Waits in a queue for a slot, for `timeout queue` (or `timeout connect`) at most.
async fn wait<'p>(
    worker: &Worker,
    backend: &'p Backend,
    queue: &Queue,
    only: Option<usize>,
    stream: &mut Stream<'_>,
    client: &Io,
    timer: &Timer,
) -> Result<Lease<'p>, Unreached> {
    let adopt = |at| Lease::adopt(backend, at, worker.number, worker.clock.ms());
    let (ticket, ahead) = queue.join();
    let place = Waiting { backend, queue, ticket };
    let position = if only.is_some() {
        &mut stream.outcome.server_queue
    } else {
        &mut stream.outcome.backend_queue
    };
    *position = ahead as u32 + 1;
    // A slot may have become free before the queue knew of us.
    let free = match only {
        Some(at) => backend.servers[at].live.take_slot().then_some(at),
        None => {
            backend.eligible().map(|(at, _)| at).find(|at| backend.servers[*at].live.take_slot())
        }
    };
    if let Some(at) = free {
        return Ok(adopt(at));
    }
    let deadline = worker.deadline(backend.timeouts.queue.or(backend.timeouts.connect));
    let served = timer.bound(deadline, |cx| match place.ticket.poll(cx) {
        Poll::Ready(at) => Poll::Ready(Some(at)),
        Poll::Pending if backend.abort_on_close && has_left(client, cx) => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    });
    match served.await {
        Ok(Some(at)) => {
            place.accept();
            Ok(adopt(at))
        }
        Ok(None) => {
            backend.live.counters.at(worker.number).client_aborts.add(1);
            stream.outcome.ends(Cause::Client, Phase::Queue);
            Err(Unreached(400))
        }
        Err(_) => {
            backend.live.counters.at(worker.number).connection_errors.add(1);
            stream.outcome.ends(Cause::ServerTimeout, Phase::Queue);
            Err(Unreached(503))
        }
    }
}

/// Whether the client closed. What it sent ahead hides that until it is read.
fn has_left(client: &Io, cx: &mut Context<'_>) -> bool {
    matches!(poll_peek(client, cx), Peeked::End | Peeked::Reset)
}

/// A place in a queue. Whoever leaves it early passes on a slot that was already on its way.
struct Waiting<'q> {
    backend: &'q Backend,
    queue: &'q Queue,
    ticket: Arc<Ticket>,
}

impl Waiting<'_> {
    /// The slot that was handed over is the caller's.
    fn accept(self) {
        let _ = self.queue.leave(&self.ticket);
        std::mem::forget(self);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(at) = self.queue.leave(&self.ticket) {
            release(self.backend, at);
        }
    }
}
