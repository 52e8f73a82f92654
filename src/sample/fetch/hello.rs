//! The ClientHello of TLS in bytes that were received (RFC 8446, section 4.1.2; RFC 6066), without
//! I/O: what is asked for, or that more bytes are needed.

/// What looking for something in the first bytes of a connection gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look<T> {
    Found(T),
    /// It is not there, whatever follows.
    Missing,
    /// More bytes are needed to tell.
    Partial,
}

use Look::{Found, Missing, Partial};

/// A ClientHello: everything behind the header of the handshake message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hello<'b> {
    pub version: (u8, u8),
    extensions: &'b [u8],
}

/// The type of the handshake message that a record begins with: 1 of a client, 2 of a server.
pub(super) fn hello_type(bytes: &[u8]) -> Look<u8> {
    match bytes {
        [] => Partial,
        [HANDSHAKE] | [HANDSHAKE, 3] => Partial,
        [HANDSHAKE, 3, ..] => bytes.get(5).map_or(Partial, |kind| Found(*kind)),
        _ => Missing,
    }
}

impl<'b> Hello<'b> {
    /// Parses the record at the beginning of `bytes`.
    pub(super) fn parse(bytes: &'b [u8]) -> Look<Self> {
        match hello_type(bytes) {
            Found(CLIENT_HELLO) => {}
            Partial => return Partial,
            Found(_) | Missing => return Missing,
        }
        let mut record = Cursor(&bytes[3..]);
        let Some(length) = record.number(2) else { return Partial };
        if record.0.len() < length {
            return Partial;
        }
        // The record's type was looked at; its handshake message may go on in the next record,
        // which HAProxy does not follow either.
        Self::body(&record.0[..length]).map_or(Missing, Found)
    }

    fn body(message: &'b [u8]) -> Option<Self> {
        let mut cursor = Cursor(message);
        cursor.take(4)?;
        let version = cursor.take(2)?;
        cursor.take(32)?;
        cursor.vector(1)?;
        cursor.vector(2)?;
        cursor.vector(1)?;
        let extensions = cursor.vector(2).unwrap_or_default();
        Some(Self { version: (version[0], version[1]), extensions })
    }

    /// The content of an extension.
    pub(super) fn extension(&self, wanted: u16) -> Option<&'b [u8]> {
        let mut cursor = Cursor(self.extensions);
        loop {
            let kind = cursor.number(2)?;
            let content = cursor.vector(2)?;
            if kind == usize::from(wanted) {
                return Some(content);
            }
        }
    }

    /// The first name of the server (RFC 6066, section 3).
    pub(super) fn server_name(&self) -> Option<&'b [u8]> {
        let mut names = Cursor(Cursor(self.extension(SERVER_NAME)?).vector(2)?);
        loop {
            let kind = names.number(1)?;
            let name = names.vector(2)?;
            if kind == 0 {
                return Some(name);
            }
        }
    }

    /// The protocols that the client offers (RFC 7301), separated by commas.
    pub(super) fn protocols(&self) -> Option<Vec<u8>> {
        let mut list = Cursor(Cursor(self.extension(ALPN)?).vector(2)?);
        let mut names: Vec<&[u8]> = Vec::new();
        while let Some(name) = list.vector(1) {
            names.push(name);
        }
        (!names.is_empty()).then(|| names.join(&b','))
    }
}

/// Reads numbers and vectors; `None` beyond the end.
struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        let digits = self.take(bytes)?;
        Some(digits.iter().fold(0, |number, &digit| number << 8 | usize::from(digit)))
    }

    /// A vector with its length in so many bytes before it.
    fn vector(&mut self, bytes: usize) -> Option<&'b [u8]> {
        let length = self.number(bytes)?;
        self.take(length)
    }
}

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_NAME: u16 = 0;
pub(super) const ELLIPTIC_CURVES: u16 = 10;
const ALPN: u16 = 16;
pub(super) const SESSION_TICKET: u16 = 35;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A record with these extensions, built as RFC 8446 draws it.
    fn record(extensions: &[u8]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([0, 0, 2, 0x13, 1, 1, 0]);
        body.extend((extensions.len() as u16).to_be_bytes());
        body.extend(extensions);
        let mut record = vec![22, 3, 1];
        record.extend((body.len() as u16 + 4).to_be_bytes());
        record.extend([1, 0]);
        record.extend((body.len() as u16).to_be_bytes());
        record.extend(body);
        record
    }

    const NAME_AND_ALPN: &[u8] =
        b"\0\x10\0\x0e\0\x0c\x02h2\x08http/1.1\x06\0\0\0\0\0\0\x08\0\x06\0\0\x03a.b";

    #[test]
    fn name_and_protocols_are_found() {
        let good = b"\0\x10\0\x0e\0\x0c\x02h2\x08http/1.1\0\0\0\x08\0\x06\0\0\x03a.b";
        let record = record(good);
        let Found(hello) = Hello::parse(&record) else { panic!("not found") };
        assert_eq!(hello.version, (3, 3));
        assert_eq!(hello.server_name(), Some(&b"a.b"[..]));
        assert_eq!(hello.protocols().as_deref(), Some(&b"h2,http/1.1"[..]));
        assert_eq!(hello.extension(SESSION_TICKET), None);
    }

    #[test]
    fn every_beginning_is_partial() {
        let record = record(b"\0\0\0\x08\0\x06\0\0\x03a.b");
        for end in 0..record.len() {
            assert!(matches!(Hello::parse(&record[..end]), Partial), "{end}");
        }
        assert!(matches!(Hello::parse(b"GET / HTTP/1.1\r\n"), Missing));
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes: Vec<u8>, extensions: Vec<u8>, cut: usize) {
            let mut broken = record(&extensions[..extensions.len().min(500)]);
            broken.extend(NAME_AND_ALPN);
            for text in [&bytes[..], &broken[cut % broken.len()..], &broken[..cut % broken.len()], &broken] {
                if let Found(hello) = Hello::parse(text) {
                    let _ = (hello.server_name(), hello.protocols(), hello.extension(10));
                }
            }
        }
    }
}
