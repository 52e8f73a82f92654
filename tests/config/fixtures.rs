//! Small configurations, each about one thing, and what HAProxy 3.4 says about them. The files in
//! `fixtures` hold many each:
//!
//! ```text
//! ==== a keyword that does not exist
//! global
//!     fpo 1
//! ---- refused
//! 2 alert unknown keyword 'fpo' in 'global' section
//! ```
//!
//! Below the configuration stand HAProxy's verdict and the first line of each of its messages: line
//! number (or `-`), severity, sentence. Where evenkeel differs the file says so as `diff` would: `<`
//! marks what only HAProxy says, `>` what only evenkeel says, and the verdict reads "accepted, refused
//! by evenkeel". Such an exception that has become unnecessary fails the test.
//!
//! A new case needs no lines below its configuration, not even the verdict:
//! `HAPROXY=/path/to/haproxy EVENKEEL_BLESS=1 cargo test --test config fixtures` asks HAProxy for all of them.
//! Without `HAPROXY`, `EVENKEEL_BLESS=1` only compares evenkeel anew with what HAProxy is known to say.

mod case;
mod haproxy;

use std::path::{Path, PathBuf};

use self::case::{Case, File};
use self::haproxy::HaProxy;
use crate::Loaded;

/// What one of the two says about a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Verdict {
    refused: bool,
    /// In the form of the files, in the order they were said.
    lines: Vec<String>,
}

#[test]
fn fixtures_get_what_haproxy_says_but_for_what_they_except() {
    let bless = std::env::var_os("EVENKEEL_BLESS").is_some();
    let haproxy = std::env::var_os("HAPROXY").map(HaProxy::new);
    let mut failures = Vec::new();
    for path in paths() {
        let mut file = File::read(&path);
        for case in &mut file.cases {
            let theirs = match &haproxy {
                Some(haproxy) if bless => haproxy.verdict(&case.configuration),
                _ => case.haproxy().unwrap_or_else(|| panic!("'{}' has no verdict", case.title)),
            };
            let found = case.with(&theirs, &evenkeel(case));
            if found != *case {
                failures.push(format!("{}: {}", path.display(), found.render()));
            }
            *case = found;
        }
        if bless {
            file.write(&path);
        }
    }
    assert!(bless || failures.is_empty(), "found other than written:\n{}", failures.join("\n"));
}

/// What HAProxy is said to say is what it says.
#[test]
#[ignore = "needs a HAProxy 3.4 in the environment variable HAPROXY"]
fn fixtures_say_of_haproxy_what_it_says() {
    let haproxy =
        HaProxy::new(std::env::var_os("HAPROXY").expect("HAPROXY is the path of its binary"));
    let mut failures = Vec::new();
    for path in paths() {
        for case in File::read(&path).cases {
            let said = haproxy.verdict(&case.configuration);
            if case.haproxy().as_ref() != Some(&said) {
                failures.push(format!("{}: '{}': {said:#?}", path.display(), case.title));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn evenkeel(case: &Case) -> Verdict {
    let loaded = Loaded::text(case::FILE_NAME, &case.configuration);
    let line = |diagnostic: &evenkeel::syntax::diagnostic::Diagnostic| {
        let number = diagnostic.span.map_or("-".to_owned(), |span| span.line.to_string());
        let severity = diagnostic.severity.label().trim_matches(['[', ']']).to_lowercase();
        let sentence = diagnostic.message.lines().next().unwrap_or_default();
        case::printable(&format!("{number} {severity} {sentence}"))
    };
    let lines = loaded.report.iter().map(line).collect();
    Verdict { refused: loaded.report.alerts() > 0, lines }
}

fn paths() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/fixtures");
    let entries = std::fs::read_dir(directory).unwrap();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}
