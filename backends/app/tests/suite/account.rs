//! Signing in and out, accounts, sessions, and forms that were forged.

use std::time::Duration;

use crate::support::{Stage, with_each_database};

with_each_database! {
    a_user_signs_in_and_out,
    signing_in_makes_a_new_token,
    a_wrong_password_is_refused,
    guessing_is_throttled_per_name_and_address,
    guessing_is_throttled_per_address,
    a_new_account_can_be_used_at_once,
    a_wrong_registration_is_shown_again,
    a_session_expires,
    a_forged_form_is_refused,
    a_form_goes_on_to_where_it_was_asked_for,
}

fn a_user_signs_in_and_out(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser();
    browser.get("/app/login").assert_shows(&["type=\"password\"", "Served by node"]);
    let reply = browser.login("Demo ", "demo-password");
    assert_eq!((reply.status, reply.header("location")), (303, Some("/app")));
    let cookie = reply.header("set-cookie").unwrap();
    for attribute in ["; Path=/app", "; Max-Age=43200", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");

    let signed_in = browser.clone();
    browser.get("/app").assert_shows(&["Signed in as <strong>demo</strong>", "Sign out"]);
    let reply = browser.submit("/app", "/app/logout", &[]);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/app")));
    assert!(browser.cookies.is_empty());
    browser.get("/app").assert_shows(&["Sign in", "Register"]);
    // The session has ended, not only the browser's memory of it.
    let mut replayed = signed_in;
    assert!(!replayed.get("/app").body.contains("Signed in as"));
}

fn signing_in_makes_a_new_token(stage: &Stage) {
    let node = stage.node("session: {cookie_secure: true}");
    let mut browser = node.browser();
    assert!(browser.get("/app").header("set-cookie").is_none(), "no form, no cookie");
    let reply = browser.get("/app/login");
    assert!(reply.header("set-cookie").unwrap().ends_with("; Secure"));
    let planted = browser.clone();
    let browser = browser.demo();
    assert_ne!(browser.cookies, planted.cookies);
    let mut planted = planted;
    assert!(!planted.get("/app").body.contains("Signed in as"));
}

fn a_wrong_password_is_refused(stage: &Stage) {
    let node = stage.node("");
    let long = "x".repeat(300);
    for (name, password) in [
        ("demo", "wrong-password"),
        ("demo", ""),
        ("demo", long.as_str()),
        ("nobody", "demo-password"),
        ("' OR 1=1 --", "demo-password"),
    ] {
        let mut browser = node.browser();
        let reply = browser.login(name, password);
        assert_eq!(reply.status, 422, "{name} {password}");
        reply.assert_shows(&["The name or the password is wrong.", "type=\"password\""]);
        assert!(!browser.get("/app").body.contains("Signed in as"));
    }
}

fn guessing_is_throttled_per_name_and_address(stage: &Stage) {
    let node = stage.node("throttle: {login_failures: 3, window: 1h}");
    let mut guesser = node.browser();
    guesser.headers.push(("x-forwarded-for", "192.0.2.66".to_owned()));
    for _ in 0..3 {
        assert_eq!(guesser.login("demo", "wrong-password").status, 422);
    }
    // Now even the right password is not looked at.
    let reply = guesser.login("demo", "demo-password");
    assert_eq!(reply.status, 429);
    reply.assert_shows(&["Too many attempts."]);
    let retry_after: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&retry_after), "{retry_after}");

    // The owner of the account, elsewhere, is not locked out.
    let mut owner = node.browser();
    owner.headers.push(("x-forwarded-for", "192.0.2.66, 198.51.100.1".to_owned()));
    let mut owner = owner.demo();
    owner.get("/app").assert_shows(&["Signed in as"]);
}

