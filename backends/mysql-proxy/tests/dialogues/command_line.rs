//! The program's command line and its settings file.

use std::process::{Command, Output};

use crate::support::proxy::temporary;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evenkeel-mysql-proxy")).args(arguments).output().unwrap()
}

fn run_with(config: &str, more: &[&str]) -> Output {
    let path = temporary("settings.yaml");
    std::fs::write(&path, config).unwrap();
    let output = run(&[&["--config", path.to_str().unwrap()], more].concat());
    std::fs::remove_file(path).unwrap();
    output
}

#[test]
fn the_example_passes_the_check() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conf/mysql-proxy.yaml");
    let output = run(&["--check", "--config", example]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("valid\n"));
}

#[test]
fn a_wrong_file_is_named_with_its_line_and_ends_with_status_1() {
    let output = run_with("listen: 127.0.0.1:0\nserver: []\n", &["--check"]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("unknown field `server`") && error.contains("line 2"), "{error}");
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn an_address_in_use_ends_with_status_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let config = format!("listen: {address}\nservers: [{{name: a, address: '127.0.0.1:1'}}]\n");
    let output = run_with(&config, &[]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains(&format!("cannot listen on {address}")), "{error}");
}

#[test]
fn help_and_version_succeed() {
    let version = run(&["--version"]);
    assert!(version.status.success());
    let expected = concat!("evenkeel-mysql-proxy ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(String::from_utf8(version.stdout).unwrap(), expected);
    let help = run(&["--help"]);
    assert!(help.status.success());
    assert!(String::from_utf8(help.stdout).unwrap().contains("--config <FILE>"));
}
