//! Streams for tests of what reads them.

use super::{Connection, Endpoint, Message, Names, Outcome, Sides, Stream, Times, Vars};

/// 24 November 2026, 06:14:37.086114 UTC.
pub(crate) const WALL_US: u64 = 1_795_500_877_086_114;

/// A connection between two addresses with ports, accepted one second after the clock began.
pub(crate) fn connection(client: &str, local: &str) -> Connection {
    let inet = |text: &str| Endpoint::Inet(text.parse().unwrap());
    Connection { client: inet(client), local: inet(local), accepted_us: 1_000_000, listener: 0 }
}

/// A stream in which nothing has happened yet.
pub(crate) fn stream<'c>(connection: &'c Connection, names: Names<'c>) -> Stream<'c> {
    Stream {
        connection,
        request: Message::empty(),
        response: Message::empty(),
        vars: Vars::default(),
        times: Times { began: 1_000_000, ..Times::default() },
        outcome: Outcome::default(),
        names,
        first: true,
        sides: Sides::default(),
        tracked: Default::default(),
        timeouts: Default::default(),
        inspection: Default::default(),
        request_captures: Vec::new(),
        response_captures: Vec::new(),
        id: 0,
        wall_began_us: WALL_US,
    }
}

/// Makes `text` the request of a stream.
pub(crate) fn receive_request(stream: &mut Stream<'_>, text: &[u8]) {
    let mut buffer = super::Buffer::take();
    buffer.append(text);
    stream.request.reset(buffer);
    assert_eq!(crate::http::h1::parse_request(&mut stream.request), Ok(Some(text.len())));
}
