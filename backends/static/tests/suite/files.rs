//! Which file a URL gives, and what is said about it.

use crate::support::{Folder, Server};

#[test]
fn a_directory_gives_its_index_and_wants_its_slash() {
    let folder = Folder::new();
    folder.file("sub/index.html", "sub").file("two words/index.html", "two");
    let server = Server::start(folder, "");
    assert_eq!(server.get("/sub/", "").text(), "sub");
    for (target, location) in [
        ("/sub", "/sub/"),
        ("/sub?a=b&c", "/sub/?a=b&c"),
        ("/two%20words", "/two%20words/"),
        ("//sub/", "/sub/"),
        ("//sub", "/sub"),
        ("/./sub/", "/sub/"),
    ] {
        let answer = server.get(target, "");
        assert_eq!((answer.status, answer.header("location")), (301, Some(location)), "{target}");
    }
}

#[test]
fn a_file_has_no_slash_and_a_directory_without_index_no_list() {
    let folder = Folder::new();
    folder.file("empty/x.txt", "x").file("index.html", "home");
    let server = Server::start(folder, "");
    assert_eq!(server.get("/index.html/", "").status, 404);
    assert_eq!(server.get("/index.html/x", "").status, 404);
    assert_eq!(server.get("/empty/", "").status, 403);
    assert_eq!(server.get("/none/", "").status, 404);
    assert_eq!(server.get(&format!("/{}", "n".repeat(300)), "").status, 404);
}

#[test]
fn index_names_are_tried_in_order() {
    let folder = Folder::new();
    folder.file("a/main.htm", "main").file("b/main.htm", "main").file("b/first.htm", "first");
    let server = Server::start(folder, "index: [first.htm, main.htm]\n");
    assert_eq!(server.get("/a/", "").text(), "main");
    assert_eq!(server.get("/b/", "").text(), "first");
}

#[test]
fn listing_shows_names_safely_when_switched_on() {
    let folder = Folder::new();
    folder.file("d/<b>&.txt", "").file("d/.hidden", "").file("d/sub/x", "");
    let server = Server::start(folder, "listing: true\n");
    let answer = server.get("/d/", "");
    assert_eq!(answer.status, 200);
    let page = answer.text();
    assert!(page.contains("<a href=\"./%3Cb%3E&amp;.txt\">&lt;b&gt;&amp;.txt</a>"), "{page}");
    assert!(page.contains("<a href=\"./sub/\">sub/</a>"), "{page}");
    assert!(!page.contains("hidden"), "{page}");
}

#[test]
fn media_types_follow_the_table_and_the_configuration() {
    let folder = Folder::new();
    for name in ["a.css", "a.js", "a.svg", "a.PNG", "a.wasm", "a.keel", "a", "a.json"] {
        folder.file(name, "x");
    }
    let server =
        Server::start(folder, "mime_types:\n  keel: text/x-keel\ndefault_type: text/plain\n");
    for (name, media_type) in [
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
        ("a.PNG", "image/png"),
        ("a.wasm", "application/wasm"),
        ("a.json", "application/json"),
        ("a.keel", "text/x-keel; charset=utf-8"),
        ("a", "text/plain; charset=utf-8"),
    ] {
        let answer = server.get(&format!("/{name}"), "");
        assert_eq!(answer.header("content-type"), Some(media_type), "{name}");
    }
}

#[test]
fn cache_rules_and_own_headers_are_sent() {
    let folder = Folder::new();
    folder.file("assets/a.js", "").file("a.js", "").file("a.html", "").file("a.txt", "");
    let server = Server::start(
        folder,
        "cache_control:\n\
         - {prefix: /assets/, value: 'max-age=9'}\n\
         - {extensions: [js, css], value: 'max-age=5'}\n\
         - {extensions: [html], value: no-cache}\n\
         headers: {X-Served-By: static-1, X-Content-Type-Options: nosniff}\n",
    );
    for (target, value) in [
        ("/assets/a.js", Some("max-age=9")),
        ("/a.js", Some("max-age=5")),
        ("/a.html", Some("no-cache")),
        ("/a.txt", None),
        ("/none", Some("no-store")),
    ] {
        let answer = server.get(target, "");
        assert_eq!(answer.header("cache-control"), value, "{target}");
        assert_eq!(answer.header("x-served-by"), Some("static-1"), "{target}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{target}");
    }
}

#[test]
fn error_pages_are_the_sites_own() {
    let folder = Folder::new();
    folder.file("lost.html", "lost at sea");
    let server = Server::start(folder, "error_pages: {404: /lost.html}\n");
    let answer = server.get("/none", "If-None-Match: *\r\nRange: bytes=0-1\r\n");
    assert_eq!((answer.status, answer.text()), (404, "lost at sea"));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("etag"), None);
    let built_in = server.get("/%00", "");
    assert_eq!(built_in.status, 400);
    assert!(built_in.text().contains("<h1>400 Bad Request</h1>"));
}

#[test]
fn large_and_empty_files_arrive_whole() {
    let folder = Folder::new();
    let large: Vec<u8> = (0..3_000_000u32).flat_map(u32::to_le_bytes).collect();
    folder.file("large.bin", &large).file("empty.txt", "");
    let server = Server::start(folder, "");
    let mut client = server.connect();
    for _ in 0..2 {
        client.say("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(client.hear().body == large);
        client.say("GET /empty.txt HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(client.hear().header("content-length"), Some("0"));
    }
}
