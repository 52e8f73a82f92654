//! TCP mode: one stream per connection.

use super::choose::{Reached, Unreached, Wish, reach};
use super::lease::Lease;
use super::stickiness;
use super::{Client, Worker};
use crate::exchange::{Cause, Framing, Outcome, Phase, Stream};
use crate::log::Level;
use crate::proxy::{Backend, Frontend};
use crate::tcp::{Io, Pump, RelayEnd, RelayTimeouts, relay};
use crate::time::Timer;

/// Serves one connection.
pub(super) async fn run(worker: &Worker, frontend: &Frontend, client: Client) {
    let Client { mut io, connection, timer, .. } = client;
    let began = connection.accepted_us;
    let mut stream = worker.stream(&connection, frontend, began);
    stream.times.request = began;
    stream.id = worker.next_stream_id();
    let Some((index, backend)) = backend(worker, frontend, &stream) else {
        stream.outcome.ends(Cause::Server, Phase::Connect);
        finish(worker, frontend, None, stream);
        return;
    };
    stream.names.backend = Some(&backend.name);
    stream.sides.backend = Some(&backend.live);
    let counters = backend.live.counters.at(worker.number);
    counters.session_begins(worker.clock.ms());
    let persistent = stickiness::find(worker, backend, &stream);
    let keys = stickiness::keys(backend, &stream);
    let wish = Wish { persistent, reuse: false };
    match reach(worker, backend, index, &mut stream, wish, &io, &timer).await {
        Err(Unreached(_)) => {
            stream.outcome.ends(Cause::Server, Phase::Connect);
            // As HAProxy does: the client is to know at once.
            io.reset_on_close();
            finish(worker, frontend, Some((backend, None)), stream);
        }
        Ok(mut reached) => {
            stickiness::learn(worker, keys, reached.lease.server());
            carry(worker, frontend, &mut io, &timer, &mut reached, &mut stream).await;
            let Reached { lease, io, .. } = reached;
            drop(io);
            finish(worker, frontend, Some((backend, Some(lease))), stream);
        }
    }
}

fn backend<'p>(
    worker: &'p Worker,
    frontend: &Frontend,
    stream: &Stream<'_>,
) -> Option<(usize, &'p Backend)> {
    let switched = frontend
        .switches
        .iter()
        .find(|switch| switch.condition.as_ref().is_none_or(|c| c.holds(stream)))
        .map(|switch| switch.backend);
    let index = switched.or(frontend.default_backend)?;
    Some((index, worker.plan.backends.get(index)?))
}

async fn carry(
    worker: &Worker,
    frontend: &Frontend,
    client: &mut Io,
    timer: &Timer,
    reached: &mut Reached<'_>,
    stream: &mut Stream<'_>,
) {
    let mut up = Pump::new(Framing::UntilClose);
    let mut down = Pump::new(Framing::UntilClose);
    let timeouts = relay_timeouts(frontend, reached.lease.backend);
    let server = &mut reached.io;
    let end = relay(client, server, &mut up, &mut down, timer, &worker.clock, timeouts).await;
    account(stream, &up, &down);
    worker.share().spliced_bytes_out.add(down.spliced());
    record_end(&mut stream.outcome, &end);
}

/// `timeout tunnel`, where set, takes the place of both sides' timeouts.
pub(super) fn relay_timeouts(frontend: &Frontend, backend: &Backend) -> RelayTimeouts {
    let tunnel = backend.timeouts.tunnel;
    RelayTimeouts {
        client: tunnel.or(frontend.timeouts.client).unwrap_or(u64::MAX),
        server: tunnel.or(backend.timeouts.server).unwrap_or(u64::MAX),
        client_fin: frontend.timeouts.client_fin,
        server_fin: backend.timeouts.server_fin,
    }
}

/// Adds a relay's bytes to what the stream has moved.
pub(super) fn account(stream: &mut Stream<'_>, up: &Pump, down: &Pump) {
    stream.outcome.bytes_in += up.moved();
    stream.outcome.bytes_out += down.moved();
}

pub(super) fn record_end(outcome: &mut Outcome, end: &RelayEnd) {
    match end {
        RelayEnd::Done => {}
        RelayEnd::ClientTimeout => outcome.ends(Cause::ClientTimeout, Phase::Data),
        RelayEnd::ServerTimeout => outcome.ends(Cause::ServerTimeout, Phase::Data),
        RelayEnd::ClientError => outcome.ends(Cause::Client, Phase::Data),
        RelayEnd::ServerError => outcome.ends(Cause::Server, Phase::Data),
    }
}

fn finish(
    worker: &Worker,
    frontend: &Frontend,
    target: Option<(&Backend, Option<Lease<'_>>)>,
    mut stream: Stream<'_>,
) {
    stream.times.ended = worker.clock.us();
    // Before the log line, which counts the others.
    if let Some((backend, _)) = &target {
        backend.live.counters.at(worker.number).session_ends();
    }
    let outcome = &stream.outcome;
    let sides = target.map(|(backend, lease)| (backend, lease.map(|lease| lease.server())));
    worker.count_bytes(frontend, sides, outcome.bytes_in, outcome.bytes_out);
    worker.count_times(sides, &stream.times);
    worker.log_stream(frontend, sides, &mut stream, Level::Info);
    worker.recycle(stream);
}
