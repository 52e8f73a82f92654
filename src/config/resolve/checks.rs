//! What HAProxy says about a configuration as a whole: missing timeouts, lines without effect.

use crate::config::section::Proxy;
use crate::syntax::diagnostic::{Diagnostic, Report};

/// Checks over all proxies.
pub(super) fn proxies(_proxies: &[Proxy], _report: &mut Report) {}

/// Checks of one proxy.
pub(super) fn proxy(proxy: &Proxy, report: &mut Report) {
    missing_timeouts(proxy, report);
}

fn missing_timeouts(proxy: &Proxy, report: &mut Report) {
    let timeouts = &proxy.settings.timeouts;
    let (front, back) = (proxy.section.takes_connections(), proxy.section.has_servers());
    let complete = (!front || timeouts.client.is_some())
        && (!back
            || proxy.settings.servers.is_empty()
            || (timeouts.connect.is_some() && timeouts.server.is_some()));
    if complete || proxy.settings.disabled {
        return;
    }
    report.push(Diagnostic::warning(
        None,
        format!(
            "missing timeouts for {} '{}'.\n   | While not properly invalid, you will certainly \
             encounter various problems\n   | with such a configuration. To fix this, please \
             ensure that all following\n   | timeouts are set to a non-zero value: 'client', \
             'connect', 'server'.",
            proxy.section.name(),
            proxy.name
        ),
    ));
}
