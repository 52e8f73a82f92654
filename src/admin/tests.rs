//! Dialogues with the runtime API over real sockets. The answers and log lines in
//! `tests/data/admin` are those of HAProxy 3.4.0 with the configuration of `stats::fixture`.

use std::cell::RefCell;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::*;
use crate::stats::fixture;

/// A process without traffic, and what it logged.
struct Process {
    context: Rc<Context>,
    log: Rc<RefCell<Vec<String>>>,
}

impl Process {
    fn new() -> Self {
        Self::with(fixture::plan())
    }

    fn with(plan: Plan) -> Self {
        let log = Rc::new(RefCell::new(Vec::new()));
        let (backends, frontends) = (Rc::clone(&log), Rc::clone(&log));
        let write = |log: &RefCell<Vec<String>>, level: log::Level, text: String| {
            log.borrow_mut().push(format!("{} {text}", level as u8));
        };
        let context = Rc::new(Context {
            plan: Arc::new(plan),
            process: Arc::new(fixture::process()),
            workers: fixture::WORKERS,
            notify: Box::new(move |_, level, text| write(&backends, level, text)),
            notify_frontend: Box::new(move |_, level, text| write(&frontends, level, text)),
        });
        Self { context, log }
    }

    /// Sends `text` at once, closes, and returns everything that came back.
    fn ask(&self, level: Level, text: &str) -> String {
        block_on(async {
            let (mut client, server) = UnixStream::pair().unwrap();
            client.write_all(text.as_bytes()).await.unwrap();
            client.shutdown().await.unwrap();
            let mut answer = String::new();
            let talk = serve(server, Rc::clone(&self.context), level);
            let ((), read) = both(talk, client.read_to_string(&mut answer)).await;
            read.unwrap();
            answer
        })
    }

    /// Goes through a captured dialogue.
    fn follow(&self, level: Level, dialogue: &str) {
        let mut steps = 0;
        for step in dialogue.split("\n> ").skip(1) {
            let mut lines = step.lines();
            let command = lines.next().unwrap();
            let (mut answer, mut logged) = (String::new(), Vec::new());
            for line in lines {
                match line.split_at(1) {
                    ("<", text) => answer += &format!("{}\n", text.strip_prefix(' ').unwrap_or("")),
                    ("!", text) => logged.push(text[1..].to_owned()),
                    _ => panic!("not a line of a dialogue: {line}"),
                }
            }
            assert_eq!(self.ask(level, &format!("{command}\n")), answer, "> {command}");
            assert_eq!(self.log.take(), logged, "> {command}");
            steps += 1;
        }
        assert!(steps > 0);
    }
}

fn block_on<T>(talk: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let limited = async { tokio::time::timeout(Duration::from_secs(20), talk).await.unwrap() };
    runtime.enable_all().build().unwrap().block_on(limited)
}

async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (std::pin::pin!(a), std::pin::pin!(b));
    let (mut a_done, mut b_done) = (None, None);
    std::future::poll_fn(|cx| {
        if a_done.is_none()
            && let Poll::Ready(value) = a.as_mut().poll(cx)
        {
            a_done = Some(value);
        }
        if b_done.is_none()
            && let Poll::Ready(value) = b.as_mut().poll(cx)
        {
            b_done = Some(value);
        }
        match (a_done.is_some(), b_done.is_some()) {
            (true, true) => Poll::Ready((a_done.take().unwrap(), b_done.take().unwrap())),
            _ => Poll::Pending,
        }
    })
    .await
}

/// Sends each text when the answer to the one before it has come.
fn converse(process: &Process, level: Level, steps: &[(&str, &str)]) {
    block_on(async {
        let (mut client, server) = UnixStream::pair().unwrap();
        let talk = serve(server, Rc::clone(&process.context), level);
        let dialogue = async {
            for (sent, expected) in steps {
                client.write_all(sent.as_bytes()).await.unwrap();
                let mut answer = vec![0; expected.len()];
                client.read_exact(&mut answer).await.unwrap();
                assert_eq!(String::from_utf8_lossy(&answer), *expected, "to {sent:?}");
            }
            client.shutdown().await.unwrap();
            let mut rest = String::new();
            client.read_to_string(&mut rest).await.unwrap();
            assert_eq!(rest, "");
        };
        both(talk, dialogue).await;
    });
}

#[test]
fn answers_and_errors_are_haproxys() {
    let dialogue = include_str!("../../tests/data/admin/answers.txt");
    Process::new().follow(Level::Admin, dialogue);
}

#[test]
fn changes_of_servers_are_answered_and_logged_as_haproxy_does() {
    let process = Process::new();
    process.follow(Level::Admin, include_str!("../../tests/data/admin/servers.txt"));
    let captured = include_str!("../../tests/data/admin/servers-state-after.txt");
    assert_eq!(states(&process), state_file(captured));
}

