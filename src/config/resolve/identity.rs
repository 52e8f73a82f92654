//! The numbers of proxies (`iid`): those that were asked for, and the lowest free ones.

use std::collections::BTreeMap;

use crate::config::section::Proxy;
use crate::syntax::diagnostic::{Diagnostic, Report};

/// One number for each proxy, in their order.
pub(super) struct Ids(pub(super) Vec<u32>);

impl Ids {
    pub(super) fn assign(proxies: &[Proxy], report: &mut Report) -> Self {
        let mut taken = BTreeMap::new();
        for proxy in proxies {
            let Some(id) = proxy.settings.id else { continue };
            if let Some(other) = taken.insert(id, proxy.name.as_str()) {
                report.push(Diagnostic::alert(
                    proxy.span,
                    format!(
                        "{} '{}' : custom id {id} is already used by '{other}'",
                        proxy.section.name(),
                        proxy.name
                    ),
                ));
            }
        }
        let mut free = (FIRST..).filter(|id| !taken.contains_key(id));
        let ids =
            proxies.iter().map(|proxy| proxy.settings.id.or_else(|| free.next()).unwrap_or(0));
        Self(ids.collect())
    }
}

/// HAProxy gives 1 to the hidden frontend of its runtime API.
const FIRST: u32 = 2;
