//! The sections beside the proxies, and the hints of `global`: what HAProxy 3.4 says of single
//! lines, captured from its binary into `sections.tsv`, and what the sections mean.
//!
//! A row is the section's lines with `;;` between, the verdict, the line that the sentence names
//! (0 for none) and the sentence.

use evenkeel::config::section::other;
use evenkeel::syntax::diagnostic::{Diagnostic, Severity};

use crate::Loaded;

const CAPTURED: &str = include_str!("sections.tsv");

#[test]
fn what_haproxy_says_is_said() {
    let mut wrong = Vec::new();
    for row in CAPTURED.lines() {
        let [lines, verdict, line, sentence] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let loaded = Loaded::text("captured", &configuration(lines));
        let (found, said) = verdict_of(&loaded);
        let place = said.and_then(|said| said.span).map_or(0, |span| span.line);
        // The rows keep one blank where HAProxy has two.
        let words = said.map_or("", |said| &said.message).split_whitespace();
        let message = words.collect::<Vec<_>>().join(" ");
        let same_place = line == "0" || line == place.to_string();
        if found != verdict || message != sentence.trim() || !same_place {
            wrong.push(format!("{row}\n    {found} {place} {message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_of_sections_load_without_an_alert() {
    for kind in other::KINDS.iter().filter(|kind| !kind.example.is_empty()) {
        let loaded = Loaded::text(kind.name, kind.example);
        assert!(loaded.plan.is_some(), "{}\n{}", kind.example, loaded.said());
    }
}

#[test]
fn a_userlist_is_found_in_the_plan_with_membership_from_both_sides() {
    let plan = Loaded::text(
        "users",
        "userlist people\n    group admins users anna\n    group guests\n    user anna \
         insecure-password x groups guests\n    user bert password \
         $5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA\n",
    )
    .clean();
    let [list] = plan.userlists.as_slice() else { panic!("{:?}", plan.userlists) };
    let anna = list.check(b"anna", b"x").unwrap();
    assert!(list.is_member(anna, b"admins") && list.is_member(anna, b"guests"));
    let bert = list.check(b"bert", b"secret").unwrap();
    assert!(!list.is_member(bert, b"admins"));
    assert!(list.check(b"anna", b"secret").is_none());
}

#[test]
fn error_pages_come_from_sections_below_redirections_and_descriptions() {
    let plan = Loaded::text(
        "pages",
        "backend b\n    mode http\n    timeout connect 1s\n    timeout server 1s\n    errorfiles \
         site 504\n    errorloc303 503 http://x/sorry\n    http-error status 502 content-type \
         text/plain string down hdr x-a b\nhttp-errors site\n    errorfile 504 /dev/null\n    \
         errorfile 500 /dev/null\n",
    )
    .clean();
    let pages = &plan.backends[0].error_pages;
    assert_eq!(pages.get(&504).map(|page| page.len()), Some(0));
    assert_eq!(pages.get(&500), None);
    // The fields are those of HAProxy 3.4, which keeps the connection.
    assert_eq!(
        pages[&503],
        "HTTP/1.1 303 See Other\r\ncache-control: no-cache\r\ncontent-length: 0\r\nlocation: \
         http://x/sorry\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(
        pages[&502],
        "HTTP/1.1 502 Bad Gateway\r\nx-a: b\r\ncontent-length: 4\r\ncontent-type: \
         text/plain\r\nconnection: close\r\n\r\ndown"
    );
}

#[test]
fn what_needs_a_feature_that_is_missing_is_refused_by_name() {
    for (configuration, sentence) in [
        (
            "log-forward f\n    maxconn 1\n",
            "section 'log-forward' is not supported by evenkeel yet",
        ),
        ("userlist u\n    user a password $y$j9T$a$b\n", "the password hash method '$y$' is not"),
        ("global\n    set-var proc.x int(1)\n", "'set-var' is not supported by evenkeel yet"),
        (
            "backend b\n    mode http\n    http-error status 503 hdr a %[src]\n",
            "'hdr' in 'http-error' with something to fill in is not supported by evenkeel yet",
        ),
    ] {
        let loaded = Loaded::text("refused", configuration);
        assert!(loaded.plan.is_none() && loaded.said().contains(sentence), "{}", loaded.said());
    }
}

#[test]
fn a_hard_limit_of_threads_holds_for_nbthread() {
    let plan = Loaded::text("threads", "global\n    nbthread 8\n    thread-hard-limit 3\n").clean();
    assert_eq!(plan.global.threads, 3);
}

/// With a frontend behind, as HAProxy needs one.
fn configuration(lines: &str) -> String {
    let lines: Vec<&str> = lines.split(";;").collect();
    format!(
        "{}\n\ndefaults\n    mode http\n    timeout client 1s\n    timeout server 1s\n    timeout \
         connect 1s\nfrontend zz\n    bind 127.0.0.1:18999\n",
        lines.join("\n    ")
    )
}

fn verdict_of(loaded: &Loaded) -> (&'static str, Option<&Diagnostic>) {
    let first = |severity| loaded.report.iter().find(|it| it.severity == severity);
    match (first(Severity::Alert), first(Severity::Warning)) {
        (Some(alert), _) => ("alert", Some(alert)),
        (None, Some(warning)) => ("warn", Some(warning)),
        (None, None) => ("ok", None),
    }
}
