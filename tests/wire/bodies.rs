//! Large bodies, both ways: all bytes, in order, at any pace.

use crate::Simple;
use crate::support::noise;

const MEGABYTE: usize = 1 << 20;

fn download(length: usize, chunk: Option<usize>) {
    let simple = Simple::new();
    let body = noise(length);
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    let received = std::thread::scope(|scope| {
        scope.spawn(|| match chunk {
            None => {
                server.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"));
                server.send(&body);
            }
            Some(size) => {
                server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for piece in body.chunks(size) {
                    server.send(format!("{:x}\r\n", piece.len())).send(piece).send("\r\n");
                }
                server.send("0\r\n\r\n");
            }
        });
        client.response()
    });
    assert_eq!(received.status(), 200);
    match chunk {
        None => assert!(received.body == body, "the body changed on its way"),
        Some(_) => assert!(unchunked(&received.body) == body, "the body changed on its way"),
    }
    let line = simple.log.http();
    assert_eq!(line.state, "----");
    assert!(line.bytes >= length as u64, "{}", line.text);
    client.get("/next");
    assert_eq!(server.request().path(), "/next");
}

fn upload(length: usize, chunk: Option<usize>) {
    let simple = Simple::new();
    let body = noise(length);
    let mut client = simple.proxy.client();
    let (request, mut server) = std::thread::scope(|scope| {
        let sending = scope.spawn(|| {
            let host = "POST / HTTP/1.1\r\nHost: h\r\n";
            match chunk {
                None => {
                    client.send(format!("{host}Content-Length: {length}\r\n\r\n")).send(&body);
                }
                Some(size) => {
                    client.send(format!("{host}Transfer-Encoding: chunked\r\n\r\n"));
                    for piece in body.chunks(size) {
                        client.send(format!("{:x}\r\n", piece.len())).send(piece).send("\r\n");
                    }
                    client.send("0\r\n\r\n");
                }
            }
        });
        let mut server = simple.server.accept();
        let request = server.request();
        sending.join().unwrap();
        (request, server)
    });
    match chunk {
        None => assert!(request.body == body, "the body changed on its way"),
        Some(_) => assert!(unchunked(&request.body) == body, "the body changed on its way"),
    }
    server.ok("done");
    assert_eq!(client.response().text(), "done");
    assert_eq!(simple.log.http().state, "----");
    client.get("/next");
    assert_eq!(server.request().path(), "/next");
}

/// The data of a chunked body.
fn unchunked(mut raw: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    loop {
        let end = raw.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&raw[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return data;
        }
        data.extend_from_slice(&raw[end + 2..end + 2 + size]);
        raw = &raw[end + 4 + size..];
    }
}

#[test]
fn a_megabyte_comes_down() {
    download(MEGABYTE, None);
}

#[test]
fn twenty_megabytes_come_down() {
    download(20 * MEGABYTE + 1, None);
}

#[test]
fn a_megabyte_goes_up() {
    upload(MEGABYTE, None);
}

#[test]
fn twenty_megabytes_go_up() {
    upload(20 * MEGABYTE + 1, None);
}

#[test]
fn chunks_of_every_size_come_down() {
    download(100_000, Some(1000));
    download(2 * MEGABYTE, Some(300_001));
}

#[test]
fn chunks_of_every_size_go_up() {
    upload(100_000, Some(1000));
    upload(2 * MEGABYTE, Some(300_001));
}

/// What the proxy holds for a client that does not read is bounded, and the client still gets
/// everything when it reads at last.
#[test]
fn a_client_that_does_not_read_holds_its_server_back() {
    let simple = Simple::new();
    let mut client = simple.proxy.client();
    client.get("/");
    let mut server = simple.server.accept();
    server.request();
    let length = 64 * MEGABYTE;
    server.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"));
    let sent = server.fill();
    assert!(sent < 48 * MEGABYTE, "{sent} bytes were taken for a client that reads nothing");
    let rest = vec![b'x'; length - sent];
    let body = std::thread::scope(|scope| {
        scope.spawn(|| server.send(&rest));
        client.response().body
    });
    assert_eq!(body.len(), length);
    assert!(body.iter().all(|byte| *byte == b'x'));
}
