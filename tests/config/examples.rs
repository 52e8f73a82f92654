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

#[test]
fn mistakes_of_all_files_are_told_at_once() {
    let directory = std::env::temp_dir().join(format!("evenkeel-files-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let paths = [directory.join("1.cfg"), directory.join("2.cfg")];
    std::fs::write(&paths[0], "global\n    maxcon 5\n").unwrap();
    std::fs::write(&paths[1], "backend b\n    balanc first\n    retires 3\n").unwrap();
    let mut report = Report::default();
    let document = Document::read(&paths, &mut Environment::default(), &mut report);
    assert!(load(&document, &Options::default(), &mut report).is_none());
    std::fs::remove_dir_all(&directory).unwrap();
    let places: Vec<_> = report
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.span.unwrap();
            (span.file, span.line, diagnostic.hint.clone().unwrap())
        })
        .collect();
    let hint = |word: &str| format!("did you mean '{word}'?");
    assert_eq!(places, [(0, 2, hint("maxconn")), (1, 2, hint("balance")), (1, 3, hint("retries"))]);
}
