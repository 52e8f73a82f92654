//! Rules for a connection that was just accepted: `tcp-request connection` and `tcp-request
//! session` (manual, section 4.2).

use super::{Client, Worker};
use crate::proxy::Frontend;
use crate::rule::{Ruleset, Verdict};
use crate::table::Data;

/// False when a rule refuses the connection.
pub(super) fn admit(worker: &Worker, frontend: &Frontend, client: &mut Client) -> bool {
    if frontend.tcp_request_connection.is_empty() && frontend.tcp_request_session.is_empty() {
        return true;
    }
    let counters = frontend.live.counters.at(worker.number);
    if !run(worker, frontend, client, &frontend.tcp_request_connection) {
        counters.denied_connections.add(1);
        return false;
    }
    // What is tracked by now has a session.
    let now = worker.clock.ms();
    client.tracked.add(Data::SessCnt, 1, now);
    client.tracked.add(Data::SessRate, 1, now);
    if !run(worker, frontend, client, &frontend.tcp_request_session) {
        counters.denied_sessions.add(1);
        return false;
    }
    true
}

fn run(worker: &Worker, frontend: &Frontend, client: &mut Client, rules: &Ruleset) -> bool {
    if rules.is_empty() {
        return true;
    }
    let mut stream = worker.stream(&client.connection, frontend, client.connection.accepted_us);
    stream.tracked = std::mem::take(&mut client.tracked);
    stream.vars = std::mem::take(&mut client.vars);
    let verdict = rules.run(&mut stream);
    client.tracked = std::mem::take(&mut stream.tracked);
    stream.vars.end_exchange();
    client.vars = std::mem::take(&mut stream.vars);
    worker.recycle(stream);
    match verdict {
        Verdict::Pass | Verdict::Answer(_) => true,
        Verdict::Drop => {
            client.io.vanish();
            false
        }
        Verdict::Deny(_) | Verdict::Tarpit(_) | Verdict::Reject => false,
    }
}
