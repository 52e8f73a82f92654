//! The command line and the configuration file: what is right, and one sentence for what is wrong.

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use crate::support::program;

#[test]
fn the_example_configuration_is_right() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conf/app.yaml");
    let output = program().args(["--check", "--config", file]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stdout(&output).ends_with("app.yaml: the configuration is right\n"), "{output:?}");
}

#[test]
fn help_and_version_are_printed() {
    let output = program().arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    for word in ["--config <FILE>", "--check", "EVENKEEL_APP_DATABASE_URL"] {
        assert!(stdout(&output).contains(word), "{word}");
    }
    let output = program().arg("--version").output().unwrap();
    assert_eq!(stdout(&output), format!("evenkeel-app {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(program().output().unwrap().status.code(), Some(1), "--config is missing");
    assert_eq!(program().arg("--nonsense").output().unwrap().status.code(), Some(1));
}

#[test]
fn a_mistake_is_one_sentence_with_its_line() {
    for (lines, parts) in [
        ("nodes: 3", &["unknown field `nodes`", "line 3"][..]),
        ("session:\n  lifetme: 3h", &["session: unknown field `lifetme`", "line 4"]),
        ("session:\n  cookie_secure: true\n  lifetime: 0s", &["`0s` is too short", "line 5"]),
        ("session: {lifetime: soon}", &["`soon` is no duration like 15s", "line 3"]),
        ("drain: {timeout: 20years}", &["longer than ten years", "line 3"]),
        ("base_path: app", &["base_path `app` must look like `/app`", "line 3"]),
        (
            "limits:\n  body: 2048\n  page_size: 0",
            &["limits.page_size", "expected a whole number from 1 to 1000", "line 5"],
        ),
        ("database: {url: 'postgres://x/y'}", &["must begin with sqlite: or mysql:", "line 3"]),
        ("database: {url: 'mysql://u@h/d?ssl-mode=REQUIRED'}", &["asks for TLS", "line 3"]),
        ("log: {level: loud}", &["unknown variant `loud`", "line 3"]),
        ("trusted_proxies: [localhost]", &["invalid IP address", "line 3"]),
        ("password: {memory_kib: 1}", &["password.memory_kib", "from 8 to", "line 3"]),
        ("password: {passes: -1}", &["password.passes", "from 1 to 100", "line 3"]),
        ("listen: 127.0.0.1:1", &["duplicate", "`listen`"]),
        ("drain: [", &["line"]),
    ] {
        let output = check(&format!("node: app1\nlisten: 127.0.0.1:0\n{lines}\n"));
        let sentence = refusal(&output);
        for part in parts {
            assert!(sentence.contains(part), "{lines}: `{part}` is missing in: {sentence}");
        }
    }
    assert!(refusal(&check("node: app1\n")).contains("missing field `listen`"));
    assert!(refusal(&check("node: a b\nlisten: 127.0.0.1:1\n")).contains("node `a b` must be"));
    let output = program().args(["--check", "--config", "/nowhere/app.yaml"]).output().unwrap();
    assert!(refusal(&output).contains("/nowhere/app.yaml: cannot be read"));
}

#[test]
fn a_wrong_url_in_the_environment_keeps_its_secret() {
    let file = written(Path::new("app.yaml"), "node: app1\nlisten: 127.0.0.1:0\n");
    for url in ["mysql://app:s3cret@host", "mysql://app:s3cret@host:port/x", "s3cret"] {
        let output = program()
            .args(["--check", "--config"])
            .arg(&file.1)
            .env("EVENKEEL_APP_DATABASE_URL", url)
            .output()
            .unwrap();
        let sentence = refusal(&output);
        assert!(sentence.starts_with("evenkeel-app: EVENKEEL_APP_DATABASE_URL: "), "{sentence}");
        assert!(!sentence.contains("s3cret"), "{sentence}");
    }
}

#[test]
fn an_address_in_use_is_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let file = written(Path::new("app.yaml"), "node: app1\nlisten: 127.0.0.1:0\n");
    let output = program().args(["--listen", &address, "--config"]).arg(&file.1).output().unwrap();
    let expected =
        format!("evenkeel-app: cannot listen on {address}: the address is already in use");
    assert_eq!(refusal(&output), expected);
}

#[test]
fn the_command_line_overrides_the_file() {
    let file = written(Path::new("app.yaml"), "node: app1\nlisten: 127.0.0.1:0\n");
    let output =
        program().args(["--check", "--node", "a/b", "--config"]).arg(&file.1).output().unwrap();
    assert!(refusal(&output).contains("--node: node `a/b` must be"), "{output:?}");
}

fn check(text: &str) -> Output {
    let (_directory, file) = written(Path::new("app.yaml"), text);
    program().args(["--check", "--config"]).arg(&file).output().unwrap()
}

fn written(name: &Path, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(name);
    std::fs::write(&file, text).unwrap();
    (directory, file)
}

/// The one line on standard error of a program that ended with status 1.
fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    let mut lines = text.lines();
    let sentence = lines.next().unwrap_or_default().to_owned();
    assert_eq!(lines.next(), None, "{text}");
    assert!(sentence.starts_with("evenkeel-app: "), "{sentence}");
    sentence
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}
