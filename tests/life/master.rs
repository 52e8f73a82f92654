//! Master-worker mode: reloads, failures, the service manager and the master CLI.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::support::{Proxy, binary, eventually, refuses, signal};

const ANSWERING: &str = "defaults\n  mode http\n  timeout client 20s\n  timeout server 20s\n  \
    timeout connect 20s\nfrontend web\n  bind <front>\n  \
    http-request return status 200 content-type text/plain string ok";

fn started(arguments: &[&str]) -> Proxy {
    Proxy::start_with(ANSWERING, arguments)
}

/// The process that answers on the statistics socket.
fn worker(proxy: &Proxy) -> u64 {
    proxy.info("Pid")
}

fn master_cli(proxy: &Proxy, command: &str) -> String {
    let mut socket =
        UnixStream::connect(proxy.directory().join("master.sock")).expect("the master CLI");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    socket.write_all(format!("{command}\n").as_bytes()).expect("a command");
    socket.shutdown(Shutdown::Write).expect("the end");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    answer
}

fn reload(proxy: &Proxy, how: &str) {
    let before = worker(proxy);
    proxy.signal(how);
    eventually("another worker answers", || (worker(proxy) != before).then_some(()));
}

#[test]
fn a_worker_serves_and_the_pid_file_holds_the_master() {
    let proxy = started(&["-W", "-p", "<dir>/pid"]);
    let pid = std::fs::read_to_string(proxy.directory().join("pid")).expect("the pid file");
    assert_eq!(pid, format!("{}\n", proxy.pid()));
    assert_ne!(worker(&proxy), u64::from(proxy.pid()));
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().text(), "ok");
}

#[test]
fn the_keyword_of_the_global_section_does_it_too() {
    let proxy = Proxy::start(&format!("  master-worker\n{ANSWERING}"));
    assert_ne!(worker(&proxy), u64::from(proxy.pid()));
}

#[test]
fn signals_end_it_with_the_statuses_that_scripts_know() {
    for (name, status) in [("TERM", 0), ("INT", 130), ("USR1", 0)] {
        let mut proxy = started(&["-W"]);
        proxy.signal(name);
        assert_eq!(proxy.wait().code(), Some(status), "{name}: {}", proxy.errors());
        refuses(proxy.front());
    }
}

#[test]
fn no_request_fails_over_five_reloads() {
    let proxy = started(&["-W"]);
    let stop = Arc::new(AtomicBool::new(false));
    let served = Arc::new(AtomicU64::new(0));
    let front = proxy.front();
    let clients: Vec<_> = [false, true, false, true]
        .into_iter()
        .map(|keeps| {
            let (stop, served) = (Arc::clone(&stop), Arc::clone(&served));
            std::thread::spawn(move || {
                let mut kept = None;
                while !stop.load(Relaxed) {
                    kept = request(front, kept, keeps);
                    served.fetch_add(1, Relaxed);
                }
            })
        })
        .collect();
    for _ in 0..5 {
        let before = served.load(Relaxed);
        reload(&proxy, "USR2");
        eventually("more is served", || (served.load(Relaxed) > before + 20).then_some(()));
    }
    stop.store(true, Relaxed);
    for client in clients {
        client.join().expect("no request fails");
    }
}

/// One request. A connection that was kept may have been closed before the request came, which a
/// client takes as a reason to connect again (RFC 9112, section 9.3.1); a new one may not.
fn request(front: std::net::SocketAddr, kept: Option<TcpStream>, keeps: bool) -> Option<TcpStream> {
    let close = if keeps { "" } else { "Connection: close\r\n" };
    let exchange = |mut stream: &TcpStream| -> std::io::Result<Vec<u8>> {
        stream.write_all(format!("GET / HTTP/1.1\r\nHost: a\r\n{close}\r\n").as_bytes())?;
        let mut text = Vec::new();
        let mut bytes = [0; 1024];
        while !text.ends_with(b"\r\n\r\nok") {
            match stream.read(&mut bytes)? {
                0 => break,
                n => text.extend(&bytes[..n]),
            }
        }
        Ok(text)
    };
    if let Some(stream) = kept
        && let Ok(text) = exchange(&stream)
        && !text.is_empty()
    {
        return after(stream, &text);
    }
    let stream = TcpStream::connect(front).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let text = exchange(&stream).expect("an answer");
    after(stream, &text).filter(|_| keeps)
}

