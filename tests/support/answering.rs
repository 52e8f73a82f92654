//! A server that answers by itself, with its name.

use std::fmt;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use super::Peer;

/// Answers every request 200 with its name as the body, or 503 while it is told to be unwell.
pub(crate) struct Answering {
    address: SocketAddr,
    facts: Arc<Facts>,
}

struct Facts {
    name: String,
    unwell: AtomicBool,
    ended: AtomicBool,
    requests: AtomicUsize,
    connections: AtomicUsize,
}

impl Answering {
    pub(crate) fn named(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("listen");
        let address = listener.local_addr().expect("an address");
        let facts = Arc::new(Facts {
            name: name.to_owned(),
            unwell: false.into(),
            ended: false.into(),
            requests: 0.into(),
            connections: 0.into(),
        });
        let shared = Arc::clone(&facts);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.ended.load(Relaxed) {
                    return;
                }
                let (Ok(stream), facts) = (stream, Arc::clone(&shared)) else { return };
                std::thread::spawn(move || facts.serve(stream));
            }
        });
        Self { address, facts }
    }

    pub(crate) fn set_unwell(&self, unwell: bool) {
        self.facts.unwell.store(unwell, Relaxed);
    }

    /// Requests other than those of health checks.
    pub(crate) fn requests(&self) -> usize {
        self.facts.requests.load(Relaxed)
    }

    pub(crate) fn connections(&self) -> usize {
        self.facts.connections.load(Relaxed)
    }
}

impl Facts {
    fn serve(&self, stream: TcpStream) {
        self.connections.fetch_add(1, Relaxed);
        let mut reader = std::io::BufReader::new(stream.try_clone().expect("clone a socket"));
        let mut peer = Peer::tcp(stream);
        while let Some(head) = read_head(&mut reader) {
            let check = head.contains("/health");
            if !check {
                self.requests.fetch_add(1, Relaxed);
            }
            let status =
                if self.unwell.load(Relaxed) { "503 Service Unavailable" } else { "200 OK" };
            let name = &self.name;
            let text = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{name}", name.len());
            if peer.try_send(text).is_err() || head.to_ascii_lowercase().contains("close") {
                return;
            }
        }
    }
}

/// The next request's head; its body is none.
fn read_head(from: &mut impl std::io::BufRead) -> Option<String> {
    let mut head = String::new();
    loop {
        if from.read_line(&mut head).ok()? == 0 {
            return None;
        }
        if head.ends_with("\r\n\r\n") {
            return Some(head);
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.facts.ended.store(true, Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

impl fmt::Display for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}
