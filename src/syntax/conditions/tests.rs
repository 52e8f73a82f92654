//! Conditions of the manual's section 2.4 and what HAProxy 3.4.0 was seen to answer.

use proptest::prelude::*;

use super::*;

fn environment() -> Environment {
    [("FOO", "foo"), ("WITH_SSL", "yes")].into_iter().collect()
}

#[track_caller]
fn holds(condition: &str, expected: bool) {
    assert_eq!(evaluate(condition, &environment()), Ok(expected), "{condition}");
}

/// `position` counts from one, as HAProxy's messages do.
#[track_caller]
fn refused(condition: &str, message: &str, position: usize) {
    let error = evaluate(condition, &environment()).expect_err(condition);
    assert_eq!((error.message.as_str(), error.at + 1), (message, position), "{condition}");
}

#[test]
fn integers() {
    for (condition, expected) in
        [("", false), ("0", false), ("00", false), ("1", true), ("5", true), ("-1", true)]
    {
        holds(condition, expected);
    }
    holds("+1", true);
    holds("99999999999999", true);
}

#[test]
fn operators_and_their_precedence() {
    holds("!1", false);
    holds("! 1", false);
    holds("!!1", true);
    holds("1 && 0", false);
    holds("1&&0", false);
    holds("1 || 0", true);
    holds("0 || 1 && 0", false);
    holds("1 || 1 && 0", true);
    holds("(1 || 0) && 0", false);
    holds("( 1 ) && 1", true);
    holds("defined(FOO) && ( 1 )", true);
    holds("!(0 || !1) && !defined(NOPE)", true);
}

#[test]
fn predicates_on_text() {
    holds("defined(FOO)", true);
    holds("defined(NOPE)", false);
    holds("defined( FOO)", false);
    holds("defined()", false);
    holds("defined", false);
    holds(r#"defined("FOO")"#, true);
    holds(r"defined('FOO')", true);
    holds("streq(a,a)", true);
    holds("streq(a, a)", false);
    holds("streq(a b,a b)", true);
    holds("streq(,)", true);
    holds(r#"streq("a,b","a,b")"#, true);
    holds("streq('a\nb',a\nb)", true);
    holds("strneq(a,b)", true);
    holds("strstr(abc,b)", true);
    holds("strstr(abc,)", true);
    holds("strstr(abc,d)", false);
}

#[test]
fn versions_compare_as_the_manual_says() {
    for at_least in
        ["2", "3.4", "3.4.0", "3.4-dev3", "3.4-dev0", "2.4-dev19", "abc", "", "3.x", "3.4.0-x"]
    {
        holds(&format!("version_atleast({at_least})"), true);
        holds(&format!("version_before({at_least})"), false);
    }
    holds("version_atleast(3.4.0-64a335366)", true);
    for later in ["3.4.1", "3.4.0-10", "3.5-dev0", "4"] {
        holds(&format!("version_atleast({later})"), false);
        holds(&format!("version_before({later})"), true);
    }
}

#[test]
fn questions_about_the_build() {
    holds("feature(EPOLL)", true);
    holds("feature(nope)", false);
    holds("enabled(EPOLL)", true);
    holds("enabled(epoll)", false);
    holds("enabled(KQUEUE)", false);
    let mut environment = environment();
    environment.build.openssl_version = Some("3.0.19");
    environment.build.ssl_library = Some("OpenSSL 3.0.19");
    let ask = |condition| evaluate(condition, &environment);
    assert_eq!(ask("openssl_version_atleast(1.1.1k)"), Ok(true));
    assert_eq!(ask("openssl_version_before(3.0.0-beta1)"), Ok(false));
    assert_eq!(ask("openssl_version_before(3.5.0)"), Ok(true));
    assert_eq!(ask("ssllib_name_startswith(OpenSSL) && openssl_version_atleast(1.1.1)"), Ok(true));
    assert_eq!(ask("ssllib_name_startswith(wolfSSL)"), Ok(false));
}

#[test]
fn what_cannot_be_read_is_pointed_at() {
    refused("foo", "unparsable conditional expression 'foo'", 1);
    refused("1 &&", "unparsable conditional expression '&&'", 3);
    refused("0 || 1 ||", "unparsable conditional expression '0 || 1 ||'", 3);
    refused("1 && (1 ||", "unparsable conditional expression '(1 ||'", 6);
    refused("!(", "unparsable conditional expression '!('", 1);
    refused("!", "unparsable conditional expression '!'", 1);
    refused("1 || foo", "unparsable conditional expression 'foo'", 6);
    refused("0 && foo", "unparsable conditional expression 'foo'", 6);
    refused("()", "unparsable conditional expression ')'", 2);
    refused("1x", "unexpected character 'x' at the end of conditional expression '1x'", 2);
    refused("1)", "unexpected character ')' at the end of conditional expression '1)'", 2);
    refused("1 & 1", "unexpected character '&' at the end of conditional expression '1 & 1'", 3);
    refused(
        "streq(a,b) 1",
        "unexpected character '1' at the end of conditional expression 'streq(a,b) 1'",
        12,
    );
    refused("((1)", "expected ')' after conditional expression '((1)'", 1);
    refused("(1 0)", "expected ')' after conditional expression '(1 0)'", 1);
    refused(
        "streq(a)",
        "missing arguments (got 1/2), type 'string' expected in argument 1 of predicate 'streq' used \
         in conditional expression",
        8,
    );
    refused(
        "streq(a,b",
        "expected ')' in argument 1 of predicate 'streq' used in conditional expression",
        10,
    );
    refused(
        "defined(FOO,x)",
        "expected ')' before ',x)' in argument 1 of predicate 'defined' used in conditional \
         expression",
        12,
    );
    refused(
        "openssl_version_atleast(3.0)",
        "invalid argument to conditional expression predicate 'openssl_version_atleast': '3.0'",
        29,
    );
}

#[test]
fn the_command_line_s_condition_has_its_own_quotes() {
    let ask = |text| evaluate_argument(text, &environment());
    assert_eq!(ask(""), Ok(false));
    assert_eq!(ask(r#"streq("$FOO",foo)"#), Ok(true));
    assert_eq!(ask(r#"streq(\"a,b\",'"a,b"')"#), Ok(true));
    assert_eq!(ask("1 && 1"), Ok(true));
    assert_eq!(
        ask("1 # 2").unwrap_err(),
        "Failed to evaluate condition: unexpected character '#' at the end of conditional \
         expression '1 # 2'"
    );
    assert_eq!(ask("streq('a,a)").unwrap_err(), "Syntax Error in condition: Unmatched quote.");
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    holds(&nested(100), true);
    assert!(evaluate(&nested(100_000), &environment()).is_err());
    holds(&format!("{}1", "!".repeat(100_000)), true);
}

proptest! {
    #[test]
    fn any_condition_is_answered_or_refused(condition in "\\PC*|[()!&|01,a-z\"'\\\\ ]*") {
        if let Err(error) = evaluate(&condition, &environment()) {
            prop_assert!(error.at <= condition.len());
        }
    }
}
