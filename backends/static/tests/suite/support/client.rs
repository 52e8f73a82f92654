//! A client that understands just enough HTTP to check it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

pub(crate) struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, unread: Vec::new() }
    }

    pub(crate) fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    /// Says `text` and lets nothing but the end follow.
    pub(crate) fn say_last(&mut self, text: &str) {
        self.say(text);
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// The next answer, with the body that its `Content-Length` announces.
    pub(crate) fn hear(&mut self) -> Answer {
        let head = self.hear_head();
        let length = head.header("content-length").map_or(0, |text| text.parse().unwrap());
        while self.unread.len() < length {
            assert!(self.read(), "the server ended inside a body");
        }
        let body = self.unread.drain(..length).collect();
        Answer { body, ..head }
    }

    /// The next answer when it is one to HEAD, without a body whatever its length says.
    pub(crate) fn hear_head(&mut self) -> Answer {
        let end = loop {
            if let Some(end) = self.unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            assert!(self.read(), "the server ended without an answer");
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).unwrap();
        let status = head.strip_prefix("HTTP/1.1 ").unwrap()[..3].parse().unwrap();
        Answer { status, head, body: Vec::new() }
    }

    /// Whether the server closes without another byte.
    pub(crate) fn is_closed(&mut self) -> bool {
        !self.read() && self.unread.is_empty()
    }

    /// Whether nothing arrives within `time` and the connection stays.
    pub(crate) fn is_silent_for(&mut self, time: Duration) -> bool {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let result = self.stream.peek(&mut [0]);
        self.stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        matches!(result, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    fn read(&mut self) -> bool {
        let mut buffer = [0; 65536];
        let count = self.stream.read(&mut buffer).unwrap();
        self.unread.extend_from_slice(&buffer[..count]);
        count > 0
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.head.lines().filter_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        });
        let first = values.next();
        assert!(values.next().is_none(), "{name} came twice");
        first
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
