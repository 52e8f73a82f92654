//! Arguments of fetches and converters that name a proxy or a server.

use std::collections::HashMap;
use std::sync::Arc;

use crate::proxy::{ErrorPages, Plan};
use crate::sample::{Loading, Reference, Target};
use crate::syntax::diagnostic::{Diagnostic, Report};

/// Fills every place that was left for something named.
pub(super) fn resolve(
    loading: &Loading,
    plan: &Plan,
    pages: &HashMap<String, ErrorPages>,
    report: &mut Report,
) {
    for reference in loading.take_references() {
        if let Err(missing) = fill(&reference, plan, pages) {
            let Reference { keyword, position, proxy, span, .. } = reference;
            if position == 0 {
                let message =
                    format!("Proxy '{proxy}': unable to find {missing} referenced by {keyword}.");
                report.push(Diagnostic::alert(span, message));
                continue;
            }
            report.push(Diagnostic::alert(
                span,
                format!(
                    "unable to find {missing} referenced in arg {position} of sample fetch keyword \
                     '{keyword}' in proxy '{proxy}'."
                ),
            ));
        }
    }
}

/// Finds what is named; otherwise says what is missing.
fn fill(
    reference: &Reference,
    plan: &Plan,
    pages: &HashMap<String, ErrorPages>,
) -> Result<(), String> {
    match &reference.target {
        Target::Frontend { name, slot } => {
            let frontend = plan.frontends.iter().find(|frontend| frontend.name == *name);
            let frontend = frontend.ok_or_else(|| format!("frontend '{name}'"))?;
            let _ = slot.set(Arc::clone(&frontend.live));
        }
        Target::Backend { name, slot } => {
            let backend = plan.backend(name).ok_or_else(|| format!("backend '{name}'"))?;
            let _ = slot.set(Arc::clone(&backend.live));
        }
        Target::Userlist { name, slot } => {
            let list = plan.userlists.iter().find(|list| list.name == *name);
            let list = list.ok_or_else(|| format!("userlist '{name}'"))?;
            let _ = slot.set(Arc::clone(list));
        }
        Target::ErrorPages { name, slot } => {
            let pages = pages.get(name).ok_or_else(|| format!("http-errors section '{name}'"))?;
            let _ = slot.set(Arc::new(pages.clone()));
        }
        Target::Table { name, slot } => {
            let table = plan.tables.iter().find(|table| table.name == *name);
            let table = table.ok_or_else(|| format!("table '{name}'"))?;
            let _ = slot.set(Arc::clone(table));
        }
        Target::Server { backend, name, slot } => {
            let own = backend.as_deref().unwrap_or(&reference.proxy);
            let backend = plan.backend(own).ok_or_else(|| format!("backend '{own}'"))?;
            let server = backend.servers.iter().find(|server| server.name == *name);
            let server = server.ok_or_else(|| format!("server '{name}'"))?;
            let _ = slot.set(Arc::clone(&server.live));
        }
    }
    Ok(())
}
