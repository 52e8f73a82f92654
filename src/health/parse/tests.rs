//! What HAProxy 3.4.0 takes and what it says to what it does not take.

use super::*;
use crate::health::Expect;
use crate::syntax::span::Span;

fn words(line: &str) -> Vec<Word> {
    let texts = line.split(' ').filter(|text| !text.is_empty());
    texts.map(|text| Word { text: text.to_owned(), span: Span::default() }).collect()
}

fn option(line: &str) -> Result<HttpCheck, String> {
    parse_option_httpchk(&words(line)).map_err(|diagnostic| diagnostic.message)
}

fn check(lines: &[&str]) -> Result<HttpCheck, String> {
    let mut check = option("GET /x HTTP/1.1 www").unwrap();
    for line in lines {
        parse_http_check(&words(line), &mut check).map_err(|diagnostic| diagnostic.message)?;
    }
    Ok(check)
}

fn request(check: &HttpCheck) -> String {
    String::from_utf8(check.request()).unwrap()
}

#[test]
fn the_option_in_all_its_lengths() {
    for (line, expected) in [
        ("", "OPTIONS / HTTP/1.0\r\n\r\n"),
        ("/only", "OPTIONS /only HTTP/1.0\r\n\r\n"),
        ("HEAD /a", "HEAD /a HTTP/1.0\r\n\r\n"),
        ("GET /x HTTP/1.1 www", "GET /x HTTP/1.1\r\nhost: www\r\nconnection: close\r\n\r\n"),
    ] {
        assert_eq!(request(&option(line).unwrap()), expected);
    }
    assert_eq!(
        option("a b c d e").unwrap_err(),
        "'option httpchk' cannot handle unexpected argument 'e'."
    );
    assert!(option("GET / HTTP/1.1\r\nHost:www").unwrap_err().contains("http-check send"));
}

#[test]
fn fields_of_send_take_the_place_of_the_host() {
    assert_eq!(
        request(&check(&["send hdr X-Y z body hello"]).unwrap()),
        "GET /x HTTP/1.1\r\nx-y: z\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello"
    );
    assert_eq!(
        request(
            &check(&["send meth HEAD uri /u ver HTTP/1.1 hdr Host h hdr A-B 100%% hdr C d"])
                .unwrap()
        ),
        "HEAD /u HTTP/1.1\r\nhost: h\r\na-b: 100%\r\nc: d\r\nconnection: close\r\n\r\n"
    );
}

#[test]
fn the_option_may_come_last() {
    let with = |line: &str| {
        let mut check = HttpCheck::default();
        parse_http_check(&words(line), &mut check).unwrap();
        request(&check.with_option(option("GET /x HTTP/1.1 www").unwrap()))
    };
    assert_eq!(
        with("expect status 200"),
        "GET /x HTTP/1.1\r\nhost: www\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(
        with("send uri /u hdr X-Y z"),
        "GET /u HTTP/1.1\r\nx-y: z\r\nconnection: close\r\n\r\n"
    );
}

#[test]
fn expectations() {
    let Expect::Status(codes, false) = check(&["expect status 200,201,300-310,"]).unwrap().expect
    else {
        panic!("not a status")
    };
    assert_eq!(codes, [(200, 200), (201, 201), (300, 310)]);
    for line in ["expect ! string bad", "expect !string bad"] {
        let Expect::Body(text, true) = check(&[line]).unwrap().expect else {
            panic!("not an unwanted string")
        };
        assert_eq!(text, "bad");
    }
}

#[test]
fn mistakes_are_told_in_haproxys_words() {
    const MATCHERS: &str = "'http-check expect' : 'only supports min-recv, [!]string', \
        '[!]rstring', '[!]string-lf', '[!]status', '[!]rstatus', [!]hdr, [!]fhdr or comment but \
        got";
    for (line, message) in [
        ("expect", "'http-check expect' : expects at least a matching pattern as arguments."),
        ("expect status", "'http-check expect' : 'status' expects a <pattern> as argument."),
        (
            "expect status abc",
            "'http-check expect' : invalid character 'a' in the list of status codes.",
        ),
        ("expect status 300-200", "'http-check expect' : invalid range of status codes '300-200'."),
        ("expect status 200-", "'http-check expect' : invalid range of status codes '200-'."),
        ("expect foo", &format!("{MATCHERS} 'foo' as argument..")),
        ("expect !", &format!("{MATCHERS} '' as argument..")),
        ("expect string a b", &format!("{MATCHERS} 'b' as argument..")),
        ("send meth", "'http-check send' : 'meth' expects a string as argument.."),
        ("send hdr A", "'http-check send' : 'hdr' expects <name> and <value> as arguments."),
        (
            "send foo",
            "'http-check send' : expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' \
             or 'body-lf' but got 'foo' as argument..",
        ),
        (
            "foo",
            "'http-check' only supports 'disable-on-404', 'send-state', 'comment', 'connect', \
             'send', 'expect', 'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'. but got 'foo'",
        ),
    ] {
        assert_eq!(check(&[line]).unwrap_err(), message, "{line}");
    }
}

#[test]
fn what_is_missing_is_refused_by_name() {
    for line in ["connect", "disable-on-404", "set-var(x)", "expect rstring x", "send uri-lf x"] {
        assert!(check(&[line]).unwrap_err().contains("not supported by evenkeel yet"), "{line}");
    }
    let twice = check(&["expect status 200", "expect string x"]).unwrap_err();
    assert!(twice.contains("a second 'http-check expect'"));
    assert!(check(&["send hdr A %[src]"]).unwrap_err().contains("not supported"));
}
