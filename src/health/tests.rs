//! Plans from texts, and servers that behave badly, for the tests of this room.

use std::future::Future;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use crate::config::document::Document;
use crate::config::{Options, load};
use crate::proxy::Plan;
use crate::syntax::diagnostic::Report;
use crate::syntax::environment::Environment;

/// The plan of a configuration without mistakes.
pub(super) fn plan(text: &str) -> Arc<Plan> {
    let mut report = Report::default();
    let mut environment = Environment::default();
    let document = Document::parse("test.cfg", text, &mut environment, &mut report);
    let plan = load(&document, &Options::default(), &mut report);
    let messages: Vec<_> = report.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    Arc::new(plan.unwrap_or_else(|| panic!("{messages:?}")))
}

/// A server that does `act` with each connection, one at a time.
pub(super) fn server(act: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            act(stream);
        }
    });
    address
}

/// A server that reads a request and answers this, then closes.
pub(super) fn answering(text: &'static str) -> SocketAddr {
    server(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(text.as_bytes());
    })
}

/// An address where nobody listens.
pub(super) fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Runs on a worker's kind of runtime, ten seconds at most.
pub(super) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        tokio::time::timeout(Duration::from_secs(10), future).await.unwrap()
    })
}
