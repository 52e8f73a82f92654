//! What the program prints of a configuration with `-c`, and how it ends: the frame around the
//! messages. Expected is what HAProxy 3.4.0 prints.

use std::path::PathBuf;
use std::process::Command;

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let directory = format!("evenkeel-program-{name}-{}", std::process::id());
        let directory = std::env::temp_dir().join(directory);
        std::fs::create_dir_all(&directory).unwrap();
        for (name, text) in files {
            std::fs::write(directory.join(name), text).unwrap();
        }
        Self(directory)
    }

    /// The exit status and the messages, without the process id and what is indented.
    fn check(&self, arguments: &str) -> (i32, Vec<String>) {
        let output = Command::new(env!("CARGO_BIN_EXE_evenkeel"))
            .arg("-c")
            .args(arguments.split(' '))
            .current_dir(&self.0)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let lines = said.lines().filter(|line| line.starts_with('['));
        let lines = lines.map(|line| {
            let (label, rest) = line.split_once(' ').unwrap();
            format!("{label} {}", rest.split_once(" : ").unwrap().1)
        });
        (output.status.code().unwrap(), lines.collect())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_with_errors_are_named_and_the_end_is_fatal() {
    let good = ("a.cfg", "global\n    maxconn 10\n");
    let bad = [("b.cfg", "global\n    foo\n"), ("c.cfg", "global\n    bar\n")];
    let scratch = Scratch::new("errors", &[good, bad[0], bad[1]]);
    let (status, lines) = scratch.check("-f a.cfg -f b.cfg -f c.cfg");
    assert_eq!(status, 1);
    let expected = [
        "[ALERT] config : parsing [b.cfg:2] : unknown keyword 'foo' in 'global' section",
        "[ALERT] config : Error(s) found in configuration file : b.cfg",
        "[ALERT] config : parsing [c.cfg:2] : unknown keyword 'bar' in 'global' section",
        "[ALERT] config : Error(s) found in configuration file : c.cfg",
        "[ALERT] config : Fatal errors found in configuration.",
    ];
    // HAProxy is done with a file before it reads the next one, evenkeel reads all of them first.
    let mut sorted = lines.clone();
    sorted.sort();
    let mut expected_sorted = expected.to_vec();
    expected_sorted.sort_unstable();
    assert_eq!(sorted, expected_sorted);
    assert_eq!(lines.last().unwrap(), expected.last().unwrap());
}

#[test]
fn a_file_that_cannot_be_opened_is_all_that_is_said() {
    let scratch = Scratch::new("missing", &[("a.cfg", "global\n    foo\n")]);
    let (status, lines) = scratch.check("-f a.cfg -f nope");
    assert_eq!(status, 1);
    let expected = "[ALERT] config : Cannot open configuration file/directory nope : No such file or directory";
    assert_eq!(lines, [expected]);
}

#[test]
fn warnings_are_fatal_when_asked_for() {
    let backend = "backend b\n    server s 127.0.0.1:1\n";
    let strict = format!("global\n    zero-warning\n{backend}");
    let scratch = Scratch::new("warnings", &[("w.cfg", backend), ("z.cfg", &strict)]);
    let warning = "[WARNING] missing timeouts for backend 'b'.";
    let abort = "[ALERT] Some warnings were found and 'zero-warning' is set. Aborting.";
    // Correct, but without a listener.
    assert_eq!(scratch.check("-f w.cfg"), (2, vec![warning.to_owned()]));
    for arguments in ["-dW -f w.cfg", "-f z.cfg"] {
        let expected = (1, vec![warning.to_owned(), abort.to_owned()]);
        assert_eq!(scratch.check(arguments), expected, "{arguments}");
    }
}

#[test]
fn what_only_evenkeel_remarks_is_not_fatal() {
    let hint = "global\n    zero-warning\n    maxpipes 10\n";
    let scratch = Scratch::new("remarks", &[("r.cfg", hint)]);
    let (status, lines) = scratch.check("-f r.cfg");
    let remark = "[WARNING] config : parsing [r.cfg:3] : 'maxpipes' is accepted but has no effect";
    assert_eq!((status, lines), (2, vec![remark.to_owned()]));
}
