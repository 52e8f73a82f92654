//! Configurations that are checked or refused, and addresses that are taken.

use std::process::{Command, Stdio};

use crate::support::{Proxy, binary, is_reference};

/// The status and the standard error of a run that ends by itself.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(binary())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("start the proxy");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_good_configuration_is_checked_and_not_run() {
    let mut proxy = Proxy::spawn("listen web\n  bind <front>\n  mode tcp\n", &["-c"]);
    assert_eq!(proxy.wait().code(), Some(0));
}

#[test]
fn all_mistakes_are_told_with_their_lines() {
    let mut proxy = Proxy::spawn("listen web\n  bnd <front>\n  mode carrier-pigeon\n", &["-c"]);
    assert_eq!(proxy.wait().code(), Some(1));
    let errors = proxy.errors();
    assert!(errors.contains(":4]"), "{errors}");
    assert!(errors.contains(":5]"), "{errors}");
    assert!(errors.contains("'bnd'"), "{errors}");
}

#[test]
fn a_missing_file_is_status_1() {
    let (status, errors) = run(&["-f", "/nonexistent/haproxy.cfg"]);
    assert_eq!(status, Some(1));
    assert!(errors.contains("/nonexistent/haproxy.cfg"), "{errors}");
}

#[test]
fn an_address_in_use_is_one_sentence_and_status_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("listen");
    let address = taken.local_addr().expect("an address");
    let text = format!("listen web\n  bind {address}\n  mode tcp\n");
    let mut proxy = Proxy::spawn(&text, &["-db"]);
    assert_eq!(proxy.wait().code(), Some(1));
    let errors = proxy.errors();
    let about: Vec<_> = errors.lines().filter(|line| line.contains("in use")).collect();
    assert_eq!(about.len(), 1, "{errors}");
    assert!(about[0].contains(&address.to_string()), "{errors}");
}

#[test]
fn a_version_is_told() {
    let output = Command::new(binary()).arg("-v").output().expect("start the proxy");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
    assert!(text.contains(if is_reference() { "haproxy" } else { "evenkeel" }), "{text}");
}