#[test]
fn a_backend_whose_servers_are_drained_or_weightless_has_none_available() {
    let process = Process::new();
    process.ask(Level::Admin, "set server db/m1 health down\n");
    process.log.take();
    process.follow(Level::Admin, include_str!("../../tests/data/admin/drained.txt"));
}

#[test]
fn levels_allow_what_haproxys_levels_allow() {
    for (level, dialogue) in [
        (Level::User, include_str!("../../tests/data/admin/level-user.txt")),
        (Level::Operator, include_str!("../../tests/data/admin/level-operator.txt")),
    ] {
        Process::new().follow(level, dialogue);
    }
}

/// `show servers state` without the seconds since the last change.
fn states(process: &Process) -> Vec<Vec<String>> {
    state_file(&process.ask(Level::User, "show servers state\n"))
}

fn state_file(text: &str) -> Vec<Vec<String>> {
    let line = |line: &str| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        if words.len() > 9 && words[0] != "#" {
            words.remove(9);
        }
        words
    };
    text.lines().map(line).collect()
}

#[test]
fn show_servers_tells_what_haproxy_tells() {
    let process = Process::new();
    assert_eq!(
        states(&process),
        state_file(include_str!("../../tests/data/admin/servers-state.txt"))
    );
    // HAProxy counts the connections of its checks as used.
    let without_checks = |text: &str| -> Vec<Vec<String>> {
        let cell = |(n, cell): (usize, &str)| {
            if (7..=9).contains(&n) && cell.parse::<u32>().is_ok() { "~" } else { cell }.to_owned()
        };
        text.lines().map(|line| line.split(' ').enumerate().map(cell).collect()).collect()
    };
    assert_eq!(
        without_checks(&process.ask(Level::User, "show servers conn\n")),
        without_checks(include_str!("../../tests/data/admin/servers-conn.txt")),
    );
}

#[test]
fn every_line_of_help_is_a_line_of_haproxys_in_its_order() {
    let captured = include_str!("../../tests/data/admin/help-list.txt");
    let ours = Process::new().ask(Level::Admin, "help\n");
    let mut theirs = captured.lines();
    for line in ours.lines() {
        assert!(theirs.any(|other| other == line), "not there, or not in this order: {line}");
    }
    assert!(ours.lines().count() > 25, "{ours}");
}

#[test]
fn what_is_not_known_is_answered_with_what_may_be_meant() {
    let process = Process::new();
    let answer = process.ask(Level::Admin, "set maxconn foo\n");
    let expected = "\
Unknown command: 'set', but maybe one of the following ones is a better match:
  set maxconn frontend <frontend> <value> : change a frontend's maxconn setting
  set maxconn global <value>              : change the per-process maxconn setting
  set maxconn server <bk>/<srv>           : change a server's maxconn setting
  help [<command>]                        : list matching or all commands
  prompt [help | n | i | p | timed ]*     : toggle interactive mode with prompt
  quit                                    : disconnect

";
    assert_eq!(answer, expected);
    let answer = process.ask(Level::Admin, "shwo stat\n");
    assert!(answer.contains("\n  show stat "), "{answer}");
    assert_eq!(process.ask(Level::Admin, "help show st\n").lines().count(), 6);
}

#[test]
fn a_prompt_keeps_the_talk_going_as_in_haproxy() {
    converse(
        &Process::new(),
        Level::Admin,
        &[
            ("prompt\n", "\n> "),
            ("show cli level;show cli level\n", "admin\n\nadmin\n\n> "),
            ("\n", "\n> "),
            (";\n", "\n\n> "),
            ("set server app/s2 weight <<\n", "+ "),
            ("x\n", "+ "),
            ("\n", "Require <weight> or <weight%>.\n\n> "),
            ("set weight app/s2 5 <<EOF\n", "+ "),
            ("\n", "+ "),
            ("EOF\n", "\n> "),
            ("prompt i;prompt\n", "\n\n> "),
            ("prompt i\n", "\n"),
            ("show cli level\r\n", "admin\n\n"),
            ("user\nshow cli level\n", "\nuser\n\n"),
            ("prompt timed\n", "\n[0:00:00:00]> "),
            ("prompt timed\n", "\n> "),
            ("prompt n;show cli level\n", "\nuser\n\n"),
        ],
    );
    converse(&Process::new(), Level::Admin, &[("prompt\n", "\n> "), ("quit;show info\n", "")]);
}

#[test]
fn without_a_prompt_one_line_is_answered() {
    let process = Process::new();
    let answer = process.ask(Level::Operator, "show cli level\nshow cli level\n");
    assert_eq!(answer, "operator\n\n");
    assert_eq!(process.ask(Level::Operator, "show cli level"), "", "a line without its end");
}

