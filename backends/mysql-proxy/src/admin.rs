//! The admin listener: `/healthz` and `/metrics` over HTTP/1.1.
//!
//! Apart because it is for operators, on the main thread, and must not disturb a session.

use std::io;
use std::net;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

use crate::live::Shared;
use crate::metrics;

/// Answers requests for ever.
pub(crate) async fn serve(shared: Arc<Shared>, listener: net::TcpListener) {
    let listener =
        match listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener)) {
            Ok(listener) => listener,
            Err(error) => return warn!(%error, "the admin listener does not work"),
        };
    loop {
        match listener.accept().await {
            Ok((socket, _)) => {
                tokio::task::spawn_local(exchange(Arc::clone(&shared), socket));
            }
            Err(error) => {
                warn!(%error, "accept on the admin listener failed");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn exchange(shared: Arc<Shared>, mut socket: TcpStream) {
    match timeout(BOUND, answer(&shared, &mut socket)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, "admin request"),
        Err(_) => debug!("admin request: timeout"),
    }
}

async fn answer(shared: &Shared, socket: &mut TcpStream) -> io::Result<()> {
    let Some(head) = read_head(socket).await? else { return Ok(()) };
    let reply = reply(shared, &head);
    socket.write_all(&reply.bytes()).await?;
    socket.shutdown().await
}

/// Reads up to the empty line; `None` if the client closes before it.
async fn read_head(socket: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut head = vec![0; HEAD_LIMIT];
    let mut filled = 0;
    while filled < head.len() {
        let count = socket.read(&mut head[filled..]).await?;
        if count == 0 {
            return Ok(None);
        }
        filled += count;
        if head[..filled].windows(4).any(|window| window == b"\r\n\r\n") {
            break;
        }
    }
    head.truncate(filled);
    Ok(Some(head))
}

struct Reply {
    status: &'static str,
    body: String,
    with_body: bool,
}

fn reply(shared: &Shared, head: &[u8]) -> Reply {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let (method, target) = match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => {
            (request.method.unwrap_or_default(), request.path.unwrap_or_default())
        }
        _ => ("", ""),
    };
    let path = target.split('?').next().unwrap_or_default();
    let (status, body) = match (method, path) {
        ("", _) => ("400 Bad Request", "bad request\n".into()),
        ("GET" | "HEAD", "/healthz") => health(shared),
        ("GET" | "HEAD", "/metrics") => ("200 OK", metrics::text(shared)),
        ("GET" | "HEAD", _) => ("404 Not Found", "not found\n".into()),
        _ => ("405 Method Not Allowed", "method not allowed\n".into()),
    };
    Reply { status, body, with_body: method != "HEAD" }
}

/// Whether a load balancer should send clients here.
fn health(shared: &Shared) -> (&'static str, String) {
    if shared.is_draining() {
        ("503 Service Unavailable", "draining\n".into())
    } else if shared.candidates().next().is_none() {
        ("503 Service Unavailable", "no server is up\n".into())
    } else {
        ("200 OK", "ok\n".into())
    }
}

impl Reply {
    fn bytes(&self) -> Vec<u8> {
        let allow = if self.status.starts_with("405") { "Allow: GET, HEAD\r\n" } else { "" };
        let body = if self.with_body { self.body.as_str() } else { "" };
        format!(
            "HTTP/1.1 {}\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {}\r\n\
             {allow}Connection: close\r\n\r\n{body}",
            self.status,
            self.body.len(),
        )
        .into_bytes()
    }
}

const HEAD_LIMIT: usize = 8 * 1024;
/// For one request and its answer.
const BOUND: Duration = Duration::from_secs(5);
