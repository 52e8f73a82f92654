//! The example configurations load.

use std::path::Path;

use evenkeel::config::document::Document;
use evenkeel::config::{Options, load};
use evenkeel::syntax::diagnostic::Report;
use evenkeel::syntax::environment::Environment;

#[test]
fn every_example_configuration_loads_without_a_word() {
    let conf = Path::new(env!("CARGO_MANIFEST_DIR")).join("conf");
    let mut loaded = 0;
    for entry in std::fs::read_dir(conf).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "cfg") {
            continue;
        }
        let mut report = Report::default();
        let document =
            Document::read(std::slice::from_ref(&path), &mut Environment::default(), &mut report);
        let plan = load(&document, &Options::default(), &mut report);
        assert!(report.is_empty(), "{}:\n{}", path.display(), report.render(&document.files, 1));
        assert!(!plan.unwrap().frontends.is_empty(), "{}", path.display());
        loaded += 1;
    }
    assert!(loaded >= 2);
}
