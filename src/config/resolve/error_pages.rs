//! Error pages of a proxy: those it names, then its own.

use super::Surroundings;
use crate::config::section::Proxy;
use crate::proxy::ErrorPages;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::suggest;

pub(super) fn resolve(proxy: &Proxy, around: &Surroundings<'_>, report: &mut Report) -> ErrorPages {
    let mut pages = ErrorPages::default();
    for (name, statuses) in &proxy.settings.error_sections {
        let Some(section) = around.http_errors.get(&name.text) else {
            let error = Diagnostic::alert(
                name.span,
                format!("proxy '{}': unknown http-errors section '{name}'.", proxy.name),
            );
            let known = around.http_errors.keys().map(String::as_str);
            report.push(match suggest::nearest(&name.text, known) {
                Some(near) => error.hint(format!("did you mean '{near}'?")),
                None => error,
            });
            continue;
        };
        let chosen = section
            .iter()
            .filter(|(status, _)| statuses.is_empty() || statuses.contains(status))
            .map(|(status, page)| (*status, page.clone()));
        pages.extend(chosen);
    }
    pages.extend(proxy.settings.error_pages.clone());
    pages
}