fn after(stream: TcpStream, text: &[u8]) -> Option<TcpStream> {
    let text = String::from_utf8_lossy(text).to_lowercase();
    assert!(text.starts_with("http/1.1 200") && text.ends_with("ok"), "{text}");
    (!text.contains("connection: close")).then_some(stream)
}

#[test]
fn a_reload_that_fails_keeps_the_worker() {
    let proxy = started(&["-W"]);
    let before = worker(&proxy);
    let good = std::fs::read_to_string(proxy.file()).expect("the file");
    std::fs::write(proxy.file(), format!("{good}\n  bogus\n")).expect("write");
    proxy.signal("HUP");
    eventually("the failure is told", || {
        proxy.errors().contains("Failed to load worker").then_some(())
    });
    let errors = proxy.errors();
    assert!(errors.contains("unknown keyword 'bogus' in 'frontend' section"), "{errors}");
    assert!(errors.contains("exited with code 1 (Exit)"), "{errors}");
    assert_eq!(worker(&proxy), before);
    std::fs::write(proxy.file(), good).expect("write");
    reload(&proxy, "HUP");
}

#[test]
fn an_address_is_given_up_when_the_configuration_does() {
    let proxy = Proxy::start_with(&format!("{ANSWERING}\n  bind <front2>"), &["-W"]);
    proxy.client2();
    let text = std::fs::read_to_string(proxy.file()).expect("the file");
    let kept: Vec<_> =
        text.lines().filter(|line| !line.contains(&proxy.front2().to_string())).collect();
    std::fs::write(proxy.file(), kept.join("\n") + "\n").expect("write");
    reload(&proxy, "USR2");
    eventually("the address is free", || TcpStream::connect(proxy.front2()).is_err().then_some(()));
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().text(), "ok");
}

#[test]
fn a_worker_that_dies_takes_all_with_it() {
    let mut proxy = started(&["-W"]);
    signal(u32::try_from(worker(&proxy)).expect("a process id"), "KILL");
    assert_eq!(proxy.wait().code(), Some(137));
    let errors = proxy.errors();
    assert!(errors.contains("exited with code 137 (Killed)"), "{errors}");
    assert!(errors.contains("exit-on-failure: killing every processes with SIGTERM"), "{errors}");
}

#[test]
fn unless_it_shall_not() {
    let mut proxy = Proxy::start(&format!("  master-worker no-exit-on-failure\n{ANSWERING}"));
    signal(u32::try_from(worker(&proxy)).expect("a process id"), "KILL");
    eventually("the end of the worker is told", || {
        proxy.errors().contains("(Killed)").then_some(())
    });
    proxy.signal("USR2");
    eventually("another serves", || proxy.errors().matches("Loading success.").nth(1).map(drop));
    assert!(proxy.is_running());
    let mut client = proxy.client();
    client.get("/");
    assert_eq!(client.response().text(), "ok");
}

#[test]
fn an_address_in_use_ends_it_with_status_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("listen");
    let address = taken.local_addr().expect("an address");
    let mut proxy = Proxy::spawn(
        &format!("frontend web\n  mode tcp\n  timeout client 1s\n  bind {address}"),
        &["-W"],
    );
    assert_eq!(proxy.wait().code(), Some(1));
}