#[test]
fn a_line_or_payload_without_end_is_refused() {
    let process = Process::new();
    let answer = process.ask(Level::Admin, &"x".repeat(16_384));
    assert!(answer.starts_with("The command line is too big"), "{answer}");
    let payload = format!("echo <<\n{}", "a line\n".repeat(2400));
    let answer = process.ask(Level::Admin, &payload);
    assert!(answer.starts_with("The command line is too big"), "{answer}");
    let longest = format!("echo {}\n", "x".repeat(16_000));
    assert_eq!(process.ask(Level::Admin, &longest).len(), 16_002);
}

#[test]
fn an_idle_talk_ends_after_its_timeout() {
    let mut plan = fixture::plan();
    plan.global.stats_timeout = 60_000;
    let process = Process::with(plan);
    block_on(async {
        let (mut client, server) = UnixStream::pair().unwrap();
        let talk = serve(server, Rc::clone(&process.context), Level::User);
        let dialogue = async {
            client.write_all(b"prompt i;set timeout cli 50ms\n").await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            assert_eq!(answer, "\n\n");
        };
        both(talk, dialogue).await;
    });
}

#[test]
fn who_waits_is_served_when_a_server_gets_room() {
    let process = Process::new();
    let server = &process.context.plan.backends[0].servers[0];
    for _ in 0..10 {
        assert!(server.live.take_slot());
    }
    let (_ticket, _) = process.context.plan.backends[0].live.queue.join();
    assert_eq!(process.ask(Level::Admin, "set maxconn server app/s1 11\n"), "\n");
    assert!(process.context.plan.backends[0].live.queue.is_empty());
    assert!(!server.live.take_slot(), "the new slot went to who waited");
}

#[test]
fn who_waits_for_a_server_in_maintenance_goes_to_another() {
    let process = Process::new();
    let server = &process.context.plan.backends[0].servers[0];
    let (ticket, _) = server.live.queue.join();
    process.ask(Level::Admin, "disable server app/s1\n");
    assert_eq!(server.live.queue.leave(&ticket), Some(1), "s2 took over");
    let log = process.log.take().join("\n");
    assert!(log.contains(" 0 sessions active, 1 requeued, 0 remaining in queue."), "{log}");
}

#[test]
fn counters_are_cleared_up_to_the_level() {
    let process = Process::new();
    let backend = &process.context.plan.backends[0].live;
    let counters = backend.counters.at(1);
    counters.session_begins(process.context.now_ms());
    counters.session_ends();
    let read = || (counters.sessions_max.get(), counters.sessions_total.get());
    assert_eq!(read(), (1, 1));
    process.ask(Level::Operator, "clear counters\n");
    assert_eq!(read(), (0, 1));
    process.ask(Level::Operator, "clear counters all\n");
    assert_eq!(read(), (0, 1), "that takes an admin");
    process.ask(Level::Admin, "clear counters all\n");
    assert_eq!(read(), (0, 0));
}

#[test]
fn limits_are_set_where_the_proxy_reads_them() {
    let process = Process::new();
    process.ask(Level::Admin, "set maxconn frontend web 7; set maxconn global 50\n");
    assert_eq!(process.context.plan.frontends[0].live.maxconn.load(Relaxed), 7);
    assert_eq!(process.context.process.maxconn.load(Relaxed), 50);
    process.ask(Level::Admin, "set maxconn global 0\n");
    assert_eq!(process.context.process.maxconn.load(Relaxed), 2000);
}

#[test]
fn the_forms_of_statistics_are_reached() {
    let process = Process::new();
    for (command, start) in [
        ("show stat", "# pxname,svname,"),
        ("show stat typed", "F.2.0.0.pxname.1:KNSV:str:web\n"),
        ("show stat json typed", "F.2.0.0.pxname.1:KNSV:str:web\n"),
        ("show stat typed json", "[[{\"objType\":\"Frontend\","),
        ("show stat domain proxy app 4 2 typed", "S.4.2.0.pxname.1:KNSV:str:app\n"),
        ("show stat domain resolvers", "Invalid statistics domain.\n"),
        ("show info", "Name: HAProxy\nVersion: 3.4.0"),
        ("show info desc", "Name: HAProxy:\"Product name\"\n"),
        ("show info typed", "0.Name.1:POSV:str:HAProxy\n"),
        ("show info json", "[{\"field\":{\"pos\":0,\"name\":\"Name\"},"),
        ("show version", "3.4.0-evenkeel-"),
        ("show env PATH", "PATH="),
    ] {
        let answer = process.ask(Level::Operator, &format!("{command}\n"));
        assert!(answer.starts_with(start), "{command}: {answer}");
        assert!(answer.ends_with("\n\n"), "{command}: {answer}");
    }
}
