//! Stick tables: they are made once all rules that use them are known.

use std::sync::Arc;

use crate::config::section::Proxy;
use crate::proxy::Stick;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::table::{Data, Declaration, Table};

/// The tables of all sections: those of peers, then those of proxies in their order.
pub(super) fn declare(of_peers: Vec<(String, Declaration)>, proxies: &[Proxy]) -> Vec<Arc<Table>> {
    let mut declared = of_peers;
    declared.extend(proxies.iter().filter_map(|proxy| {
        let (declaration, _) = proxy.settings.table.as_ref()?;
        Some((proxy.name.clone(), declaration.clone()))
    }));
    // What `stick` rules remember is stored without being asked for.
    for proxy in proxies {
        for line in &proxy.settings.sticks {
            let name = line.table.as_ref().map_or(proxy.name.as_str(), |word| &word.text);
            if let Some((_, declaration)) = declared.iter_mut().find(|(known, _)| *known == name) {
                declaration.also_store(Data::ServerId);
                declaration.also_store(Data::ServerKey);
            }
        }
    }
    declared
        .into_iter()
        .map(|(name, declaration)| Arc::new(Table::new(name, declaration)))
        .collect()
}

/// The `stick` rules of a backend.
pub(super) fn sticks(proxy: &Proxy, tables: &[Arc<Table>], report: &mut Report) -> Vec<Stick> {
    let mut sticks = Vec::new();
    for line in &proxy.settings.sticks {
        let name = line.table.as_ref().map_or(proxy.name.as_str(), |word| &word.text);
        let Some(table) = tables.iter().find(|table| table.name == name) else {
            report.push(Diagnostic::alert(
                line.table.as_ref().map_or(line.span, |word| word.span),
                format!("Proxy '{}': unable to find stick-table '{name}'.", proxy.name),
            ));
            continue;
        };
        if !line.key.output().casts_to(table.declaration.key.sample()) {
            report.push(Diagnostic::alert(
                line.span,
                format!(
                    "Proxy '{}': type of fetch not usable with type of stick-table '{name}'.",
                    proxy.name
                ),
            ));
            continue;
        }
        sticks.push(Stick {
            purpose: line.purpose,
            key: line.key.clone(),
            table: Arc::clone(table),
            condition: line.condition.clone(),
        });
    }
    sticks
}
