//! The command phase: bytes go back and forth until one side leaves.
//!
//! Apart because it is the hot path. It moves bytes and waits; whose turn it is, `Dialogue` knows.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::timeout;

use super::Worker;
use super::authenticate::{AuthEnd, authenticate};
use crate::drain::Drain;
use crate::live::Counters;
use crate::peer::Peer;
use crate::protocol::answer::{Refusal, Status};
use crate::protocol::command::Command;
use crate::protocol::dialogue::{Dialogue, FromServer, Opening, Then};
use crate::protocol::reader::Malformed;

/// A session in its command phase.
///
/// ```text
///          ┌────────────── no answer, or refused ───────────────┐
///          ▼                                                    │
/// next_command ──► upload ──► response ──── complete ──► next_command
///                    ▲            │
///                    └─ a file is wanted
/// ```
pub(super) struct Relay<'a> {
    client: &'a mut Peer,
    server: &'a mut Peer,
    dialogue: Dialogue,
    counters: &'a Counters,
    drain: Drain,
}

/// How a session ended.
#[derive(Debug)]
pub(super) enum End {
    Quit,
    /// The client has closed between two commands.
    ClientGone,
    /// The client has closed, or takes nothing, while the server was at work for it.
    ClientLost,
    ServerLost,
    /// The proxy stops.
    Drained,
    /// COM_CHANGE_USER was refused.
    Refused(AuthEnd),
    Broken(Malformed),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quit => f.write_str("the client has quit"),
            Self::ClientGone => f.write_str("the client has closed"),
            Self::ClientLost => f.write_str("the client has left in the middle of a command"),
            Self::ServerLost => f.write_str("the server has closed"),
            Self::Drained => f.write_str("the proxy stops"),
            Self::Refused(end) => write!(f, "change of user: {end}"),
            Self::Broken(why) => why.fmt(f),
        }
    }
}

impl<'a> Relay<'a> {
    pub(super) fn new(
        worker: &'a Worker,
        client: &'a mut Peer,
        server: &'a mut Peer,
        deprecate_eof: bool,
        status: Status,
    ) -> Self {
        let dialogue = Dialogue::new(deprecate_eof, status);
        let drain = Drain::new(&worker.shared.draining);
        Self { client, server, dialogue, counters: worker.counters(), drain }
    }

    /// Relays to the end; says whether the server connection may serve another client.
    pub(super) async fn run(mut self) -> (End, bool) {
        let end = loop {
            if let Err(end) = self.command().await {
                break end;
            }
        };
        self.count_errors();
        (end, !self.dialogue.options_changed())
    }

    /// One command with its answer.
    async fn command(&mut self) -> Result<(), End> {
        let opening = self.next_command().await?;
        self.counters.commands[Command::index(opening.command.code)].add(1);
        if opening.sequence != 0 {
            let _ = self.client.send(&Refusal::OUT_OF_ORDER.packet(1)).await;
            return Err(End::Broken(Malformed("a command with a sequence other than 0")));
        }
        self.dialogue.begin(opening);
        match self.upload().await? {
            Then::Client | Then::NextCommand => Ok(()),
            Then::Server => self.response().await,
            Then::Authenticate => self.change_user().await,
            Then::Refuse { sequence } => {
                let packet = Refusal::UNKNOWN_COMMAND.packet(sequence);
                self.client.send(&packet).await.map_err(|_| End::ClientGone)
            }
            Then::Quit => Err(End::Quit),
        }
    }

    /// Waits, without a buffer, for the client's next command.
    async fn next_command(&mut self) -> Result<Opening, End> {
        loop {
            if let Some(opening) = Dialogue::opening(self.client.pending()) {
                return Ok(opening);
            }
            if self.client.pending().is_empty() {
                self.client.rest();
                self.server.rest();
                self.end_if_drained()?;
            }
            match poll_fn(|cx| self.poll_idle(cx)).await {
                Woken::Client(Ok(count @ 1..)) => self.counters.from_clients.add(count as u64),
                Woken::Client(_) => return Err(End::ClientGone),
                Woken::Server(count) => return Err(self.farewell(count).await),
                Woken::Drain => {}
            }
        }
    }

    fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<Woken> {
        if let Poll::Ready(read) = self.client.poll_fill(cx) {
            return Poll::Ready(Woken::Client(read));
        }
        if let Poll::Ready(read) = self.server.poll_fill(cx) {
            return Poll::Ready(Woken::Server(read.unwrap_or(0)));
        }
        self.drain.poll_begin(cx).map(|()| Woken::Drain)
    }

    /// An idle session ends when the proxy stops, unless it has begun a transaction.
    fn end_if_drained(&self) -> Result<(), End> {
        let over = self.drain.has_begun() && !self.dialogue.status().in_transaction();
        if over { Err(End::Drained) } else { Ok(()) }
    }

    /// The server has spoken unasked, which is to say why it closes, or has just closed.
    async fn farewell(&mut self, count: usize) -> End {
        let _ = self.client.forward(self.server, count).await;
        End::ServerLost
    }

    /// Passes on the command, or the local file, up to its end.
    async fn upload(&mut self) -> Result<Then, End> {
        loop {
            let step = self.dialogue.from_client(self.client.pending());
            if self.dialogue.is_forwarded() {
                if self.server.forward(self.client, step.consumed).await.is_err() {
                    return Err(self.server_lost().await);
                }
            } else {
                self.client.consume(step.consumed);
            }
            if step.then != Then::Client {
                return Ok(step.then);
            }
            match self.client.fill().await {
                Ok(count @ 1..) => self.counters.from_clients.add(count as u64),
                _ => return Err(End::ClientLost),
            }
        }
    }

    /// Passes on the server's answer up to its end.
    async fn response(&mut self) -> Result<(), End> {
        loop {
            match poll_fn(|cx| self.poll_response(cx)).await {
                Woken::Server(0) => return Err(self.server_lost().await),
                Woken::Server(count) => {
                    self.counters.from_servers.add(count as u64);
                    let verdict = self.dialogue.from_server(self.server.pending());
                    let all = self.server.pending().len();
                    let sent = self.client.forward(self.server, all).await;
                    sent.map_err(|_| End::ClientLost)?;
                    match verdict.map_err(End::Broken)? {
                        FromServer::More => {}
                        FromServer::WantsFile => {
                            self.upload().await?;
                        }
                        FromServer::Complete => {
                            self.count_errors();
                            return Ok(());
                        }
                    }
                }
                Woken::Client(Ok(count @ 1..)) => self.counters.from_clients.add(count as u64),
                Woken::Client(_) => return Err(End::ClientLost),
                Woken::Drain => {}
            }
        }
    }

    fn count_errors(&mut self) {
        match self.dialogue.take_errors() {
            0 => {}
            errors => self.counters.error_packets.add(errors),
        }
    }

    /// Reads the answer; meanwhile the client may send its next command early, or be gone.
    fn poll_response(&mut self, cx: &mut Context<'_>) -> Poll<Woken> {
        if let Poll::Ready(read) = self.server.poll_fill(cx) {
            return Poll::Ready(Woken::Server(read.unwrap_or(0)));
        }
        if self.client.has_room() {
            return self.client.poll_fill(cx).map(Woken::Client);
        }
        Poll::Pending
    }

    async fn change_user(&mut self) -> Result<(), End> {
        match authenticate(self.client, self.server, 0).await {
            Ok(status) => {
                self.dialogue.set_status(status);
                Ok(())
            }
            Err(end) => Err(End::Refused(end)),
        }
    }

    /// The server is gone in the middle of a command: passes on what it still said, or says so.
    async fn server_lost(&mut self) -> End {
        self.counters.servers_lost.add(1);
        let mut explained = false;
        while let Ok(Ok(count @ 1..)) = timeout(LAST_WORDS, self.server.fill()).await {
            explained = true;
            if self.client.forward(self.server, count).await.is_err() {
                return End::ClientLost;
            }
        }
        if let (false, Some(sequence)) = (explained, self.dialogue.room_for_error()) {
            let _ = self.client.send(&Refusal::SERVER_LOST.packet(sequence)).await;
        }
        End::ServerLost
    }
}

/// Who has something to say. The server's count of bytes is 0 when it is gone.
enum Woken {
    Client(io::Result<usize>),
    Server(usize),
    Drain,
}

/// How long a server that takes no more bytes may take to say why.
const LAST_WORDS: Duration = Duration::from_secs(1);
