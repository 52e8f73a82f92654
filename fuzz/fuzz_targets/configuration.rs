//! Whatever the bytes of a configuration are, it is read, meant and reported on without a panic, and
//! a configuration that is refused says why.

#![no_main]

use evenkeel::config::document::Document;
use evenkeel::config::{Options, load};
use evenkeel::syntax::diagnostic::Report;
use evenkeel::syntax::environment::Environment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Files are not what this is about, and would be opened.
    if FORBIDDEN.iter().any(|word| bytes.windows(word.len()).any(|window| window == *word)) {
        return;
    }
    let mut report = Report::default();
    let mut environment: Environment = [("A", "a b"), ("E", "")].into_iter().collect();
    let document = Document::parse("fuzz.cfg", bytes, &mut environment, &mut report);
    let options = Options { ignore_resolution_failures: true, ..Options::default() };
    let plan = load(&document, &options, &mut report);
    assert_eq!(plan.is_none(), report.alerts() > 0);
    let _ = report.render(&document.files, 1);
});

const FORBIDDEN: &[&[u8]] = &[b"file", b"-f", b"-M", b"lua"];
