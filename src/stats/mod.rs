//! Statistics: what is counted, as CSV, JSON and a page to look at (management guide, section 9).
//!
//! Apart from the runtime API because the page and the API show the same facts and derive them
//! from the same slices of columns and facts.

mod column;
mod csv;
mod info;
mod json;
mod page;
mod row;
mod selection;
mod state;
mod typed;
mod value;

pub use column::{Column, columns, named};
pub use csv::write as write_csv;
pub use info::{Fact, facts, uptime};
pub use json::{SCHEMA, write as write_json, write_info as write_info_json};
pub use page::{answer, matches};
pub use row::{Kind, Row};
pub use selection::{Hide, Proxy, Selection, proxies, rows};
pub use state::ServerState;
pub use typed::{write as write_typed, write_info as write_info_typed};
pub use value::Value;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use crate::live;
use crate::proxy::Plan;

/// What statistics are made of.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub plan: &'a Plan,
    pub process: &'a live::Process,
    pub workers: usize,
    /// The process clock.
    pub now_ms: u64,
}

/// Appends the CSV form of all proxies, or of those whose names `scope` holds.
pub fn csv(context: &Context<'_>, scope: &[String], out: &mut String) {
    let selection = Selection { scope, ..Selection::default() };
    write_csv(rows(context, &selection).into_iter(), out);
}

impl Context<'_> {
    /// Seconds since the start.
    #[must_use]
    pub fn uptime_s(&self) -> u64 {
        self.now_ms.saturating_sub(self.process.started_ms) / 1000
    }

    /// `node` of the global section, or the host's name.
    #[must_use]
    pub fn node(&self) -> String {
        self.plan.global.node.clone().unwrap_or_else(|| {
            let name = nix::unistd::gethostname();
            name.map_or_else(|_| String::new(), |name| name.to_string_lossy().into())
        })
    }

    fn listeners(&self) -> u32 {
        let open =
            self.plan.frontends.iter().filter(|frontend| {
                !frontend.live.disabled.load(std::sync::atomic::Ordering::Relaxed)
            });
        let binds: usize = open.map(|frontend| frontend.binds.len()).sum();
        (binds + self.plan.global.stats_sockets.len()) as u32
    }
}

/// What tools that read HAProxy's answers look for.
pub const PRODUCT: &str = "HAProxy";

/// The HAProxy version whose behaviour this is, and our own.
pub const VERSION: &str = concat!("3.4.0-evenkeel-", env!("CARGO_PKG_VERSION"));

/// Of the HAProxy version whose behaviour this is.
pub const RELEASE_DATE: &str = "2026/06/03";
