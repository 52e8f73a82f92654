//! What HAProxy says about a configuration as a whole: missing timeouts, lines without effect.
//! The texts are its own, where it has them.

use crate::config::section::Proxy;
use crate::proxy::Mode;
use crate::proxy::keyword::{LogFormat, Section};
use crate::syntax::diagnostic::{Diagnostic, Report};

/// Checks of one proxy.
pub(super) fn proxy(proxy: &Proxy, report: &mut Report) {
    if proxy.settings.disabled {
        return;
    }
    missing_bind(proxy, report);
    unused_servers(proxy, report);
    cookies(proxy, report);
    log_format(proxy, report);
    missing_timeouts(proxy, report);
    if proxy.settings.mode != Mode::Http {
        ignored_outside_http(proxy, report);
    }
}

fn missing_bind(proxy: &Proxy, report: &mut Report) {
    if proxy.section.takes_connections() && proxy.settings.binds.is_empty() {
        warn(
            report,
            format!(
                "{} has no 'bind' directive. Please declare it as a backend if this was intended.",
                who(proxy)
            ),
        );
    }
}

fn unused_servers(proxy: &Proxy, report: &mut Report) {
    let settings = &proxy.settings;
    let switched_away = proxy.section == Section::Listen && settings.default_backend.is_some();
    if switched_away && !settings.servers.is_empty() {
        warn(
            report,
            format!(
                "In {}, the 'default_backend' rule always has precedence over the servers, which \
                 will never be used.",
                who(proxy)
            ),
        );
    }
}

fn missing_timeouts(proxy: &Proxy, report: &mut Report) {
    let timeouts = &proxy.settings.timeouts;
    let front = !proxy.section.takes_connections() || timeouts.client.is_some();
    let back = !proxy.section.has_servers()
        || proxy.settings.servers.is_empty()
        || (timeouts.connect.is_some() && timeouts.server.is_some());
    if front && back {
        return;
    }
    warn(
        report,
        format!(
            "missing timeouts for {}.\n   | While not properly invalid, you will certainly \
             encounter various problems\n   | with such a configuration. To fix this, please \
             ensure that all following\n   | timeouts are set to a non-zero value: 'client', \
             'connect', 'server'.",
            who(proxy)
        ),
    );
}

fn cookies(proxy: &Proxy, report: &mut Report) {
    let settings = &proxy.settings;
    if settings.mode == Mode::Http || !proxy.section.has_servers() {
        return;
    }
    if settings.persistence.is_some() {
        warn(report, format!("cookie will be ignored for {} (needs 'mode http').", who(proxy)));
    }
    for server in settings.servers.iter().filter(|server| server.options.cookie.is_some()) {
        warn(
            report,
            format!(
                "{} : ignoring cookie for server '{}' as HTTP mode is disabled.",
                who(proxy),
                server.name
            ),
        );
    }
}

fn log_format(proxy: &Proxy, report: &mut Report) {
    let log = &proxy.settings.log;
    let Some((format, span)) = &log.format else { return };
    if !proxy.section.takes_connections() {
        return;
    }
    if matches!(format, LogFormat::Http | LogFormat::HttpClf) && proxy.settings.mode != Mode::Http {
        report.push(Diagnostic::warning(
            *span,
            format!(
                "'option httplog' not usable with {} (needs 'mode http'). Falling back to \
                 'option tcplog'.",
                who(proxy)
            ),
        ));
    }
    if log.targets.is_empty() {
        warn(report, format!("log format ignored for {} since it has no log address.", who(proxy)));
    }
}

fn ignored_outside_http(proxy: &Proxy, report: &mut Report) {
    let settings = &proxy.settings;
    let front = proxy.section.takes_connections();
    let statements = [
        (settings.stats.is_some(), "'stats' statement ignored", "it requires"),
        (front && settings.monitor_uri.is_some(), "'monitor-uri' statement ignored", "it requires"),
        (!settings.http_request.is_empty(), "'http-request' rules ignored", "they require"),
        (!settings.http_response.is_empty(), "'http-response' rules ignored", "they require"),
        (
            !settings.http_after_response.is_empty(),
            "'http-after-response' rules ignored",
            "they require",
        ),
        (!settings.redirects.is_empty(), "'redirect' rules ignored", "they require"),
        (
            front && settings.options.ignore_probes,
            "'option http-ignore-probes' ignored",
            "it requires",
        ),
        (settings.options.forward_for.is_some(), "'option forwardfor' ignored", "it requires"),
    ];
    for (given, what, requires) in statements {
        if given {
            warn(report, format!("{what} for {} as {requires} HTTP mode.", who(proxy)));
        }
    }
}

/// `frontend 'web'`; HAProxy calls a `listen` section a proxy.
pub(super) fn who(proxy: &Proxy) -> String {
    let kind = match proxy.section {
        Section::Listen => "proxy",
        section => section.name(),
    };
    format!("{kind} '{}'", proxy.name)
}

fn warn(report: &mut Report, message: String) {
    report.push(Diagnostic::warning(None, message));
}