fn guessing_is_throttled_per_address(stage: &Stage) {
    let node = stage.node("throttle: {address_failures: 2, window: 3s}");
    let mut guesser = node.browser();
    // Many users behind one address are no attack.
    for _ in 0..3 {
        node.browser().demo();
    }
    for name in ["first", "second"] {
        assert_eq!(guesser.login(name, "wrong-password").status, 422);
    }
    assert_eq!(guesser.login("third", "wrong-password").status, 429);
    // Time is counted in whole seconds.
    std::thread::sleep(Duration::from_millis(4100));
    assert_eq!(guesser.login("third", "wrong-password").status, 422);
}

fn a_new_account_can_be_used_at_once(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser();
    let fields = [("name", "Ada"), ("password", "correct horse")];
    let reply = browser.submit("/app/register", "/app/register", &fields);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/app")));
    browser.get("/app").assert_shows(&["Signed in as <strong>ada</strong>"]);

    let mut elsewhere = node.browser();
    assert_eq!(elsewhere.login("ada", "correct horse").status, 303);
    let mut late = node.browser();
    let reply = late.submit("/app/register", "/app/register", &fields);
    assert_eq!(reply.status, 422);
    reply.assert_shows(&["value=\"Ada\" aria-invalid=\"true\"", "This name is taken."]);
}

fn a_wrong_registration_is_shown_again(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser();
    let fields = [("name", "a\"b<c"), ("password", "short")];
    let reply = browser.submit("/app/register", "/app/register", &fields);
    assert_eq!(reply.status, 422);
    reply.assert_shows(&[
        "aria-describedby=\"name-error\"",
        "id=\"name-error\">Use 3 to 32 letters",
        "aria-describedby=\"password-error\"",
        "id=\"password-error\">Use at least 10 characters.",
    ]);
    assert!(!reply.body.contains("a\"b<c"), "unescaped");
    assert!(!reply.body.contains("short"), "a password is never shown again");
}

fn a_session_expires(stage: &Stage) {
    let node = stage.node("session: {lifetime: 2s}");
    let mut browser = node.browser().demo();
    assert_eq!(browser.get("/app/new").status, 200);
    // Time is counted in whole seconds.
    std::thread::sleep(Duration::from_millis(3100));
    let reply = browser.get("/app/new");
    assert_eq!((reply.status, reply.header("location")), (303, Some("/app/login?next=new")));
}

fn a_forged_form_is_refused(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser().demo();
    let mine = browser.get("/app/new").csrf();
    let theirs = node.browser().demo().get("/app/new").csrf();
    assert_ne!(mine, theirs);
    for path in ["/app/messages", "/app/logout", "/app/login", "/app/register"] {
        for csrf in ["", theirs.as_str(), &mine[..63]] {
            let fields = [("csrf", csrf), ("title", "forged"), ("body", "forged")];
            let reply = browser.post(path, &fields);
            assert_eq!(reply.status, 403, "{path} {csrf}");
            reply.assert_shows(&["This form is no longer valid."]);
        }
    }
    let fields = [("csrf", mine.as_str()), ("title", "forged"), ("body", "forged")];
    let mut foreign = browser.clone();
    foreign.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    assert_eq!(foreign.post("/app/messages", &fields).status, 403);
    // Without the cookie the field is worth nothing.
    assert_eq!(node.browser().post("/app/messages", &fields).status, 403);

    let list = browser.get("/app");
    list.assert_shows(&["Signed in as"]);
    assert!(!list.body.contains("forged"));
    assert_eq!(browser.post("/app/messages", &fields).status, 303, "the field itself was right");
}

fn a_form_goes_on_to_where_it_was_asked_for(stage: &Stage) {
    let node = stage.node("");
    let mut browser = node.browser();
    let reply = browser.get("/app/new");
    assert_eq!((reply.status, reply.header("location")), (303, Some("/app/login?next=new")));
    browser.get("/app/login?next=new").assert_shows(&["name=\"next\" value=\"new\""]);
    let account = [("name", "demo"), ("password", "demo-password")];
    for (next, location) in [("new", "/app/new"), ("//evil.example", "/app")] {
        let fields = [account[0], account[1], ("next", next)];
        let reply = browser.submit("/app/login", "/app/login", &fields);
        assert_eq!((reply.status, reply.header("location")), (303, Some(location)));
    }
}
