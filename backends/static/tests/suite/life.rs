//! The process: how it starts, fails to start, drains and stops.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use evenkeel_static::serve::Phase;

use crate::support::{Client, Folder, Process, Server, run_to_end};

const SOON: Duration = Duration::from_secs(5);

fn folder() -> Folder {
    let folder = Folder::new();
    folder.file("index.html", "home").file("large.bin", vec![1; 32 << 20]);
    folder
}

fn ask(client: &mut Client, path: &str) -> (u16, Option<String>) {
    client.say(&format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
    let answer = client.hear();
    (answer.status, answer.header("connection").map(str::to_owned))
}

#[test]
fn health_is_answered_without_a_file() {
    let server = Server::small("health: {path: /up}\n");
    let answer = server.get("/up", "");
    assert_eq!((answer.status, answer.text()), (200, "ok\n"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(server.get("/healthz", "").status, 404);
    server.enter(Phase::Draining);
    assert_eq!(server.get("/up", "").status, 503);
    // What `option httpchk /up` sends.
    let mut check = server.connect();
    check.say("OPTIONS /up HTTP/1.0\r\n\r\n");
    assert_eq!(check.hear().status, 503);
    assert_eq!(server.get("/", "").status, 200);
}

#[test]
fn signals_drain_first_and_then_stop() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGUSR1] {
        let folder = folder();
        let config = folder.config("workers: 2\nhealth: {drain: 800ms}\naccess_log: {path: off}\n");
        let process = Process::start(&config);
        let (mut idle, mut fresh) =
            (Client::connect(process.address), Client::connect(process.address));
        assert_eq!(ask(&mut idle, "/healthz"), (200, None));
        let start = Instant::now();
        process.signal(signal);
        while ask(&mut Client::connect(process.address), "/healthz").0 != 503 {
            assert!(start.elapsed() < Duration::from_millis(800), "{signal} did not drain");
        }
        // Traffic is still served meanwhile, but is asked to go elsewhere.
        assert_eq!(ask(&mut fresh, "/"), (200, Some("close".into())));
        let (ok, _, _) = process.finish(SOON);
        assert!(ok, "{signal}");
        assert!(start.elapsed() >= Duration::from_millis(800), "{signal} did not wait");
        assert!(idle.is_closed());
    }
}

#[test]
fn a_request_in_flight_ends_although_the_server_stops() {
    let folder = folder();
    let config = folder.config("health: {drain: 0}\naccess_log: {path: off}\n");
    let process = Process::start(&config);
    let mut client = Client::connect(process.address);
    client.say("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    std::thread::sleep(Duration::from_millis(100));
    let address = process.address;
    process.signal(Signal::SIGTERM);
    std::thread::sleep(Duration::from_millis(200));
    assert!(std::net::TcpStream::connect(address).is_err(), "still accepting");
    assert_eq!(client.hear().body.len(), 32 << 20);
    assert!(client.is_closed());
    assert!(process.finish(SOON).0);
}

#[test]
fn a_connection_accepted_in_the_last_moment_may_still_ask() {
    let server = Server::small("");
    let (mut late, mut silent) = (server.connect(), server.connect());
    std::thread::sleep(Duration::from_millis(50));
    server.enter(Phase::Stopping);
    assert_eq!(ask(&mut late, "/"), (200, Some("close".into())));
    assert!(late.is_closed());
    // The default for the whole stop is 10 seconds; one that says nothing is not waited for.
    let start = Instant::now();
    assert!(silent.is_closed());
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[test]
fn stopping_is_bounded_by_time_or_by_another_signal() {
    for (timeout, signals) in [("300ms", 1), ("1h", 2)] {
        let folder = folder();
        let extra = format!(
            "health: {{drain: 0}}\naccess_log: {{path: off}}\ntimeouts: {{shutdown: {timeout}}}\n"
        );
        let process = Process::start(&folder.config(&extra));
        let mut client = Client::connect(process.address);
        client.say("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
        std::thread::sleep(Duration::from_millis(100));
        for _ in 0..signals {
            process.signal(Signal::SIGTERM);
            std::thread::sleep(Duration::from_millis(100));
        }
        assert!(process.finish(SOON).0);
    }
}

#[test]
fn a_log_that_nobody_reads_does_not_keep_the_server_alive() {
    let folder = folder();
    let process = Process::start(&folder.config("health: {drain: 0}\n"));
    let mut client = Client::connect(process.address);
    // More than the pipe of the standard output holds.
    let agent = "u".repeat(7000);
    for _ in 0..40 {
        client.say(&format!("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: {agent}\r\n\r\n"));
        assert_eq!(client.hear().status, 200);
    }
    process.signal(Signal::SIGTERM);
    assert!(process.finish(SOON).0);
}

#[test]
fn a_port_in_use_is_one_sentence() {
    let folder = folder();
    let process = Process::start(&folder.config("access_log: {path: off}\n"));
    let config = folder.config("");
    let address = process.address.to_string();
    let output = run_to_end(&["-c", config.to_str().unwrap(), "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("evenkeel-static: cannot listen on {address}: the port is in use\n");
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
}

#[test]
fn a_wrong_configuration_is_one_sentence_with_its_line() {
    let folder = folder();
    for (extra, told) in [
        ("follow_symlink: yes\n", ":3: unknown field `follow_symlink`"),
        ("error_pages: {404: /gone.html}\n", "error page '/gone.html'"),
        ("workers: 0\n", ":3: "),
    ] {
        let config = folder.config(extra);
        for check in [&["--check"][..], &[]] {
            let output = run_to_end(&[&["-c", config.to_str().unwrap()], check].concat());
            assert_eq!(output.status.code(), Some(1), "{extra}");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(stderr.contains(told), "{extra} gave {stderr}");
            assert_eq!(stderr.lines().count(), 1, "{stderr}");
        }
    }
    let output = run_to_end(&["-c", folder.path("none.yaml").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let good = folder.config("");
    assert!(run_to_end(&["--check", "-c", good.to_str().unwrap()]).status.success());
    assert!(run_to_end(&["--help"]).status.success());
    assert!(run_to_end(&["--version"]).stdout.starts_with(b"evenkeel-static "));
}
