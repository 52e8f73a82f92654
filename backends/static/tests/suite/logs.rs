//! The access log as the binary writes it.

use std::fs;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::support::{Client, Folder, Process};

fn serve(extra: &str) -> (Folder, Process) {
    let folder = Folder::new();
    folder.file("a.txt", "abc");
    let process = Process::start(&folder.config(&format!("health: {{drain: 0}}\n{extra}")));
    (folder, process)
}

fn ask(process: &Process, request: &str) {
    let mut client = Client::connect(process.address);
    client.say(request);
    client.hear();
}

fn wait_for(what: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while !what() {
        assert!(Instant::now() < deadline, "waited in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn combined_lines_go_to_standard_output() {
    let (_folder, process) = serve("workers: 1\ntrusted_proxies: [127.0.0.1/32]\n");
    ask(
        &process,
        "GET /a.txt?q HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n\
         User-Agent: test \"1\"\r\nReferer: http://x/\r\n\r\n",
    );
    ask(&process, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    ask(&process, "nonsense\r\n\r\n");
    process.signal(Signal::SIGTERM);
    let (ok, out, _) = process.finish(Duration::from_secs(5));
    assert!(ok);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(lines[0].starts_with("192.0.2.7 - - ["), "{out}");
    assert!(
        lines[0]
            .ends_with("+0000] \"GET /a.txt?q HTTP/1.1\" 200 3 \"http://x/\" \"test \\x221\\x22\""),
        "{out}"
    );
    assert!(lines[1].contains("\"nonsense\" 400 "), "{out}");
}

#[test]
fn strangers_are_not_believed_and_json_is_json() {
    let (_folder, process) = serve("access_log: {format: json}\n");
    ask(&process, "GET /a.txt HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n");
    process.signal(Signal::SIGTERM);
    let (_, out, _) = process.finish(Duration::from_secs(5));
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["client"], "127.0.0.1");
    assert_eq!(value["status"], 200);
    assert_eq!(value["target"], "/a.txt");
}

#[test]
fn hangup_reopens_a_file_that_was_renamed() {
    let (folder, process) = serve("access_log: {path: access.log}\n");
    let (log, old) = (folder.path("access.log"), folder.path("access.log.1"));
    let has = |path: &std::path::Path, text: &str| {
        fs::read_to_string(path).is_ok_and(|lines| lines.contains(text))
    };
    ask(&process, "GET /one HTTP/1.1\r\nHost: x\r\n\r\n");
    wait_for(|| has(&log, "/one"));
    fs::rename(&log, &old).unwrap();
    process.signal(Signal::SIGHUP);
    wait_for(|| log.exists());
    ask(&process, "GET /two HTTP/1.1\r\nHost: x\r\n\r\n");
    wait_for(|| has(&log, "/two"));
    assert!(!has(&old, "/two"));
}
