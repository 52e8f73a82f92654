//! A `backend`, or the back half of a `listen`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::{Surroundings, error_pages, frontend, logging, server, tables};
use crate::balance::Balance;
use crate::config::section::Proxy;
use crate::health;
use crate::live;
use crate::proxy::{Backend, Destination, Mode, Plan};
use crate::rule::Ruleset;
use crate::syntax::diagnostic::{Diagnostic, Report};

pub(super) fn resolve(
    proxy: &Proxy,
    id: u32,
    around: &Surroundings<'_>,
    report: &mut Report,
) -> Backend {
    let settings = &proxy.settings;
    let options = &settings.options;
    refuse_second_servers(proxy, report);
    let servers = server::resolve(proxy, around, report);
    let backend = Backend {
        name: proxy.name.clone(),
        id,
        mode: settings.mode,
        span: proxy.span,
        servers,
        algorithm: settings.algorithm.unwrap_or_default(),
        hash_type: settings.hash_type.unwrap_or_default(),
        hash_input: settings.hash_input.clone(),
        balance: Balance::default(),
        timeouts: settings.timeouts,
        retries: settings.retries.unwrap_or(3),
        redispatch: options.redispatch,
        reuse: settings.reuse.unwrap_or_default(),
        http_close: options.http_close,
        server_close: options.server_close,
        persistence: settings.persistence.clone(),
        sticks: tables::sticks(proxy, around.tables, report),
        check: check(proxy, report),
        tcp_request_content: Ruleset(settings.tcp_request_content.clone()),
        tcp_response_content: Ruleset(settings.tcp_response_content.clone()),
        inspect_delay: settings.inspect_delay.unwrap_or(0),
        response_inspect_delay: settings.response_inspect_delay.unwrap_or(0),
        http_request: Ruleset(proxy.request_rules()),
        http_response: Ruleset(settings.http_response.clone()),
        http_after_response: Ruleset(settings.http_after_response.clone()),
        forward_for: options.forward_for.clone(),
        stats: settings
            .stats
            .as_ref()
            .map(|stats| Arc::new(frontend::stats_page(stats, proxy, around))),
        error_pages: error_pages::resolve(proxy, around, report),
        logging: logging::resolve(proxy, around),
        fullconn: settings.fullconn.unwrap_or(0),
        all_backups: options.all_backups,
        splice_request: options.splice_request,
        splice_response: options.splice_response,
        tcp_keep_alive: options.server_keep_alive,
        abort_on_close: options.abort_on_close.unwrap_or(settings.mode == Mode::Http),
        live: Arc::new(live::Proxy::new(around.workers, 0)),
    };
    let servers = backend.servers.iter().map(|server| Arc::clone(&server.live));
    let _ = backend.live.servers.set(servers.collect());
    backend.live.disabled.store(settings.disabled, Relaxed);
    backend.refresh_state(crate::time::monotonic_ms() / 1000);
    backend
}

fn check(proxy: &Proxy, report: &mut Report) -> health::Kind {
    if !proxy.settings.check.http {
        return health::Kind::Tcp;
    }
    match proxy.settings.check.http_check() {
        Ok(check) => health::Kind::Http(check),
        Err(mistake) => {
            report.push(mistake);
            health::Kind::Tcp
        }
    }
}

/// `fullconn` where nothing was said: a tenth of the connections that the frontends which use the
/// backend may have, rounded up (manual, `fullconn`).
pub(super) fn set_fullconn(plan: &mut Plan, proxies: &[Proxy]) {
    let said: Vec<bool> = proxies
        .iter()
        .filter(|proxy| proxy.section.has_servers())
        .map(|proxy| proxy.settings.fullconn.is_some())
        .collect();
    let global = u32::try_from(plan.global.maxconn).unwrap_or(u32::MAX);
    for (at, backend) in plan.backends.iter_mut().enumerate() {
        if said[at] {
            continue;
        }
        let total: u64 = plan
            .frontends
            .iter()
            .filter(|frontend| {
                frontend.default_backend == Some(at)
                    || frontend.switches.iter().any(
                        |switch| matches!(switch.destination, Destination::Backend(it) if it == at),
                    )
            })
            .map(|frontend| match frontend.live.maxconn.load(Relaxed) {
                0 => u64::from(global),
                own => u64::from(own),
            })
            .sum();
        backend.fullconn = u32::try_from(total.div_ceil(10)).unwrap_or(u32::MAX).max(1);
    }
}

fn refuse_second_servers(proxy: &Proxy, report: &mut Report) {
    let mut lines = HashMap::new();
    for server in &proxy.settings.servers {
        let line = server.name.span.line;
        if let Some(before) = lines.insert(server.name.text.as_str(), line) {
            report.push(Diagnostic::alert(
                server.name.span,
                format!(
                    "{} '{}', another server named '{}' was already defined at line {before}, \
                     please use distinct names.",
                    proxy.section.name(),
                    proxy.name,
                    server.name
                ),
            ));
        }
    }
}
