//! Compressed siblings.

use crate::support::{Folder, Server, set_modified};

fn site() -> Folder {
    let folder = Folder::new();
    folder.file("a.js", "plain").file("a.js.gz", "gzipped").file("a.js.br", "brotlied");
    folder.file("b.png", "plain").file("b.png.gz", "gzipped");
    folder.file("c.css", "plain").file("c.css.gz", "gzipped");
    folder
}

#[test]
fn the_best_accepted_sibling_is_sent() {
    let server = Server::start(site(), "");
    let mut tags = Vec::new();
    for (accept, coding, body) in [
        ("", None, "plain"),
        ("Accept-Encoding: gzip, br\r\n", Some("br"), "brotlied"),
        ("Accept-Encoding: gzip\r\n", Some("gzip"), "gzipped"),
        ("Accept-Encoding: br;q=0.1\r\nAccept-Encoding: gzip\r\n", Some("gzip"), "gzipped"),
        ("Accept-Encoding: identity, *;q=0\r\n", None, "plain"),
    ] {
        let answer = server.get("/a.js", accept);
        assert_eq!((answer.header("content-encoding"), answer.text()), (coding, body), "{accept}");
        assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        tags.push(answer.header("etag").unwrap().to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "each form needs a tag of its own: {tags:?}");
}

#[test]
fn ranges_and_conditions_are_about_the_form_that_is_sent() {
    let server = Server::start(site(), "");
    let answer = server.get("/a.js", "Accept-Encoding: gzip\r\nRange: bytes=0-3\r\n");
    assert_eq!((answer.status, answer.text()), (206, "gzip"));
    assert_eq!(answer.header("content-range"), Some("bytes 0-3/7"));
    let etag = answer.header("etag").unwrap();
    let again = format!("Accept-Encoding: gzip\r\nIf-None-Match: {etag}\r\n");
    assert_eq!(server.get("/a.js", &again).status, 304);
    assert_eq!(server.get("/a.js", &format!("If-None-Match: {etag}\r\n")).status, 200);
}

#[test]
fn pictures_leftovers_and_switched_off_sites_have_no_siblings() {
    let server = Server::start(site(), "");
    let answer = server.get("/b.png", "Accept-Encoding: gzip\r\n");
    assert_eq!((answer.text(), answer.header("vary")), ("plain", None));
    let leftover = server.folder.path("site/c.css.gz");
    assert_eq!(server.get("/c.css", "Accept-Encoding: gzip\r\n").text(), "gzipped");
    set_modified(&leftover, 784_111_776);
    assert_eq!(server.get("/c.css", "Accept-Encoding: gzip\r\n").text(), "plain");

    let server = Server::start(site(), "precompressed: false\n");
    let answer = server.get("/a.js", "Accept-Encoding: br\r\n");
    assert_eq!((answer.text(), answer.header("vary")), ("plain", None));
}
