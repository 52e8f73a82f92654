//! The database is away: at the start, while the node runs, or there but silent.

use std::time::{Duration, Instant};

use crate::support::{Browser, Mariadb, Node, Stage, wait_for};

#[test]
fn a_node_waits_for_a_missing_sqlite_directory() {
    let directory = tempfile::tempdir().unwrap();
    let home = directory.path().join("later");
    let url = format!("sqlite://{}/board.db?mode=rwc", home.display());
    let node = Node::launch("app1", &url, "");
    assert_unavailable(&mut node.browser());
    std::fs::create_dir(&home).unwrap();
    node.wait_until_ready();
    node.browser().get("/app").assert_shows(&["Welcome aboard"]);
}

#[test]
fn a_node_gives_up_when_no_database_comes() {
    let url = "mysql://app:s3cret@127.0.0.1:1/board";
    let started = Instant::now();
    let mut node = Node::launch("app1", url, "database: {start_timeout: 1s}");
    let (status, log) = node.ended();
    assert_eq!(status.code(), Some(1));
    assert!(started.elapsed() < Duration::from_secs(10));
    let last = log.last().unwrap();
    let expected = "evenkeel-app: no database at mysql://127.0.0.1:1/board within 1s: ";
    assert!(last.starts_with(expected), "{last}");
    assert!(!log.iter().any(|line| line.contains("s3cret")), "{log:?}");
}

#[test]
fn a_node_that_waits_can_be_stopped() {
    let mut node = Node::launch("app1", "mysql://app@127.0.0.1:1/board", "");
    node.signal("TERM");
    assert_eq!(node.ended().0.code(), Some(0));
}

#[test]
fn a_node_outlives_its_mariadb() {
    if Stage::mariadb().is_none() {
        return;
    }
    let mut server = Mariadb::start();
    let url = server.create_database();
    server.stop();
    let limits = "database: {acquire_timeout: 1s}\nlimits: {request_timeout: 2s}";
    let node = Node::launch("app1", &url, limits);
    assert_unavailable(&mut node.browser());
    server.run();
    node.wait_until_ready();
    let mut browser = node.browser().demo();
    assert_eq!(browser.write("before", "the outage").status, 303);

    server.stop();
    assert_unavailable(&mut browser);
    server.run();
    assert_recovered(&mut browser);

    // A server that neither answers nor goes away.
    server.signal("STOP");
    // The signal reaches its threads one after the other: one may still answer.
    wait_for("the server to stand still", || browser.get("/readyz").status == 503);
    assert_unavailable(&mut browser);
    server.signal("CONT");
    assert_recovered(&mut browser);
}

fn assert_unavailable(browser: &mut Browser) {
    assert_eq!(browser.get("/healthz").status, 200);
    let ready = browser.get("/readyz");
    assert_eq!(ready.status, 503);
    assert!(ready.body.starts_with("not ready: the database does not answer: "), "{}", ready.body);
    for path in ["/app", "/app/login"] {
        let reply = browser.get(path);
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("5")), "{path}");
        reply.assert_shows(&["<h1>Service Unavailable</h1>", "node <strong>app1</strong>."]);
    }
    let reply = browser.get("/app/api/messages");
    assert_eq!((reply.status, reply.json()["error"].is_string()), (503, true));
}

/// By itself, and with the session from before.
fn assert_recovered(browser: &mut Browser) {
    wait_for("the node to recover", || browser.get("/readyz").status == 200);
    wait_for("the pages to recover", || browser.get("/app").status == 200);
    browser.get("/app").assert_shows(&["Signed in as <strong>demo</strong>", "before"]);
}
