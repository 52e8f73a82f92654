//! What all sections mean together: names become indices, unsaid settings their defaults.

mod backend;
mod checks;
mod error_pages;
mod frontend;
mod identity;
mod logging;
mod references;
mod server;
mod tables;

use std::collections::HashMap;
use std::sync::Arc;

use super::load::Options;
use super::section::{Proxy, Said};
use crate::proxy::{ErrorPages, Global, Plan};
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
    /// Where the first one of a name is among them.
    by_name: HashMap<&'a str, usize>,
    tables: &'a [Arc<Table>],
    http_errors: &'a HashMap<String, ErrorPages>,
}

/// Makes the plan. It is complete even when there were alerts, but then it means nothing.
pub(super) fn plan(said: Said, options: &Options, report: &mut Report) -> Plan {
    let Said { mut global, proxies, userlists, http_errors, tables: of_peers, loading, .. } = said;
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
    let tables = tables::declare(of_peers, &proxies);
    let backends: Vec<&Proxy> =
        proxies.iter().filter(|proxy| proxy.section.has_servers()).collect();
    let mut by_name = HashMap::new();
    for (at, backend) in backends.iter().enumerate() {
        by_name.entry(backend.name.as_str()).or_insert(at);
    }
    let around = Surroundings {
        tables: &tables,
        http_errors: &http_errors,
        workers: global.threads,
        global: &global,
        backends,
        by_name,
    };
    let mut plan = Plan::default();
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
    let names = plan.backends.iter().enumerate();
    plan.backend_names = names.map(|(at, it)| (it.name.as_bytes().into(), at)).collect();
    plan.global = global;
    plan.tables = tables;
    plan.userlists = userlists;
    backend::set_fullconn(&mut plan, &proxies);
    references::resolve(&loading, &plan, &http_errors, report);
    loading.lists.number();
    plan.lists = loading.lists;
    plan
}
