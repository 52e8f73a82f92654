//! A small HTTP/1.1 client with cookies and forms. One connection per request, unless a scenario
//! speaks over the socket itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

#[derive(Clone)]
pub(crate) struct Browser {
    address: SocketAddr,
    /// Sent with every request.
    pub(crate) cookies: BTreeMap<String, String>,
    /// Sent with every request, such as `X-Forwarded-For`.
    pub(crate) headers: Vec<(&'static str, String)>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// The same cookies, at another node.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    pub(crate) fn get(&mut self, path: &str) -> Reply {
        self.request("GET", path, "", "")
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.request("POST", path, "application/x-www-form-urlencoded", &encoded(fields))
    }

    pub(crate) fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Reply {
        self.request("POST", path, "application/json", &body.to_string())
    }

    /// Reads the form at `page`, then sends `fields` with its hidden field to `action`.
    pub(crate) fn submit(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        let csrf = self.get(page).csrf();
        let fields: Vec<_> = [("csrf", csrf.as_str())].iter().chain(fields).copied().collect();
        self.post(action, &fields)
    }

    pub(crate) fn login(&mut self, name: &str, password: &str) -> Reply {
        self.submit("/app/login", "/app/login", &[("name", name), ("password", password)])
    }

    /// Signs in as the demonstration's user.
    pub(crate) fn demo(mut self) -> Self {
        let reply = self.login("demo", "demo-password");
        assert_eq!((reply.status, reply.header("location")), (303, Some("/app")), "{reply:?}");
        self
    }

    pub(crate) fn write(&mut self, title: &str, body: &str) -> Reply {
        self.submit("/app/new", "/app/messages", &[("title", title), ("body", body)])
    }

    pub(crate) fn request(&mut self, method: &str, path: &str, kind: &str, body: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = self.head(method, path, kind, body.len());
        stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes()).unwrap();
        let reply = Reply::read(&mut stream);
        self.keep_cookies(&reply);
        reply
    }

    /// A request's head without its last, empty line.
    pub(crate) fn head(&self, method: &str, path: &str, kind: &str, length: usize) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: board.test\r\n");
        if method == "POST" {
            write!(head, "content-type: {kind}\r\ncontent-length: {length}\r\n").unwrap();
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            write!(head, "cookie: {}\r\n", pairs.join("; ")).unwrap();
        }
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        head
    }

    fn keep_cookies(&mut self, reply: &Reply) {
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("; Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Reply {
    /// Reads to the end of the connection, and checks the length that was announced.
    pub(crate) fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {text}"));
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<_> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let reply = Self { status, headers, body: body.to_owned() };
        let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
        assert_eq!(reply.body.len(), length, "{reply:?}");
        reply
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }

    /// The hidden field of the page's form.
    pub(crate) fn csrf(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"csrf\" value=\"").expect(&self.body);
        rest.split('"').next().unwrap().to_owned()
    }

    /// Whether all of these stand in the body, in this order.
    #[track_caller]
    pub(crate) fn assert_shows(&self, texts: &[&str]) {
        let mut rest = self.body.as_str();
        for text in texts {
            let Some((_, after)) = rest.split_once(text) else {
                panic!("`{text}` is missing (or too early) in\n{}", self.body);
            };
            rest = after;
        }
    }
}

/// `application/x-www-form-urlencoded`, escaping more than it must.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut escaped, byte| {
            match byte {
                b'a'..=b'z' | b'0'..=b'9' => escaped.push(byte.into()),
                _ => write!(escaped, "%{byte:02X}").unwrap(),
            }
            escaped
        })
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}
