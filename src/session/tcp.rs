//! TCP mode: one stream per connection.

use super::choose::{Reached, Unreached, Wish, reach};
use super::lease::Lease;
use super::stickiness;
use super::switch;
use super::{Client, Worker};
use crate::exchange::{Buffer, Cause, Framing, Outcome, Phase, Side, Stream, Timeouts};
use crate::log::Level;
use crate::proxy::{Backend, Frontend};
use crate::rule::{Inspection, Ruleset, Verdict, Wait};
use crate::tcp::{Io, Pump, RelayEnd, RelayTimeouts, relay, write_all};
use crate::time::Timer;

/// Serves one connection.
pub(super) async fn run(worker: &Worker, frontend: &Frontend, client: Client) {
    let Client { mut io, connection, timer, tracked, vars, .. } = client;
    let began = connection.accepted_us;
    let mut stream = worker.stream(&connection, frontend, began);
    stream.tracked = tracked.lend();
    // Slots for rules of the content to fill.
    stream.request_captures.resize(frontend.request_captures.len(), None);
    stream.vars = vars;
    stream.times.request = began;
    stream.id = worker.next_stream_id();
    let inspected =
        Inspected { rules: &frontend.tcp_request_content, delay: frontend.inspect_delay };
    if !inspect(worker, frontend, None, inspected, &mut io, &timer, &mut stream).await {
        finish(worker, frontend, None, stream);
        return;
    }
    let Some((index, backend)) = switch::backend(worker, frontend, &stream) else {
        stream.outcome.ends(Cause::Server, Phase::Connect);
        finish(worker, frontend, None, stream);
        return;
    };
    stream.names.backend = Some(&backend.name);
    stream.names.backend_id = Some(backend.id);
    stream.sides.backend = Some(&backend.live);
    let counters = backend.live.counters.at(worker.number);
    counters.session_begins(worker.clock.ms());
    let own = frontend.id != backend.id;
    let inspected = Inspected { rules: &backend.tcp_request_content, delay: backend.inspect_delay };
    if own
        && !inspect(worker, frontend, Some(backend), inspected, &mut io, &timer, &mut stream).await
    {
        finish(worker, frontend, Some((backend, None)), stream);
        return;
    }
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
            let learned = stickiness::response_keys(backend, &stream);
            stickiness::learn(worker, learned, reached.lease.server());
            let passes = passes_response_rules(worker, frontend, backend, &io, &mut stream);
            if passes && send_inspected(worker, backend, &mut reached, &timer, &mut stream).await {
                carry(worker, frontend, &mut io, &timer, &mut reached, &mut stream).await;
            }
            let Reached { lease, io, .. } = reached;
            drop(io);
            finish(worker, frontend, Some((backend, Some(lease))), stream);
        }
    }
}

/// Rules that look at what a client sends, and how long they may wait for it.
struct Inspected<'p> {
    rules: &'p Ruleset,
    delay: u64,
}

/// Runs the rules, reading from the client while they cannot tell (manual, section 4.2,
/// `tcp-request content`). False when the connection ends here.
async fn inspect(
    worker: &Worker,
    frontend: &Frontend,
    backend: Option<&Backend>,
    Inspected { rules, delay }: Inspected<'_>,
    io: &mut Io,
    timer: &Timer,
    stream: &mut Stream<'_>,
) -> bool {
    if rules.is_empty() {
        return true;
    }
    let deadline = worker.deadline(Some(delay));
    stream.inspection.open = delay > 0 && !stream.request.buffer.is_full_or_none();
    let mut from = 0;
    let verdict = loop {
        match rules.inspect_from(from, stream) {
            Inspection::Over(verdict) => break verdict,
            Inspection::Wait(Wait::Pause(ms), next) => {
                from = next;
                timer.sleep_until(worker.deadline(Some(ms))).await;
            }
            Inspection::Lacking(at) => {
                from = at;
                stream.inspection.open = read_more(io, timer, deadline, stream).await;
            }
        }
    };
    stream.inspection.open = false;
    match verdict {
        Verdict::Pass | Verdict::Answer(_) => return true,
        Verdict::Drop => io.vanish(),
        Verdict::Deny(_) | Verdict::Tarpit(_) | Verdict::Reject => {}
    }
    let number = worker.number;
    frontend.live.counters.at(number).denied_requests.add(1);
    if let Some(backend) = backend {
        backend.live.counters.at(number).denied_requests.add(1);
    }
    stream.outcome.ends(Cause::Proxy, Phase::Request);
    false
}

