//! Flags that answer and end, and the names that the program goes by.

use std::os::unix::fs::symlink;
use std::process::{Command, Output, Stdio};

use crate::support::binary;

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    text(Command::new(binary()).args(arguments).stdin(Stdio::null()).output().expect("start"))
}

fn text(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn without_anything_to_load_the_version_and_the_usage_are_shown() {
    for arguments in [&[][..], &["-h"], &["--help"], &["-c"], &["-Z", "-f", "x"], &["name"]] {
        let (status, output, errors) = run(arguments);
        assert_eq!(status, Some(1), "{arguments:?}");
        assert!(output.starts_with("HAProxy version 3.4.0"), "{arguments:?}: {output}");
        assert!(errors.contains("Usage : "), "{arguments:?}: {errors}");
    }
}

#[test]
fn bare_versions_are_one_line() {
    assert_eq!(run(&["-vqs"]), (Some(0), "3.4.0\n".to_owned(), String::new()));
    assert_eq!(run(&["-vqb"]), (Some(0), "3.4\n".to_owned(), String::new()));
    let (status, output, _) = run(&["-vq"]);
    assert_eq!(status, Some(0));
    assert!(output.starts_with("3.4.0-") && output.lines().count() == 1, "{output}");
}

#[test]
fn the_build_is_told_in_the_sections_that_tools_read() {
    let (status, output, _) = run(&["-vv"]);
    assert_eq!(status, Some(0));
    for line in [
        "Build options : ",
        "Default settings :",
        "  bufsize = 16384, maxrewrite = 1024, maxpollevents = 200",
        "Available polling systems :",
        "Available multiplexer protocols :",
        "Available filters :",
    ] {
        assert!(output.lines().any(|each| each == line), "no '{line}' in\n{output}");
    }
    let features = output.lines().find_map(|line| line.strip_prefix("Feature list : "));
    let features: Vec<_> = features.expect("a feature list").split(' ').collect();
    assert!(features.contains(&"+EPOLL") && features.contains(&"-KQUEUE"), "{features:?}");
    assert!(features.iter().all(|name| name.starts_with(['+', '-'])), "{features:?}");
    assert!(features.is_sorted_by_key(|name| &name[1..]), "{features:?}");
    assert!(output.lines().any(|line| line.starts_with("Available services :")), "{output}");
    assert!(output.contains("  <default> : mode=HTTP  side=FE|BE  mux=H1    flags=HTX"));
}

#[test]
fn conditions_answer_by_status() {
    let quiet = |status| (Some(status), String::new(), String::new());
    assert_eq!(run(&["-cc", "version_atleast(3.4)"]), quiet(0));
    assert_eq!(run(&["-cc", "version_atleast(3.5)"]), quiet(1));
    let (status, output, errors) = run(&["-cc", "foo"]);
    assert_eq!((status, output.as_str()), (Some(2), ""));
    let sentence = "Failed to evaluate condition: unparsable conditional expression 'foo'";
    assert!(errors.contains(sentence), "{errors}");
}

#[test]
fn classes_of_keywords_are_listed() {
    let (_, output, _) = run(&["-dKhelp", "-c", "-f", "/dev/null"]);
    for class in ["all", "acl", "cfg", "cli", "cnv", "flt", "smp", "svc"] {
        let found = output.lines().any(|line| line.starts_with(&format!("{class}: ")));
        assert!(found, "no {class} in {output}");
    }
    let (_, output, _) = run(&["-dKcnv,smp", "-q", "-c", "-f", "/dev/null"]);
    let lines: Vec<_> = output.lines().collect();
    assert!(lines.contains(&"# List of registered sample converter functions:"), "{output}");
    assert!(lines.iter().any(|line| line.starts_with("field(")), "{output}");
    assert!(lines.contains(&"# List of registered sample fetch functions:"), "{output}");
    assert!(lines.iter().any(|line| line.starts_with("[ Y Y ") && line.contains("] src: ")));
}

#[test]
fn the_usage_goes_by_the_name_of_the_program() {
    let directory = std::env::temp_dir().join(format!("evenkeel-name-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let (link, copy) = (directory.join("haproxy"), directory.join("balancer"));
    symlink(binary(), &link).expect("a link");
    std::fs::copy(binary(), &copy).expect("a copy");
    for (path, name) in [(&link, "haproxy"), (&copy, "balancer")] {
        let (_, _, errors) = text(Command::new(path).output().expect("start"));
        assert!(errors.starts_with(&format!("Usage : {name} [-f <cfgfile|cfgdir>]*")), "{errors}");
    }
    std::fs::remove_dir_all(&directory).expect("remove the directory");
}

/// Sections at the margin, their lines behind a tab, a blank behind every word.
#[test]
fn the_configuration_is_dumped_in_its_canonical_form() {
    let directory = tempfile_directory("dump");
    let file = directory.join("dump.cfg");
    let text = "global\n  maxconn   10 # c\ndefaults\n mode http\n timeout client 1s\nfrontend f\n  \
                bind 127.0.0.1:1\n  http-request deny if { path \"a b\" }\n";
    std::fs::write(&file, text).unwrap();
    let output = Command::new(binary()).arg("-c").arg("-dC").arg("-f").arg(&file).output().unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let expected = "global \n\tmaxconn 10 \ndefaults \n\tmode http \n\ttimeout client 1s \n\
                    frontend f \n\tbind 127.0.0.1:1 \n\thttp-request deny if { path a b } \n";
    // HAProxy reads, and therefore prints, some files twice.
    assert!(printed.starts_with(expected), "{printed}");
}

fn tempfile_directory(name: &str) -> std::path::PathBuf {
    let directory = std::env::temp_dir().join(format!("evenkeel-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}
