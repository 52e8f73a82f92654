//! Methods, versions and the life of a connection.

use std::time::Duration;

use crate::support::Server;

#[test]
fn get_tells_all_about_a_file() {
    let server = Server::small("");
    let answer = server.get("/a.txt", "");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text(), "abcdefghijklmnopqrstuvwxyz");
    assert_eq!(answer.header("content-length"), Some("26"));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(answer.header("last-modified"), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_eq!(answer.header("accept-ranges"), Some("bytes"));
    assert!(answer.header("date").unwrap().ends_with(" GMT"));
    let etag = answer.header("etag").unwrap();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag} is not strong");
    assert_eq!(answer.header("connection"), None);
}

#[test]
fn head_is_get_without_the_body() {
    let server = Server::small("");
    let mut client = server.connect();
    client.say("HEAD /a.txt HTTP/1.1\r\nHost: x\r\n\r\nGET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    let head = client.hear_head();
    let get = client.hear();
    assert_eq!(head.head, get.head);
    assert_eq!(get.body.len(), 26);
}

#[test]
fn options_and_405_name_the_methods() {
    let server = Server::small("");
    let mut client = server.connect();
    for (request, status) in [("OPTIONS *", 204), ("OPTIONS /a.txt", 204), ("DELETE /a.txt", 405)] {
        client.say(&format!("{request} HTTP/1.1\r\nHost: x\r\n\r\n"));
        let answer = client.hear();
        assert_eq!(answer.status, status, "{request}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"), "{request}");
    }
    client.say("CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n");
    assert_eq!(client.hear().status, 405);
    client.say("get /a.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(client.hear().status, 405);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = Server::small("");
    let mut client = server.connect();
    let one = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    client.say(&[one("/a.txt"), one("/none"), one("/"), one("/a.txt")].concat());
    assert_eq!(client.hear().body.len(), 26);
    assert_eq!(client.hear().status, 404);
    assert_eq!(client.hear().text(), "<p>home</p>\n");
    assert_eq!(client.hear().body.len(), 26);
    assert!(client.is_silent_for(Duration::from_millis(100)));
}

#[test]
fn a_request_may_come_in_pieces() {
    let server = Server::small("");
    let mut client = server.connect();
    for piece in
        ["\r\nGE", "T /a.t", "xt HTTP/1.1\r", "\nHost", ": x\r\n", "\r", "\nGET / HTTP/1.1"]
    {
        client.say(piece);
        std::thread::sleep(Duration::from_millis(15));
    }
    assert_eq!(client.hear().body.len(), 26);
    client.say("\r\nHost: x\r\n\r\n");
    assert_eq!(client.hear().text(), "<p>home</p>\n");
}

#[test]
fn close_closes_and_http_1_0_stays_only_when_asked() {
    let server = Server::small("");
    let mut client = server.connect();
    client.say("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_eq!(client.hear().header("connection"), Some("keep-alive"));
    client.say("GET / HTTP/1.0\r\n\r\n");
    assert_eq!(client.hear().header("connection"), Some("close"));
    assert!(client.is_closed());

    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(client.hear().header("connection"), Some("close"));
    assert!(client.is_closed());
}

#[test]
fn a_client_that_says_no_more_still_hears_its_answer() {
    let server = Server::small("");
    let mut client = server.connect();
    client.say_last("GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(client.hear().body.len(), 26);
    assert!(client.is_closed());
}

#[test]
fn hosts_are_checked() {
    let server = Server::small("");
    for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\n\r\n", 200),
        ("GET http://a.example/ HTTP/1.1\r\nHost: other\r\n\r\n", 200),
        ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("\u{16}\u{3}\u{1}\u{2}\r\n", 400),
    ] {
        let mut client = server.connect();
        client.say(request);
        let answer = client.hear();
        assert_eq!(answer.status, status, "{request:?}");
        if status >= 400 {
            assert_eq!(answer.header("connection"), Some("close"), "{request:?}");
            client.say_last("");
            assert!(client.is_closed(), "{request:?}");
        }
    }
}

#[test]
fn bodies_are_skipped_and_cannot_become_requests() {
    let server = Server::small("limits:\n  body: 1k\n");
    let mut client = server.connect();
    let smuggled = "GET /none HTTP/1.1\r\nHost: x\r\n\r\n";
    client.say(&format!(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{smuggled}\
         GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n",
        smuggled.len()
    ));
    assert_eq!(client.hear().status, 405);
    assert_eq!(client.hear().body.len(), 26);

    for framing in [
        "Content-Length: 2000",
        "Transfer-Encoding: chunked",
        "Connection: close\r\nContent-Length: 9",
        "Expect: 100-continue\r\nContent-Length: 9",
    ] {
        let mut client = server.connect();
        client.say(&format!("POST / HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n{smuggled}"));
        let answer = client.hear();
        assert_eq!((answer.status, answer.header("connection")), (405, Some("close")), "{framing}");
        client.say_last("");
        assert!(client.is_closed(), "{framing}");
    }
}

#[test]
fn a_client_that_is_still_sending_does_not_lose_its_answer() {
    let server = Server::small("limits:\n  body: 1k\n");
    let mut client = server.connect();
    client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n");
    // On a socket that is closed already, the first of these would bring a reset and the second
    // would fail.
    for _ in 0..2 {
        std::thread::sleep(Duration::from_millis(50));
        client.say(&"b".repeat(20_000));
    }
    assert_eq!(client.hear().status, 405);
    assert!(client.is_closed());
}
