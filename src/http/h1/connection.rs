//! What a head says about its connection (RFC 9110, section 7.6.1), and the hop-by-hop fields
//! that leave with a forwarded head.

use crate::exchange::{Framing, Known, Message, Version};

/// Whether the sender of this head keeps its connection open after the message.
#[must_use]
pub fn keeps_alive(message: &Message) -> bool {
    let mut close = false;
    let mut keep = message.version() == Version::Http11;
    for token in tokens(message) {
        close |= token.eq_ignore_ascii_case(b"close");
        keep |= token.eq_ignore_ascii_case(b"keep-alive");
    }
    keep && !close && !message.ambiguous && message.framing != Framing::UntilClose
}

/// Whether the head asks for another protocol on this connection.
#[must_use]
pub fn wants_upgrade(message: &Message) -> bool {
    message.known(Known::Upgrade).next().is_some()
        && tokens(message).any(|token| token.eq_ignore_ascii_case(b"upgrade"))
}

/// Makes a request's head fit for the next hop. `close` asks the server to close afterwards.
pub fn prepare_request(message: &mut Message, close: bool) {
    prepare(message, close, false);
}

/// Makes a response's head fit for the client. `keep` says "keep-alive" to a client of
/// HTTP/1.0, for whom it is not understood.
pub fn prepare_response(message: &mut Message, close: bool, keep: bool) {
    prepare(message, close, keep);
}

fn prepare(message: &mut Message, close: bool, keep: bool) {
    let upgrade = wants_upgrade(message);
    // Most heads have nothing to remove: look before touching.
    if message.known(Known::Connection).next().is_some() {
        remove_nominated(message);
        message.remove_known(Known::Connection);
    }
    message.remove_known(Known::KeepAlive);
    message.remove_known(Known::ProxyConnection);
    if upgrade {
        message.add(b"connection", b"upgrade");
    } else if close {
        message.add(b"connection", b"close");
    } else if keep {
        message.add(b"connection", b"keep-alive");
    }
}

/// Removes the fields that `Connection` names, apart from those that frame or route the message:
/// naming these would let a client take them away.
fn remove_nominated(message: &mut Message) {
    let names: Vec<Vec<u8>> = tokens(message)
        .filter(|token| {
            !matches!(
                Known::of(token),
                Known::ContentLength | Known::TransferEncoding | Known::Host | Known::Upgrade
            ) && !token.eq_ignore_ascii_case(b"close")
                && !token.eq_ignore_ascii_case(b"keep-alive")
        })
        .map(<[u8]>::to_vec)
        .collect();
    for name in names {
        message.remove(&name);
    }
}

fn tokens(message: &Message) -> impl Iterator<Item = &[u8]> {
    message
        .known(Known::Connection)
        .flat_map(|value| value.split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Buffer;
    use crate::http::h1::parse_request;

    fn request(head: &str) -> Message {
        let mut message = Message::empty();
        let mut buffer = Buffer::take();
        buffer.append(head.as_bytes());
        message.reset(buffer);
        assert!(parse_request(&mut message).unwrap().is_some());
        message
    }

    #[test]
    fn persistence_follows_version_and_connection() {
        for (version, connection, kept) in [
            ("1.1", "", true),
            ("1.1", "Connection: close\r\n", false),
            ("1.1", "Connection: foo, Close\r\n", false),
            ("1.0", "", false),
            ("1.0", "Connection: Keep-Alive\r\n", true),
            ("1.0", "Connection: keep-alive, close\r\n", false),
        ] {
            let message = request(&format!("GET / HTTP/{version}\r\n{connection}\r\n"));
            assert_eq!(keeps_alive(&message), kept, "{version} {connection:?}");
        }
    }

    #[test]
    fn nominated_fields_go_but_framing_and_host_stay() {
        let mut message = request(
            "GET / HTTP/1.1\r\nHost: h\r\nX-Hop: 1\r\nContent-Length: 1\r\n\
             Connection: x-hop, host, content-length\r\nKeep-Alive: 5\r\n\r\n",
        );
        prepare_request(&mut message, false);
        let names: Vec<_> = message.fields().map(|(name, _)| name.to_vec()).collect();
        assert_eq!(names, [b"Host".to_vec(), b"Content-Length".to_vec()]);
    }
}
