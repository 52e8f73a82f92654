//! Configurations, what they mean and what is said about them.
#![allow(clippy::unwrap_used, reason = "functions of tests are tests")]

mod cases;
mod documentation;
mod examples;
mod fixtures;
mod meaning;
mod program;
mod registry;

use evenkeel::config::document::{Document, SourceFile};
use evenkeel::config::{Options, load};
use evenkeel::proxy::Plan;
use evenkeel::syntax::diagnostic::Report;
use evenkeel::syntax::environment::Environment;

/// What became of a configuration.
struct Loaded {
    plan: Option<Plan>,
    report: Report,
    files: Vec<SourceFile>,
}

impl Loaded {
    fn text(name: &str, text: &(impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::text_with(name, text, &Options { threads_available: 2, ..Options::default() })
    }

    fn text_with(name: &str, text: &(impl AsRef<[u8]> + ?Sized), options: &Options) -> Self {
        let mut report = Report::default();
        let document = Document::parse(name, text, &mut Environment::default(), &mut report);
        let plan = load(&document, options, &mut report);
        Self { plan, report, files: document.files }
    }

    /// The plan of a configuration about which nothing is said.
    fn clean(self) -> Plan {
        assert!(self.report.is_empty(), "{}", self.said());
        self.plan.expect("no plan without an alert")
    }

    fn said(&self) -> String {
        self.report.render(&self.files, 1)
    }
}
