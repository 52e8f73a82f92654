//! Writing an answer that the proxy makes by itself.

use super::status;
use crate::rule::Reply;

/// What becomes of the client's connection after a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Kept, and a client of HTTP/1.1 expects that.
    Keep,
    /// Kept, which a client of HTTP/1.0 must be told.
    KeepAnnounced,
    Close,
}

/// Appends `reply` in HTTP/1 form. A reply with an error page takes the built-in one of its status.
/// Returns whether the connection must be closed because the page says so.
pub fn write(reply: &Reply, after: After, to_head: bool, out: &mut Vec<u8>) -> bool {
    if let Some(raw) = &reply.raw {
        out.extend_from_slice(raw);
        return true;
    }
    if reply.error_page
        && let Some((title, sentence)) = status::page(reply.status)
    {
        write_page(reply, title, sentence, after, to_head, out);
        return matches!(after, After::Close) || closes(reply.status);
    }
    start_line(reply.status, status::reason(reply.status), out);
    for (name, value) in &reply.fields[..reply.length_at] {
        field(name, value, out);
    }
    length(reply.body.len(), out);
    for (name, value) in &reply.fields[reply.length_at..] {
        field(name, value, out);
    }
    connection(after, out);
    out.extend_from_slice(b"\r\n");
    if !to_head {
        out.extend_from_slice(&reply.body);
    }
    after == After::Close
}

/// Appends the answer to something that could not be read as a request: the built-in page in the
/// spelling that HAProxy has for this case.
pub fn write_early(status: u16, out: &mut Vec<u8>) {
    let (title, sentence) = status::page(status).unwrap_or(("Error", ""));
    let body = page_body(status, title, sentence);
    start_line(status, title, out);
    field(b"Content-length", itoa::Buffer::new().format(body.len()).as_bytes(), out);
    field(b"Cache-Control", b"no-cache", out);
    field(b"Connection", b"close", out);
    field(b"Content-Type", b"text/html", out);
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body.as_bytes());
}

fn page_body(status: u16, title: &str, sentence: &str) -> String {
    format!("<html><body><h1>{status} {title}</h1>\n{sentence}\n</body></html>\n")
}

fn write_page(
    reply: &Reply,
    title: &str,
    sentence: &str,
    after: After,
    to_head: bool,
    out: &mut Vec<u8>,
) {
    let body = page_body(reply.status, title, sentence);
    start_line(reply.status, title, out);
    length(body.len(), out);
    field(b"cache-control", b"no-cache", out);
    field(b"content-type", b"text/html", out);
    for (name, value) in &reply.fields {
        field(name, value, out);
    }
    connection(if closes(reply.status) { After::Close } else { after }, out);
    out.extend_from_slice(b"\r\n");
    if !to_head {
        out.extend_from_slice(body.as_bytes());
    }
}

/// After these the client's idea of where the next request begins cannot be trusted.
fn closes(status: u16) -> bool {
    matches!(status, 400 | 408)
}

fn start_line(status: u16, reason: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(itoa::Buffer::new().format(status).as_bytes());
    out.push(b' ');
    out.extend_from_slice(reason.as_bytes());
    out.extend_from_slice(b"\r\n");
}

fn length(length: usize, out: &mut Vec<u8>) {
    field(b"content-length", itoa::Buffer::new().format(length).as_bytes(), out);
}

fn connection(after: After, out: &mut Vec<u8>) {
    match after {
        After::Keep => {}
        After::KeepAnnounced => field(b"connection", b"keep-alive", out),
        After::Close => field(b"connection", b"close", out),
    }
}

fn field(name: &[u8], value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(reply: &Reply, after: After) -> String {
        let mut out = Vec::new();
        write(reply, after, false, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// The expected texts are what HAProxy 3.4.0 sends for `http-request deny` and `return`.
    #[test]
    fn replies_are_those_of_haproxy() {
        assert_eq!(
            written(&Reply::error(403), After::Keep),
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 93\r\ncache-control: no-cache\r\n\
             content-type: text/html\r\n\r\n<html><body><h1>403 Forbidden</h1>\n\
             Request forbidden by administrative rules.\n</body></html>\n"
        );
        assert_eq!(
            written(&Reply::error(400), After::Keep),
            "HTTP/1.1 400 Bad request\r\ncontent-length: 90\r\ncache-control: no-cache\r\n\
             content-type: text/html\r\nconnection: close\r\n\r\n<html><body><h1>400 Bad \
             request</h1>\nYour browser sent an invalid request.\n</body></html>\n"
        );
        let ok = Reply { status: 200, body: "ok".into(), ..Reply::default() }
            .with("content-type", "text/plain");
        assert_eq!(
            written(&ok, After::Close),
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: text/plain\r\n\
             connection: close\r\n\r\nok"
        );
        let mut own = Reply { status: 404, ..Reply::default() }.with("x-a", "b");
        own.length_at = 1;
        assert_eq!(
            written(&own, After::KeepAnnounced),
            "HTTP/1.1 404 Not Found\r\nx-a: b\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n"
        );
    }
}
