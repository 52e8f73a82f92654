//! Parts of files.

use crate::support::{Folder, Server};

#[test]
fn one_range_is_sent_as_itself() {
    let server = Server::small("");
    for (range, body, content_range) in [
        ("bytes=0-0", "a", "bytes 0-0/26"),
        ("bytes=2-4", "cde", "bytes 2-4/26"),
        ("bytes=23-", "xyz", "bytes 23-25/26"),
        ("bytes=-2", "yz", "bytes 24-25/26"),
        ("bytes=24-99", "yz", "bytes 24-25/26"),
        ("bytes=90-99, 1-2", "bc", "bytes 1-2/26"),
    ] {
        let answer = server.get("/a.txt", &format!("Range: {range}\r\n"));
        assert_eq!((answer.status, answer.text()), (206, body), "{range}");
        assert_eq!(answer.header("content-range"), Some(content_range), "{range}");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        assert!(answer.header("etag").is_some());
    }
}

#[test]
fn ranges_that_cannot_be_are_416_and_those_not_understood_are_ignored() {
    let server = Server::small("");
    let answer = server.get("/a.txt", "Range: bytes=26-\r\n");
    assert_eq!(answer.status, 416);
    assert_eq!(answer.header("content-range"), Some("bytes */26"));
    for range in ["bytes=4-2", "letters=1-2", "bytes=x", "bytes=0-25,0-25", "bytes="] {
        let answer = server.get("/a.txt", &format!("Range: {range}\r\n"));
        assert_eq!((answer.status, answer.body.len()), (200, 26), "{range}");
    }
    let mut client = server.connect();
    client.say("HEAD /a.txt HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\n\r\n");
    assert_eq!(client.hear_head().status, 200);
}

#[test]
fn several_ranges_are_parts_of_one_answer() {
    let server = Server::small("");
    let answer = server.get("/a.txt", "Range: bytes=0-1, -1, 4-5\r\n");
    assert_eq!(answer.status, 206);
    assert_eq!(answer.header("content-range"), None);
    let media_type = answer.header("content-type").unwrap();
    let boundary = media_type.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let part = |range: &str, content: &str| {
        format!(
            "\r\n--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Range: bytes {range}/26\r\n\r\n{content}"
        )
    };
    let parts = [part("0-1", "ab"), part("25-25", "z"), part("4-5", "ef")].concat();
    assert_eq!(answer.text(), format!("{parts}\r\n--{boundary}--\r\n"));
}

#[test]
fn several_large_ranges_arrive_whole() {
    let folder = Folder::new();
    let content: Vec<u8> = (0..200_000u32).flat_map(u32::to_be_bytes).collect();
    folder.file("large.bin", &content);
    let server = Server::start(folder, "");
    let answer = server.get("/large.bin", "Range: bytes=1000-399999,500000-799999\r\n");
    assert_eq!(answer.status, 206);
    for range in [1000..400_000, 500_000..800_000] {
        let wanted = &content[range];
        let start = answer.body.windows(64).position(|window| window == &wanted[..64]).unwrap();
        assert!(answer.body[start..].starts_with(wanted));
    }
}

#[test]
fn too_many_ranges_are_one() {
    let server = Server::small("limits: {ranges: 2}\n");
    assert_eq!(server.get("/a.txt", "Range: bytes=0-0,2-2\r\n").status, 206);
    assert_eq!(server.get("/a.txt", "Range: bytes=0-0,2-2,4-4\r\n").status, 200);
}

#[test]
fn if_range_guards_against_mixing_versions() {
    let server = Server::small("");
    let etag = server.get("/a.txt", "").header("etag").unwrap().to_owned();
    for (validator, status) in [
        (etag.as_str(), 206),
        ("\"other\"", 200),
        (&format!("W/{etag}"), 200),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 206),
        ("Sun, 06 Nov 1994 08:49:38 GMT", 200),
    ] {
        let fields = format!("Range: bytes=0-1\r\nIf-Range: {validator}\r\n");
        assert_eq!(server.get("/a.txt", &fields).status, status, "{validator}");
    }
}
