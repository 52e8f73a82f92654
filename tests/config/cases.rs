//! Every file in `cases` is a configuration and, below a marker line, what must be said about it:
//! one line for each diagnostic, in order: line number (or `-`), severity, beginning or part of
//! the message. A line with `=` is the hint of the diagnostic above it.

use std::path::{Path, PathBuf};
use std::process::Command;

use evenkeel::syntax::diagnostic::Diagnostic;

use crate::Loaded;

const MARKER: &str = "#### expected\n";

#[test]
fn what_is_said_is_what_stands_below_the_line() {
    let mut failures = Vec::new();
    for path in cases() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (configuration, expected) = split(&path);
        let loaded = Loaded::text(&name, &configuration);
        if let Some(difference) = difference(&expected, loaded.report.iter()) {
            failures.push(format!("{name}: {difference}\n\n{}", loaded.said()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// HAProxy refuses what is expected to be refused, and the other way round. Cases that show a
/// limit of evenkeel's own are left out.
#[test]
#[ignore = "needs a HAProxy 3.4 in the environment variable HAPROXY"]
fn haproxy_comes_to_the_same_verdict() {
    let haproxy = std::env::var_os("HAPROXY").expect("HAPROXY is the path of its binary");
    let directory = std::env::temp_dir();
    for path in cases() {
        let (configuration, expected) = split(&path);
        if expected.contains("not supported by evenkeel yet") {
            continue;
        }
        let file = directory.join(format!("evenkeel-case-{}.cfg", std::process::id()));
        std::fs::write(&file, configuration).unwrap();
        let output = Command::new(&haproxy).arg("-c").arg("-f").arg(&file).output().unwrap();
        std::fs::remove_file(&file).unwrap();
        let refused = expected.lines().any(|line| line.split(' ').nth(1) == Some("alert"));
        // 2: correct, but without any listener.
        let theirs = output.status.code() == Some(1);
        assert_eq!(refused, theirs, "{}", path.display());
    }
}

fn cases() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/cases");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn split(path: &Path) -> (String, String) {
    let text = std::fs::read_to_string(path).unwrap();
    let (configuration, expected) =
        text.split_once(MARKER).unwrap_or_else(|| panic!("no marker in {}", path.display()));
    (configuration.to_owned(), expected.to_owned())
}

/// The first expectation that does not hold.
fn difference<'a>(
    expected: &str,
    mut said: impl Iterator<Item = &'a Diagnostic>,
) -> Option<String> {
    let mut last: Option<&Diagnostic> = None;
    for expectation in expected.lines() {
        if let Some(hint) = expectation.trim_start().strip_prefix("= ") {
            let found = last.and_then(|diagnostic| diagnostic.hint.as_deref());
            if found != Some(hint) {
                return Some(format!("expected the hint {hint:?}, not {found:?}"));
            }
            continue;
        }
        last = said.next();
        if !last.is_some_and(|diagnostic| agrees(expectation, diagnostic)) {
            return Some(format!("expected {expectation:?}, not {last:?}"));
        }
    }
    said.next().map(|superfluous| format!("nothing more was expected, but {superfluous:?}"))
}

fn agrees(expectation: &str, diagnostic: &Diagnostic) -> bool {
    let mut parts = expectation.splitn(3, ' ');
    let line = parts.next().unwrap();
    let severity = format!("[{}]", parts.next().unwrap().to_uppercase());
    let message = parts.next().unwrap();
    let found = diagnostic.span.map_or("-".to_owned(), |span| span.line.to_string());
    line == found && severity == diagnostic.severity.label() && diagnostic.message.contains(message)
}
