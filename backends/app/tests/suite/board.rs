//! The messages: written, listed, read, refused.

use crate::support::{Stage, with_each_database};

with_each_database! {
    the_seed_is_there,
    a_message_is_written_and_read,
    markup_is_shown_and_not_run,
    a_wrong_message_is_shown_again,
    the_list_is_paged,
    writing_is_throttled_per_user,
    what_is_not_there_is_said_so,
    the_board_may_lie_at_the_root,
}

fn the_seed_is_there(stage: &Stage) {
    let reply = stage.node("").browser().get("/app");
    assert_eq!(reply.status, 200);
    reply.assert_shows(&["Welcome aboard", "An even keel", "by demo"]);
    assert_eq!(reply.header("x-served-by"), Some("app1"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert!(!reply.body.contains("<script") && !reply.body.contains("style=\""));
    match &stage.version {
        Some(version) => reply.assert_shows(&["node <strong>app1</strong> with MariaDB", version]),
        None => reply.assert_shows(&["node <strong>app1</strong> with SQLite 3.", "(embedded)"]),
    }
}

fn a_message_is_written_and_read(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser().demo();
    let reply = browser.write("Größe 🚢", "first line\r\nsecond \u{1F30A} line");
    assert_eq!(reply.status, 303);
    let location = reply.header("location").unwrap();
    assert_eq!(location, "/app/messages/4", "after a seed of three");
    browser.get(location).assert_shows(&[
        "<h1>Größe 🚢</h1>",
        "by demo",
        "<time datetime=\"20",
        "first line\nsecond \u{1F30A} line</p>",
    ]);
    browser.get("/app").assert_shows(&["Größe 🚢", "Welcome aboard"]);
}

fn markup_is_shown_and_not_run(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser().demo();
    let (title, body) = ("<script>alert(1)</script>", "\"><img src=x onerror='alert(2)'>&amp;");
    let reply = browser.write(title, body);
    let location = reply.header("location").unwrap().to_owned();
    for path in ["/app", &location] {
        let page = browser.get(path).body;
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains("alert(1)") && page.contains("alert(2)"), "{page}");
    }
    // In a form's value, too.
    let page = browser.write(title, "").body;
    assert!(page.contains("alert(1)") && !page.contains("<script"), "{page}");
    let page = browser.write("", "</textarea><script>alert(3)</script>").body;
    assert!(page.contains("alert(3)") && !page.contains("<script"), "{page}");
}

fn a_wrong_message_is_shown_again(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser().demo();
    let long = "ü".repeat(121);
    for (title, body, sentence) in [
        ("", "kept body", "Write a title."),
        (long.as_str(), "kept body", "The title has 121 characters; at most 120 fit."),
    ] {
        let reply = browser.write(title, body);
        assert_eq!(reply.status, 422);
        reply.assert_shows(&["aria-describedby=\"title-error\"", sentence, "kept body"]);
    }
    let reply = browser.write("kept title", "  \r\n ");
    assert_eq!(reply.status, 422);
    reply.assert_shows(&["value=\"kept title\"", "Write a message."]);
    let fields = [("title", "x"), ("body", &*"x".repeat(70_000))];
    let reply = browser.submit("/app/new", "/app/messages", &fields);
    assert_eq!(reply.status, 413);
    reply.assert_shows(&["What was sent is too large."]);
    assert!(!browser.get("/app").body.contains("kept"), "nothing was stored");
}

fn the_list_is_paged(stage: &Stage) {
    let node = stage.node("limits: {page_size: 3}");
    let mut browser = node.browser().demo();
    for number in 1..=4 {
        assert_eq!(browser.write(&format!("number {number}"), "text").status, 303);
    }
    // Seven messages, newest first: 4 3 2 | 1 and two of the seed | the last of the seed.
    let first = browser.get("/app");
    first.assert_shows(&["number 4", "number 3", "number 2", "Page 1 of 3", "?page=2\">Older"]);
    assert!(!first.body.contains("number 1") && !first.body.contains("Newer"));
    let second = browser.get("/app?page=2");
    second.assert_shows(&[
        "number 1",
        "Welcome aboard",
        "?page=1\">Newer",
        "Page 2 of 3",
        "?page=3",
    ]);
    let last = browser.get("/app?page=3");
    last.assert_shows(&["An even keel", "?page=2\">Newer", "Page 3 of 3"]);
    assert!(!last.body.contains("Older"));
    for (asked, shown) in [
        ("0", "Page 1 of 3"),
        ("-7", "Page 1 of 3"),
        ("nonsense", "Page 1 of 3"),
        ("99", "Page 3 of 3"),
        ("9223372036854775807", "Page 3 of 3"),
        ("99999999999999999999", "Page 1 of 3"),
    ] {
        let reply = browser.get(&format!("/app?page={asked}"));
        assert_eq!(reply.status, 200, "{asked}");
        reply.assert_shows(&[shown]);
    }
}

fn writing_is_throttled_per_user(stage: &Stage) {
    let node = stage.node("throttle: {messages: 2}");
    let mut browser = node.browser().demo();
    for status in [303, 303, 429] {
        assert_eq!(browser.write("title", "body").status, status);
    }
}

fn what_is_not_there_is_said_so(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser();
    for path in ["/", "/app/nothing", "/app/messages/99", "/app/messages/x", "/app/messages/-1"] {
        let reply = browser.get(path);
        assert_eq!(reply.status, 404, "{path}");
        reply.assert_shows(&["<h1>Not Found</h1>", "There is nothing at this address."]);
        assert_eq!(reply.header("x-served-by"), Some("app1"));
    }
    let reply = browser.request("DELETE", "/app/login", "", "");
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET,HEAD,POST")));
    let reply = browser.request("POST", "/app/login", "text/plain", "x");
    assert_eq!(reply.status, 415);
    let style = browser.get("/app/style.css?v=0");
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, Some("text/css; charset=utf-8"))
    );
    assert_eq!(browser.get("/app/icon.svg").header("content-type"), Some("image/svg+xml"));
}

fn the_board_may_lie_at_the_root(stage: &Stage) {
    let node = stage.node("base_path: /");
    let mut browser = node.browser();
    browser.get("/").assert_shows(&["href=\"/style.css", "href=\"/login\"", "Welcome aboard"]);
    let account = [("name", "demo"), ("password", "demo-password")];
    let reply = browser.submit("/login", "/login", &account);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/")));
    assert!(reply.header("set-cookie").unwrap().contains("; Path=/;"));
    browser.get("/").assert_shows(&["Signed in as"]);
    assert_eq!(browser.get("/healthz").body, "ok\n");
}
