//! From written to meant. Nothing stops at the first mistake: all of them are reported, and a
//! plan is only made when there is none.

use super::document::Document;
use super::{resolve, section};
use crate::proxy::Plan;
use crate::syntax::diagnostic::Report;

/// What the command line and the machine have to say.
#[derive(Clone, Debug)]
pub struct Options {
    /// `-n`: replaces `maxconn` of the global section.
    pub maxconn: Option<usize>,
    /// Threads to start when `nbthread` is not set.
    pub threads_available: usize,
    /// `-dr`: servers whose names cannot be resolved start in maintenance.
    pub ignore_resolution_failures: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { maxconn: None, threads_available: 1, ignore_resolution_failures: false }
    }
}

/// The plan, or `None` when `report` holds alerts, those of reading the document included.
pub fn load(document: &Document, options: &Options, report: &mut Report) -> Option<Plan> {
    let said = section::collect(document, options, report);
    let mut meaning = Report::default();
    let plan = resolve::plan(said, options, &mut meaning);
    if report.alerts() > 0 {
        // What was not understood may be what a warning misses.
        meaning.keep_alerts();
    }
    report.extend(meaning);
    (report.alerts() == 0).then_some(plan)
}
