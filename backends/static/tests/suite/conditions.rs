//! Conditional requests, over the wire.

use crate::support::Server;

const EXACT: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

#[test]
fn a_known_version_is_not_sent_again() {
    let server = Server::small("cache_control: [{value: 'max-age=60'}]\n");
    let first = server.get("/a.txt", "");
    let etag = first.header("etag").unwrap();
    for fields in [
        format!("If-None-Match: {etag}\r\n"),
        format!("If-None-Match: \"x\"\r\nIf-None-Match: W/{etag}\r\n"),
        format!("If-None-Match: {etag}\r\nIf-Modified-Since: {BEFORE}\r\n"),
        format!("If-Modified-Since: {EXACT}\r\n"),
    ] {
        let answer = server.get("/a.txt", &fields);
        assert_eq!(answer.status, 304, "{fields}");
        assert_eq!(answer.header("content-length"), None);
        // RFC 9110 section 15.4.5: what 200 would have said about validity.
        assert_eq!(answer.header("etag"), Some(etag));
        assert_eq!(answer.header("cache-control"), Some("max-age=60"));
        assert_eq!(answer.header("vary"), first.header("vary"));
    }
}

#[test]
fn preconditions_fail_with_412_and_only_where_there_is_a_file() {
    let server = Server::small("");
    let etag = server.get("/a.txt", "").header("etag").unwrap().to_owned();
    for (fields, status) in [
        ("If-Match: \"x\"\r\n".to_owned(), 412),
        (format!("If-Match: W/{etag}\r\n"), 412),
        (format!("If-Match: {etag}\r\nIf-Unmodified-Since: {BEFORE}\r\n"), 200),
        (format!("If-Unmodified-Since: {BEFORE}\r\n"), 412),
        (format!("If-Unmodified-Since: {EXACT}\r\n"), 200),
        (format!("If-Match: \"x\"\r\nIf-None-Match: {etag}\r\n"), 412),
    ] {
        assert_eq!(server.get("/a.txt", &fields).status, status, "{fields}");
    }
    assert_eq!(server.get("/none", "If-Match: *\r\n").status, 404);
}

#[test]
fn a_changed_file_has_a_new_tag() {
    let server = Server::small("");
    let before = server.get("/a.txt", "").header("etag").unwrap().to_owned();
    server.folder.file("a.txt", "changed");
    let after = server.get("/a.txt", &format!("If-None-Match: {before}\r\n"));
    assert_eq!((after.status, after.text()), (200, "changed"));
}

#[test]
fn a_file_from_the_future_is_dated_now() {
    let server = Server::small("");
    // The year 10000, for which HTTP has no date.
    let path = server.folder.path("site/a.txt");
    crate::support::set_modified(&path, 253_402_300_800);
    let answer = server.get("/a.txt", "");
    assert_eq!(answer.header("last-modified"), answer.header("date"));
}
