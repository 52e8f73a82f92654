//! One client: waits for a request, has it answered, sends the answer, and again.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::debug;

use crate::access_log::{Entry, client_address};
use crate::answer::{Moment, answer, error_reply};
use crate::reply::{Body, Closing, Reply, write_head};
use crate::request::{self, BodyLength, Fields, Keep, Method, Refusal, Request};

use super::inbox::Inbox;
use super::phase::{Phase, reached};
use super::send::Sender;
use super::worker::Worker;

/// A connection from accept to close.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    peer: IpAddr,
    inbox: Inbox,
    worker: Rc<Worker>,
    /// No request has come yet.
    fresh: bool,
}

/// What becomes of the connection after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Request,
    /// Past a body of this many bytes.
    Skip(u64),
    Close,
    /// The client may still be sending; it must not lose the answer over that.
    Linger,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, peer: SocketAddr, worker: Rc<Worker>) -> Self {
        let peer = peer.ip().to_canonical();
        Self { stream, peer, inbox: Inbox::default(), worker, fresh: true }
    }

    pub(super) async fn run(mut self) {
        while self.request_begins().await {
            self.fresh = false;
            match self.exchange().await {
                Ok(Next::Request) => {}
                Ok(Next::Skip(length)) if self.skip(length).await => {}
                Ok(Next::Skip(_) | Next::Close) => break,
                Ok(Next::Linger) => {
                    self.linger().await;
                    break;
                }
                Err(error) => {
                    debug!(peer = %self.peer, %error, "connection lost");
                    break;
                }
            }
        }
        self.inbox.release(&self.worker.buffers);
    }

    /// Waits for the first bytes of a request; false when none will come.
    async fn request_begins(&mut self) -> bool {
        if !self.inbox.bytes().is_empty() {
            return true;
        }
        let Self { stream, inbox, worker, fresh, .. } = self;
        let mut phase = worker.phase.clone();
        let stopping = async {
            reached(&mut phase, Phase::Stopping).await;
            if *fresh {
                // It was accepted in the last moment and its request may be on the way.
                sleep(FRESH_GRACE).await;
            }
        };
        let idle = worker.site.timeouts.keep_alive;
        tokio::select! {
            biased;
            came = timeout(idle, inbox.fill(stream, &worker.buffers)) => {
                matches!(came, Ok(Ok(bytes)) if !bytes.is_empty())
            }
            () = stopping => false,
        }
    }

    /// Reads the rest of a request head and answers it.
    async fn exchange(&mut self) -> io::Result<Next> {
        let Self { stream, inbox, worker, peer, .. } = self;
        let started = Instant::now();
        loop {
            match Request::parse(inbox.bytes(), &worker.site.limits) {
                Ok(Some((request, length))) => {
                    let exchange = Exchange { stream, peer: *peer, worker, started };
                    let next = exchange.respond(&request).await;
                    inbox.consume(length);
                    return next;
                }
                Err(refusal) => {
                    let exchange = Exchange { stream, peer: *peer, worker, started };
                    return exchange.refuse(inbox.bytes(), refusal).await;
                }
                Ok(None) => {}
            }
            let deadline = started + worker.site.timeouts.request;
            match timeout_at(deadline, more_lines(inbox, stream, worker)).await {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => return Ok(Next::Close),
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    let exchange = Exchange { stream, peer: *peer, worker, started };
                    return exchange.refuse(inbox.bytes(), TOO_SLOW).await;
                }
            }
        }
    }

    /// Reads past a request body; false when it did not come.
    async fn skip(&mut self, length: u64) -> bool {
        let Self { stream, inbox, worker, .. } = self;
        let discard = async {
            let mut left = length;
            loop {
                let here = inbox.bytes().len();
                let used = usize::try_from(left).unwrap_or(here).min(here);
                inbox.consume(used);
                left -= used as u64;
                if left == 0 {
                    return true;
                }
                if !matches!(inbox.fill(stream, &worker.buffers).await, Ok([_, ..])) {
                    return false;
                }
            }
        };
        timeout(worker.site.timeouts.request, discard).await.unwrap_or(false)
    }

    /// Ends our side and listens a little longer: closing a socket with unread bytes resets it,
    /// which can overtake the answer (RFC 9112 section 9.6).
    async fn linger(&mut self) {
        let Self { stream, inbox, worker, .. } = self;
        if stream.shutdown().await.is_err() {
            return;
        }
        let discard = async {
            let mut left = LINGER_BYTES;
            while left > 0 {
                inbox.consume(usize::MAX >> 1);
                match inbox.fill(stream, &worker.buffers).await {
                    Ok(bytes) if !bytes.is_empty() => left = left.saturating_sub(bytes.len()),
                    _ => break,
                }
            }
        };
        let _ = timeout(LINGER_TIME, discard).await;
    }
}

