//! A `frontend`, or the front half of a `listen`.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::checks::who;
use super::{Surroundings, error_pages, logging};
use crate::config::section::Proxy;
use crate::live;
use crate::proxy::keyword::{Section, StatsSettings};
use crate::proxy::{Destination, Frontend, Mode, StatsPage, Switch};
use crate::rule::Ruleset;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::suggest;
use crate::syntax::word::Word;

pub(super) fn resolve(
    proxy: &Proxy,
    id: u32,
    around: &Surroundings<'_>,
    report: &mut Report,
) -> Frontend {
    let settings = &proxy.settings;
    let live = live::Proxy::new(around.workers, settings.maxconn.unwrap_or(0));
    live.disabled.store(settings.disabled, Relaxed);
    Frontend {
        name: proxy.name.clone(),
        id,
        mode: settings.mode,
        binds: settings.binds.clone(),
        span: proxy.span,
        timeouts: settings.timeouts,
        logging: logging::resolve(proxy, around),
        tcp_request_connection: Ruleset(settings.tcp_request_connection.clone()),
        tcp_request_session: Ruleset(settings.tcp_request_session.clone()),
        tcp_request_content: Ruleset(settings.tcp_request_content.clone()),
        inspect_delay: settings.inspect_delay.unwrap_or(0),
        http_request: Ruleset(proxy.request_rules()),
        http_response: Ruleset(settings.http_response.clone()),
        http_after_response: Ruleset(settings.http_after_response.clone()),
        switches: switches(proxy, around, report),
        default_backend: default_backend(proxy, around, report),
        forward_for: settings.options.forward_for.clone(),
        stats: settings.stats.as_ref().map(|stats| Arc::new(stats_page(stats, proxy, around))),
        error_pages: error_pages::resolve(proxy, around, report),
        http_close: settings.options.http_close,
        ignore_probes: settings.options.ignore_probes,
        tcp_keep_alive: settings.options.client_keep_alive,
        backlog: settings.backlog,
        request_captures: settings.request_captures.clone(),
        response_captures: settings.response_captures.clone(),
        acls: settings.acls.clone(),
        monitor_uri: settings.monitor_uri.clone(),
        live: Arc::new(live),
    }
}

pub(super) fn stats_page(
    stats: &StatsSettings,
    proxy: &Proxy,
    around: &Surroundings<'_>,
) -> StatsPage {
    let own = |name: &String| if name == "." { proxy.name.clone() } else { name.clone() };
    let node = || around.global.node.clone().unwrap_or_default();
    let description = || around.global.description.clone().unwrap_or_default();
    StatsPage {
        uri: stats.uri.clone(),
        refresh: stats.refresh,
        realm: stats.realm.clone(),
        users: stats.users.clone(),
        hide_version: stats.hide_version,
        show_legends: stats.show_legends,
        show_node: stats.show_node.clone().map(|name| name.unwrap_or_else(node)),
        show_description: stats.show_description.clone().map(|it| it.unwrap_or_else(description)),
        scope: stats.scope.iter().map(own).collect(),
    }
}

fn switches(proxy: &Proxy, around: &Surroundings<'_>, report: &mut Report) -> Vec<Switch> {
    let mut switches = Vec::new();
    for line in &proxy.settings.switches {
        if let Some(format) = &line.format {
            let destination = Destination::Named(format.clone());
            switches.push(Switch { destination, condition: line.condition.clone() });
            continue;
        }
        let Some(backend) = backend(proxy, &line.backend, "required use_backend", around, report)
        else {
            continue;
        };
        switches.push(Switch {
            destination: Destination::Backend(backend),
            condition: line.condition.clone(),
        });
    }
    switches
}

/// `default_backend`; the back half of a `listen` if it names none.
fn default_backend(proxy: &Proxy, around: &Surroundings<'_>, report: &mut Report) -> Option<usize> {
    match &proxy.settings.default_backend {
        Some(name) => backend(proxy, name, "required default_backend", around, report),
        None if proxy.section == Section::Listen => {
            around.by_name.get(proxy.name.as_str()).copied()
        }
        None => None,
    }
}

/// The index of a backend that has the frontend's mode.
fn backend(
    proxy: &Proxy,
    name: &Word,
    what: &str,
    around: &Surroundings<'_>,
    report: &mut Report,
) -> Option<usize> {
    let Some(&at) = around.by_name.get(name.text.as_str()) else {
        let error = Diagnostic::alert(
            name.span,
            format!("Proxy '{}': unable to find {what}: '{name}'.", proxy.name),
        );
        let known = around.backends.iter().map(|backend| backend.name.as_str());
        report.push(match suggest::nearest(&name.text, known) {
            Some(near) => error.hint(format!("did you mean '{near}'?")),
            None => error,
        });
        return None;
    };
    let backend = around.backends[at];
    if backend.settings.mode != proxy.settings.mode {
        report.push(incompatible(proxy, backend, name, what));
        return None;
    }
    Some(at)
}

fn incompatible(proxy: &Proxy, backend: &Proxy, name: &Word, what: &str) -> Diagnostic {
    let place = match what {
        "required default_backend" => "as its default backend",
        _ => "in a 'use_backend' rule",
    };
    let (front, back) = (proxy.settings.mode, backend.settings.mode);
    let whole = format!(
        "{} {} tries to use incompatible {} {} {place} (see 'mode').",
        front.name(),
        who(proxy),
        back.name(),
        who(backend)
    );
    let error = Diagnostic::alert(name.span, whole);
    match front {
        // HAProxy upgrades such connections to HTTP.
        Mode::Tcp => error.hint("upgrading from tcp to http is not supported by evenkeel yet"),
        Mode::Http => error,
    }
}
