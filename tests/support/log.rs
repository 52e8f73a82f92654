//! A receiver of logs, and log lines taken apart.

use std::cell::RefCell;
use std::fmt;
use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use super::PATIENCE;

/// A syslog server; formatted, it is its address in a configuration.
pub(crate) struct LogSocket {
    socket: Socket,
    name: String,
    received: RefCell<Vec<String>>,
}

enum Socket {
    Udp(UdpSocket),
    Unix(UnixDatagram),
}

/// A line of `option httplog` (manual, section 8.2.3).
#[derive(Debug)]
pub(crate) struct HttpLine {
    pub(crate) text: String,
    pub(crate) client: String,
    pub(crate) frontend: String,
    pub(crate) backend: String,
    pub(crate) server: String,
    /// TR, Tw, Tc, Tr, Ta.
    pub(crate) times: [i64; 5],
    pub(crate) status: i32,
    pub(crate) bytes: u64,
    pub(crate) state: String,
    /// Connections of the process, frontend, backend and server, and retries.
    pub(crate) counts: String,
    pub(crate) queues: String,
    pub(crate) captures: Vec<String>,
    pub(crate) request: String,
}

/// A line of `option tcplog` (manual, section 8.2.2).
#[derive(Debug)]
pub(crate) struct TcpLine {
    pub(crate) text: String,
    pub(crate) client: String,
    pub(crate) frontend: String,
    pub(crate) backend: String,
    pub(crate) server: String,
    /// Tw, Tc, Tt.
    pub(crate) times: [i64; 3],
    pub(crate) bytes: u64,
    pub(crate) state: String,
    pub(crate) counts: String,
    pub(crate) queues: String,
}

impl LogSocket {
    pub(crate) fn udp() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket for logs");
        socket.set_read_timeout(Some(PATIENCE)).expect("set a timeout");
        let name = socket.local_addr().expect("an address").to_string();
        Self { socket: Socket::Udp(socket), name, received: RefCell::default() }
    }

    pub(crate) fn unix(path: &Path) -> Self {
        let socket = UnixDatagram::bind(path).expect("a socket for logs");
        socket.set_read_timeout(Some(PATIENCE)).expect("set a timeout");
        Self {
            socket: Socket::Unix(socket),
            name: path.display().to_string(),
            received: RefCell::default(),
        }
    }

    /// The next message, whatever it is about.
    pub(crate) fn message(&self) -> String {
        let mut bytes = [0; 65536];
        let n = match &self.socket {
            Socket::Udp(socket) => socket.recv(&mut bytes),
            Socket::Unix(socket) => socket.recv(&mut bytes),
        }
        .unwrap_or_else(|error| panic!("no log line ({error}); so far {:#?}", self.received));
        let text = String::from_utf8_lossy(&bytes[..n]).trim_end().to_owned();
        self.received.borrow_mut().push(text.clone());
        text
    }

    /// The next message that holds `part`.
    pub(crate) fn message_with(&self, part: &str) -> String {
        loop {
            let text = self.message();
            if text.contains(part) {
                return text;
            }
        }
    }

    /// The next line about a stream: events of the process are passed over.
    pub(crate) fn http(&self) -> HttpLine {
        HttpLine::parse(&self.stream())
    }

    pub(crate) fn tcp(&self) -> TcpLine {
        TcpLine::parse(&self.stream())
    }

    fn stream(&self) -> String {
        loop {
            let text = self.message();
            if is_stream(&text) {
                return text;
            }
        }
    }

    /// No stream was logged by now.
    pub(crate) fn has_nothing(&self) {
        let Socket::Udp(socket) = &self.socket else { panic!("only for UDP") };
        socket.set_nonblocking(true).expect("set non-blocking");
        let mut bytes = [0; 65536];
        while let Ok(n) = socket.recv(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..n]);
            assert!(!is_stream(&text), "logged: {text}");
        }
        socket.set_nonblocking(false).expect("set blocking");
    }
}

/// Lines about streams have the client's address and the date in brackets behind it.
fn is_stream(text: &str) -> bool {
    body(text).split(' ').nth(1).is_some_and(|word| word.starts_with('['))
}

/// What stands behind the header `<134>Nov 24 06:45:02 haproxy[77]: `.
fn body(text: &str) -> &str {
    text.split_once("]: ").map_or(text, |(_, body)| body)
}

impl HttpLine {
    pub(crate) fn parse(text: &str) -> Self {
        let (words, request) = body(text).split_once(" \"").unwrap_or((body(text), ""));
        let (plain, captures) = match words.find(" {") {
            Some(at) => (&words[..at], &words[at + 1..]),
            None => (words, ""),
        };
        let words: Vec<&str> = plain.split(' ').collect();
        assert!(words.len() >= 12, "not a line of httplog: {text}");
        let (backend, server) = words[3].split_once('/').expect("backend/server");
        Self {
            text: text.to_owned(),
            client: words[0].to_owned(),
            frontend: words[2].to_owned(),
            backend: backend.to_owned(),
            server: server.to_owned(),
            times: numbers(words[4]),
            status: words[5].parse().expect("a status"),
            bytes: words[6].trim_start_matches('+').parse().expect("bytes"),
            state: words[9].to_owned(),
            counts: words[10].to_owned(),
            queues: words[11].to_owned(),
            captures: captures.split_inclusive('}').map(|part| part.trim().to_owned()).collect(),
            request: request.trim_end_matches('"').to_owned(),
        }
    }
}

impl TcpLine {
    pub(crate) fn parse(text: &str) -> Self {
        let words: Vec<&str> = body(text).split(' ').collect();
        assert!(words.len() >= 9, "not a line of tcplog: {text}");
        let (backend, server) = words[3].split_once('/').expect("backend/server");
        Self {
            text: text.to_owned(),
            client: words[0].to_owned(),
            frontend: words[2].to_owned(),
            backend: backend.to_owned(),
            server: server.to_owned(),
            times: numbers(words[4]),
            bytes: words[5].trim_start_matches('+').parse().expect("bytes"),
            state: words[6].to_owned(),
            counts: words[7].to_owned(),
            queues: words[8].to_owned(),
        }
    }
}

fn numbers<const N: usize>(text: &str) -> [i64; N] {
    let parts: Vec<i64> = text
        .split('/')
        .map(|part| part.trim_start_matches('+').parse().expect("a number"))
        .collect();
    parts.try_into().unwrap_or_else(|_| panic!("not {N} numbers: {text}"))
}

impl fmt::Display for LogSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
