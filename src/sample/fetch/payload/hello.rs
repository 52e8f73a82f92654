//! A TLS client hello (RFC 8446, section 4.1.2), as far as switching needs it.

/// What is read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hello<'a> {
    /// The handshake's type: 1.
    pub(super) kind: u8,
    /// The version that the client asks for, major and minor.
    pub(super) version: (u8, u8),
    /// The first host name (RFC 6066, section 3).
    pub(super) server_name: Option<&'a [u8]>,
    /// The first protocol (RFC 7301).
    pub(super) alpn: Option<&'a [u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parsed<'a> {
    Complete(Hello<'a>),
    /// It may become one.
    Partial,
    /// Something else.
    Other,
}

/// Reads the beginning of a connection. The hello must be in one record, as all clients send it.
pub(super) fn parse(bytes: &[u8]) -> Parsed<'_> {
    match bytes {
        [] => return Parsed::Partial,
        [HANDSHAKE, ..] => {}
        _ => return Parsed::Other,
    }
    let [_, major, minor, high, low, rest @ ..] = bytes else { return Parsed::Partial };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if *major != 3 || length > LONGEST_RECORD {
        return Parsed::Other;
    }
    if rest.len() < length {
        return Parsed::Partial;
    }
    hello(&rest[..length], (*major, *minor)).map_or(Parsed::Other, Parsed::Complete)
}

fn hello(record: &[u8], outer: (u8, u8)) -> Option<Hello<'_>> {
    let mut reader = Reader(record);
    let kind = reader.byte()?;
    if kind != CLIENT_HELLO {
        return None;
    }
    let mut reader = Reader(reader.vector(3)?);
    let version = (reader.byte()?, reader.byte()?);
    reader.take(32)?;
    reader.vector(1)?;
    reader.vector(2)?;
    reader.vector(1)?;
    let mut hello = Hello { kind, version: version.max(outer), server_name: None, alpn: None };
    // Extensions may be missing.
    let Some(extensions) = reader.vector(2) else { return Some(hello) };
    let mut extensions = Reader(extensions);
    while let Some(number) = extensions.number(2) {
        let body = extensions.vector(2)?;
        match number {
            SERVER_NAME => hello.server_name = server_name(body),
            ALPN => hello.alpn = Reader(body).vector(2).and_then(|list| Reader(list).vector(1)),
            _ => {}
        }
    }
    Some(hello)
}

fn server_name(body: &[u8]) -> Option<&[u8]> {
    let mut names = Reader(Reader(body).vector(2)?);
    loop {
        let kind = names.byte()?;
        let name = names.vector(2)?;
        if kind == HOST_NAME {
            return Some(name);
        }
    }
}

/// Takes from the front of some bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|part| part[0])
    }

    /// A number of so many bytes.
    fn number(&mut self, size: usize) -> Option<usize> {
        Some(self.take(size)?.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)))
    }

    /// Bytes whose number stands before them.
    fn vector(&mut self, size: usize) -> Option<&'a [u8]> {
        let length = self.number(size)?;
        self.take(length)
    }
}

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_NAME: usize = 0;
const ALPN: usize = 16;
const HOST_NAME: u8 = 0;
/// RFC 8446, section 5.1.
const LONGEST_RECORD: usize = 1 << 14;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A hello with these extensions.
    fn record(extensions: &[u8]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([0, 0, 2, 0x13, 0x01, 1, 0]);
        body.extend((extensions.len() as u16).to_be_bytes());
        body.extend(extensions);
        let mut record = vec![22, 3, 1];
        record.extend((body.len() as u16 + 4).to_be_bytes());
        record.push(1);
        record.extend(&(body.len() as u32).to_be_bytes()[1..]);
        record.extend(body);
        record
    }

    const NAME: &[u8] = &[0, 0, 0, 8, 0, 6, 0, 0, 3, b'a', b'.', b'b'];
    const PROTOCOLS: &[u8] = &[0, 16, 0, 5, 0, 3, 2, b'h', b'2'];

    #[test]
    fn names_and_protocols_are_found() {
        let record = record(&[NAME, PROTOCOLS].concat());
        let Parsed::Complete(hello) = parse(&record) else { panic!("not read") };
        assert_eq!(hello.server_name, Some(&b"a.b"[..]));
        assert_eq!(hello.alpn, Some(&b"h2"[..]));
        assert_eq!((hello.kind, hello.version), (1, (3, 3)));
        for length in 0..record.len() {
            assert_eq!(parse(&record[..length]), Parsed::Partial, "{length}");
        }
    }

    #[test]
    fn something_else_is_known_at_once() {
        assert_eq!(parse(b"G"), Parsed::Other);
        assert_eq!(parse(&[22, 2, 0, 0, 1]), Parsed::Other);
        assert_eq!(parse(&[22, 3, 1, 0, 1, 2]), Parsed::Other);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..80),
            extensions in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let _ = parse(&bytes);
            let _ = parse(&record(&extensions));
        }
    }
}
