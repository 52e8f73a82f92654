//! Connections: accepted within a limit, served as HTTP/1.1, ended in good order. Own accept loop,
//! because `axum::serve` bounds neither the number of connections nor the time a head may take.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::config::Limits;
use crate::visitor::Peer;

/// A listener with the connections it has accepted.
pub(crate) struct Server {
    listener: TcpListener,
    router: Router,
    http: http1::Builder,
    permits: Arc<Semaphore>,
    connections: GracefulShutdown,
    send_timeout: Duration,
}

impl Server {
    pub(crate) fn new(listener: TcpListener, router: Router, limits: &Limits) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .max_buf_size(LARGEST_HEAD);
        Self {
            listener,
            router,
            http,
            permits: Arc::new(Semaphore::new(usize::try_from(limits.connections).unwrap_or(1))),
            connections: GracefulShutdown::new(),
            send_timeout: limits.send_timeout,
        }
    }

    /// Accepts for ever. At the limit, further connections wait in the kernel's queue.
    pub(crate) async fn accept(&self) {
        loop {
            let Ok(permit) = self.permits.clone().acquire_owned().await else {
                return;
            };
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if let Err(error) = tune(&stream, self.send_timeout) {
                        tracing::debug!(%error, %peer, "a connection was gone at once");
                        continue;
                    }
                    let serve = serve(
                        stream,
                        Peer(peer),
                        self.http.clone(),
                        self.router.clone(),
                        self.connections.watcher(),
                    );
                    tokio::spawn(async move {
                        serve.await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(AFTER_FAILED_ACCEPT).await;
                }
            }
        }
    }

    /// Accepts no more, lets requests under way finish, closes idle connections. False when some
    /// were still busy after `patience`.
    pub(crate) async fn drain(self, patience: Duration) -> bool {
        drop(self.listener);
        tokio::time::timeout(patience, self.connections.shutdown()).await.is_ok()
    }
}

async fn serve(
    stream: TcpStream,
    peer: Peer,
    http: http1::Builder,
    router: Router,
    watcher: Watcher,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().call(request)
    });
    let connection = http.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, peer = %peer.0, "a connection ended early");
    }
}

/// Answers leave at once, and whoever does not take them in is cut off by the kernel
/// (`TCP_USER_TIMEOUT`, tcp(7)): hyper has no timeout for writing.
fn tune(stream: &TcpStream, send_timeout: Duration) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_user_timeout(Some(send_timeout))
}

/// Bytes of a request's head; 431 beyond.
const LARGEST_HEAD: usize = 32 * 1024;

/// Time for descriptors to be freed when there are none left.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(100);
