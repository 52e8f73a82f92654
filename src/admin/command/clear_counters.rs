//! `clear counters`: highest values begin again; with `all`, counters as well.

use std::sync::atomic::Ordering::Relaxed;

use super::{Call, Keyword};
use crate::live::{Counters, PerWorker, Queue};
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["clear", "counters"],
    level: Level::Operator,
    usage: "clear counters [all]",
    documentation: "clear max statistics counters (or all counters)",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    let all = call.word(2) == Some("all");
    if all && call.settings.level < Level::Admin {
        return Err("Permission denied".to_owned());
    }
    let plan = &call.context.plan;
    for frontend in &plan.frontends {
        clear(&frontend.live.counters, &frontend.live.queue, all);
    }
    for backend in &plan.backends {
        clear(&backend.live.counters, &backend.live.queue, all);
        if all {
            backend.live.down_transitions.store(0, Relaxed);
        }
        for server in &backend.servers {
            clear(&server.live.counters, &server.live.queue, all);
            if all {
                server.live.failed_checks.store(0, Relaxed);
                server.live.down_transitions.store(0, Relaxed);
            }
        }
    }
    for share in call.context.process.shares.iter() {
        share.connection_rate.reset_max();
        share.session_rate.reset_max();
    }
    Ok(())
}

fn clear(counters: &PerWorker<Counters>, queue: &Queue, all: bool) {
    queue.reset_longest();
    for worker in counters.iter() {
        worker.clear_highest();
        if all {
            worker.clear_totals();
        }
    }
}