#[test]
fn a_daemon_is_there_when_the_process_that_was_started_ends() {
    let mut starting = Proxy::spawn(ANSWERING, &["-W", "-D", "-p", "<dir>/pid"]);
    assert_eq!(starting.wait().code(), Some(0), "{}", starting.errors());
    let pid = std::fs::read_to_string(starting.directory().join("pid")).expect("the pid file");
    let pid: u32 = pid.trim().parse().expect("a process id");
    assert_ne!(u64::from(pid), worker(&starting));
    let mut client = starting.client();
    client.get("/");
    assert_eq!(client.response().text(), "ok");
    signal(pid, "TERM");
    eventually("it ends", || TcpStream::connect(starting.front()).is_err().then_some(()));
}

#[test]
fn the_master_cli_shows_reloads_and_hands_on() {
    let proxy = started(&["-W", "-S", "<dir>/master.sock"]);
    let before = worker(&proxy);
    let text = master_cli(&proxy, "show proc");
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let words = |at: usize| lines[at].split_whitespace().collect::<Vec<_>>();
    assert_eq!(words(0), ["#<PID>", "<type>", "<reloads>", "<uptime>", "<version>"], "{text}");
    assert_eq!(words(1)[..5], [&proxy.pid().to_string(), "master", "0", "[failed:", "0]"]);
    assert_eq!(lines[2], "# workers");
    assert_eq!(words(3)[..3], [&before.to_string(), "worker", "0"]);

    assert!(master_cli(&proxy, "reload").starts_with("Success=1\n--\n"));
    let after = worker(&proxy);
    assert_ne!(after, before);
    let text = master_cli(&proxy, "@1 show info");
    assert!(text.contains(&format!("\nPid: {after}\n")), "{text}");
    let text = master_cli(&proxy, &format!("@!{after} show info"));
    assert!(text.contains(&format!("\nPid: {after}\n")), "{text}");

    let good = std::fs::read_to_string(proxy.file()).expect("the file");
    std::fs::write(proxy.file(), format!("{good}\n  bogus\n")).expect("write");
    assert!(master_cli(&proxy, "reload").starts_with("Success=0\n--\n"));
    assert!(master_cli(&proxy, "show proc").contains(" 2 [failed: 1] "));
    assert_eq!(worker(&proxy), after);
}

/// A test's own service manager.
#[test]
fn the_service_manager_is_told() {
    let directory = std::env::temp_dir().join(format!("evenkeel-notify-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let file = directory.join("haproxy.cfg");
    let text = "defaults\n  mode http\n  timeout client 1s\n  timeout connect 1s\n  \
                timeout server 1s\nfrontend web\n  bind unix@";
    std::fs::write(&file, format!("{text}{}/web.sock\n", directory.display())).expect("write");
    let manager = UnixDatagram::bind(directory.join("notify.sock")).expect("a manager");
    manager.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let hear = || {
        let mut bytes = [0; 1024];
        let length = manager.recv(&mut bytes).expect("a notification");
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let mut master = Command::new(binary())
        .arg0("haproxy")
        .arg("-Ws")
        .arg("-f")
        .arg(&file)
        .env("NOTIFY_SOCKET", directory.join("notify.sock"))
        .stderr(Stdio::null())
        .spawn()
        .expect("start");
    let ready = format!("READY=1\nMAINPID={}\nSTATUS=Ready.\n", master.id());
    assert_eq!(hear(), ready);
    signal(master.id(), "USR2");
    let reloading = hear();
    assert!(
        reloading.starts_with("RELOADING=1\nSTATUS=Reloading Configuration.\nMONOTONIC_USEC="),
        "{reloading}"
    );
    assert_eq!(hear(), ready);
    std::fs::write(&file, "bogus\n").expect("write");
    signal(master.id(), "USR2");
    assert!(hear().starts_with("RELOADING=1\n"));
    assert_eq!(hear(), "READY=1\nSTATUS=Reload failed!\n");
    signal(master.id(), "TERM");
    let status = master.wait().expect("the end");
    assert!(status.code() == Some(0) && status.signal().is_none(), "{status}");
    std::fs::remove_dir_all(&directory).expect("remove the directory");
}