/// Reads what the client has sent. False when there will be no more in time.
async fn read_more(io: &mut Io, timer: &Timer, deadline: u64, stream: &mut Stream<'_>) -> bool {
    let buffer = &mut stream.request.buffer;
    if buffer.space().is_empty() && buffer.is_empty() {
        *buffer = Buffer::take();
    }
    match timer.bound(deadline, |cx| io.poll_read(cx, buffer)).await {
        Ok(Ok(n)) if n > 0 => !buffer.is_full(),
        _ => false,
    }
}

/// Runs `tcp-response content`, as soon as there is a server: no fetch of the server's bytes exists
/// that would have to be waited for. False when the connection ends here.
fn passes_response_rules(
    worker: &Worker,
    frontend: &Frontend,
    backend: &Backend,
    client: &Io,
    stream: &mut Stream<'_>,
) -> bool {
    match backend.tcp_response_content.run(stream) {
        Verdict::Pass | Verdict::Answer(_) => return true,
        Verdict::Drop => client.vanish(),
        Verdict::Deny(_) | Verdict::Tarpit(_) | Verdict::Reject => {}
    }
    for live in [&frontend.live, &backend.live] {
        live.counters.at(worker.number).denied_responses.add(1);
    }
    stream.outcome.ends(Cause::Proxy, Phase::Data);
    false
}

/// Sends what was read for inspection. False when the server does not take it.
async fn send_inspected(
    worker: &Worker,
    backend: &Backend,
    reached: &mut Reached<'_>,
    timer: &Timer,
    stream: &mut Stream<'_>,
) -> bool {
    if stream.request.buffer.is_empty() {
        return true;
    }
    let buffer = std::mem::replace(&mut stream.request.buffer, Buffer::none());
    let deadline = worker.deadline(backend.timeouts.server);
    stream.outcome.bytes_in += buffer.filled().len() as u64;
    if write_all(&mut reached.io, buffer.filled(), timer, deadline).await.is_err() {
        stream.outcome.ends(Cause::Server, Phase::Data);
        return false;
    }
    true
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
    let timeouts = relay_timeouts(frontend, reached.lease.backend, &stream.timeouts);
    let server = &mut reached.io;
    let end = relay(client, server, &mut up, &mut down, timer, &worker.clock, timeouts).await;
    account(stream, &up, &down);
    worker.share().spliced_bytes_out.add(down.spliced());
    record_end(&mut stream.outcome, &end);
}

/// `timeout tunnel`, where set, takes the place of both sides' timeouts.
pub(super) fn relay_timeouts(
    frontend: &Frontend,
    backend: &Backend,
    set: &Timeouts,
) -> RelayTimeouts {
    let tunnel = set.or(Side::Tunnel, backend.timeouts.tunnel);
    let client = set.or(Side::Client, frontend.timeouts.client);
    let server = set.or(Side::Server, backend.timeouts.server);
    RelayTimeouts {
        client: tunnel.or(client).unwrap_or(u64::MAX),
        server: tunnel.or(server).unwrap_or(u64::MAX),
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
    if !stream.tracked.is_empty() {
        worker.count_tracked(&mut stream, false);
    }
    let outcome = &stream.outcome;
    let sides = target.map(|(backend, lease)| (backend, lease.map(|lease| lease.server())));
    worker.count_bytes(frontend, sides, outcome.bytes_in, outcome.bytes_out);
    worker.count_times(sides, &stream.times);
    worker.log_stream(frontend, sides, &mut stream, Level::Info);
    worker.recycle(stream);
}
