//! What all sections mean together: names become indices, unsaid settings their defaults.

mod backend;
mod checks;
mod frontend;
mod identity;
mod logging;
mod references;
mod server;
mod tables;

use std::sync::Arc;

use super::load::Options;
use super::section::{Proxy, Said};
use crate::proxy::{Global, Plan};
use crate::syntax::diagnostic::Report;
use crate::table::Table;
use identity::Ids;

/// What the resolution of one proxy sees of the rest.
struct Surroundings<'a> {
    global: &'a Global,
    /// Number of worker threads.
    workers: usize,
    /// `backend` and `listen` sections, in the order of the plan.
    backends: Vec<&'a Proxy>,
    tables: &'a [Arc<Table>],
}

/// Makes the plan. It is complete even when there were alerts, but then it means nothing.
pub(super) fn plan(said: Said, options: &Options, report: &mut Report) -> Plan {
    let Said { mut global, proxies, userlists, loading } = said;
    if let Some(maxconn) = options.maxconn {
        global.maxconn = maxconn;
    }
    if global.threads == 0 {
        global.threads = options.threads_available.max(1);
    }
    if let Some(limit) = global.thread_limit {
        global.threads = global.threads.min(limit);
    }
    let ids = Ids::assign(&proxies, report);
    let tables = tables::declare(&proxies);
    let around = Surroundings {
        tables: &tables,
        workers: global.threads,
        global: &global,
        backends: proxies.iter().filter(|proxy| proxy.section.has_servers()).collect(),
    };
    let mut plan = Plan { userlists, ..Plan::default() };
    for (proxy, id) in proxies.iter().zip(ids.0) {
        checks::proxy(proxy, report);
        if proxy.section.takes_connections() {
            plan.frontends.push(frontend::resolve(proxy, id, &around, report));
        }
        if proxy.section.has_servers() {
            plan.backends.push(backend::resolve(proxy, id, &around, report));
        }
    }
    drop(around);
    plan.global = global;
    plan.tables = tables;
    backend::set_fullconn(&mut plan, &proxies);
    references::resolve(&loading, &plan, report);
    plan
}