/// Reads until a line has ended, as only then there is anything new to parse, or the buffer is
/// full; false when the client ended. Sent byte by byte, a head is so not parsed for each.
async fn more_lines(
    inbox: &mut Inbox,
    stream: &mut TcpStream,
    worker: &Worker,
) -> io::Result<bool> {
    loop {
        let new = inbox.fill(stream, &worker.buffers).await?;
        if new.is_empty() {
            return Ok(false);
        }
        if new.contains(&b'\n') || inbox.bytes().len() >= worker.site.limits.uri.0 {
            return Ok(true);
        }
    }
}

/// One request of a connection and what is needed to answer it.
struct Exchange<'a> {
    stream: &'a TcpStream,
    peer: IpAddr,
    worker: &'a Worker,
    started: Instant,
}

impl Exchange<'_> {
    async fn respond(&self, request: &Request<'_>) -> io::Result<Next> {
        let site = &self.worker.site;
        let now = self.worker.clock.now();
        let draining = *self.worker.phase.borrow() >= Phase::Draining;
        let reply = answer(site, request, Moment { now, draining });
        let last = draining || request.keep_alive == Keep::Close;
        let next = match request.body {
            BodyLength::Known(0) if !last => Next::Request,
            // The client itself meant this to be the last.
            BodyLength::Known(0) if !draining => Next::Close,
            BodyLength::Known(length) if !last && length <= site.limits.body.0 as u64 => {
                Next::Skip(length)
            }
            _ => Next::Linger,
        };
        let closing = match (next, request.keep_alive) {
            (Next::Close | Next::Linger, _) => Closing::Closes,
            (_, Keep::Asked) => Closing::StaysAsAsked,
            _ => Closing::Stays,
        };
        let quiet = !site.health.log && request.asks_for(&site.health.path);
        let log = (!quiet).then_some((request.line, &request.fields));
        self.send(&reply, request.method, closing, log).await?;
        Ok(next)
    }

    /// Answers what could not be understood; nothing after it can be.
    async fn refuse(&self, bytes: &[u8], refusal: Refusal) -> io::Result<Next> {
        self.worker.clock.now();
        debug!(peer = %self.peer, status = refusal.status, reason = refusal.reason, "refused");
        let reply = error_reply(&self.worker.site, refusal.status);
        let line = request::request_line(bytes);
        let log = Some((line, &Fields::default()));
        self.send(&reply, Method::Get, Closing::Closes, log).await?;
        Ok(Next::Linger)
    }

    async fn send(
        &self,
        reply: &Reply,
        method: Method,
        closing: Closing,
        log: Option<(&[u8], &Fields<'_>)>,
    ) -> io::Result<()> {
        let site = &self.worker.site;
        let mut out = self.worker.buffers.take_writing();
        self.worker.clock.with_date(|date| {
            write_head(&mut out, reply, date, &site.standing_headers, closing);
        });
        let head = out.len() as u64;
        let mut sender = Sender::new(self.stream, &mut out, site.timeouts.send);
        let body = if method == Method::Head { &Body::Never } else { &reply.body };
        let result = sender.send(body).await;
        let bytes = sender.sent().saturating_sub(head);
        self.worker.buffers.give_writing(out);
        if let Some((line, fields)) = log {
            self.log(line, fields, reply.status, bytes);
        }
        result
    }

    fn log(&self, line: &[u8], fields: &Fields<'_>, status: u16, bytes: u64) {
        let mut log = self.worker.log.borrow_mut();
        if !log.enabled() {
            return;
        }
        let forwarded = fields.x_forwarded_for.as_deref();
        let client = client_address(self.peer, forwarded, &self.worker.site.trusted_proxies);
        self.worker.clock.with_date(|date| {
            log.record(&Entry {
                client,
                date,
                line,
                status,
                bytes,
                duration: self.started.elapsed(),
                referer: fields.referer.as_deref(),
                user_agent: fields.user_agent.as_deref(),
            });
        });
    }
}

const TOO_SLOW: Refusal = Refusal { status: 408, reason: "request head above timeouts.request" };
/// For a connection accepted while the server stops to bring its request.
const FRESH_GRACE: Duration = Duration::from_millis(200);
/// Bounds on listening to a client that is not answered any more.
const LINGER_TIME: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 256 << 10;
