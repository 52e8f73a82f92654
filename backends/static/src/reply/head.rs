//! The head of an answer (RFC 9112 section 4).

use std::io::Write;

use super::{Reply, reason_phrase};

/// What the answer says about the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// It stays, and HTTP/1.1 needs no word for that.
    Stays,
    /// It stays, and an HTTP/1.0 client is waiting to read so.
    StaysAsAsked,
    Closes,
}

/// Appends the head to `out`, with the empty line that ends it. `standing` are the header lines of
/// the configuration.
pub fn write_head(out: &mut Vec<u8>, reply: &Reply, date: &str, standing: &[u8], closing: Closing) {
    let (status, phrase) = (reply.status, reason_phrase(reply.status));
    // Writing to a Vec cannot fail.
    let _ =
        write!(out, "HTTP/1.1 {status} {phrase}\r\nServer: evenkeel-static\r\nDate: {date}\r\n");
    if let Some(length) = reply.body.length() {
        let _ = write!(out, "Content-Length: {length}\r\n");
    }
    out.extend_from_slice(reply.fields.as_bytes());
    out.extend_from_slice(standing);
    out.extend_from_slice(match closing {
        Closing::Stays => b"\r\n",
        Closing::StaysAsAsked => b"Connection: keep-alive\r\n\r\n",
        Closing::Closes => b"Connection: close\r\n\r\n",
    });
}
