//! One user's talk: reads lines, runs their commands, writes answers.
//!
//! ```text
//! single ──prompt──> prompt ──prompt──> single     single answers one line and closes
//! single ──prompt i> interactive ──prompt──> prompt
//! ```

use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Context;
use super::command::{Call, run};
use super::line::Line;
use crate::proxy::Level;

/// The socket, what was read from it, and what the user chose.
pub(super) struct Session<S> {
    io: S,
    input: Vec<u8>,
    context: Rc<Context>,
    settings: Settings,
}

/// What commands may change about the talk.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) level: Level,
    pub(super) mode: Mode,
    /// The prompt tells the uptime.
    pub(super) timed: bool,
    /// Idle time after which the talk ends.
    pub(super) timeout_ms: u64,
    pub(super) quit: bool,
}

/// How long a talk goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// One line.
    Single,
    /// Lines, without a prompt.
    Interactive,
    /// Lines, each asked for by a prompt.
    Prompt,
}

/// Why a talk ends.
enum End {
    /// The other side closed, or is idle for too long, or reads nothing.
    Gone,
    TooLong,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    pub(super) fn new(io: S, context: Rc<Context>, level: Level) -> Self {
        let timeout_ms = context.plan.global.stats_timeout;
        let settings =
            Settings { level, mode: Mode::Single, timed: false, timeout_ms, quit: false };
        Self { io, input: Vec::new(), context, settings }
    }

    pub(super) async fn run(mut self) {
        if let Err(End::TooLong) = self.talk().await {
            let _ = self.write(TOO_LONG).await;
        }
        let _ = self.io.shutdown().await;
    }

    async fn talk(&mut self) -> Result<(), End> {
        loop {
            let line = Line::parse(&self.line().await?);
            let payload = match &line.payload {
                Some(end) => Some(self.payload(end).await?),
                None => None,
            };
            let last = line.commands.len() - 1;
            for (n, words) in line.commands.iter().enumerate() {
                let payload = payload.as_deref().filter(|_| n == last);
                self.command(words, payload).await?;
                if self.settings.quit {
                    return Ok(());
                }
            }
            if self.settings.mode == Mode::Single {
                return Ok(());
            }
            self.prompt("> ").await?;
        }
    }

    async fn command(&mut self, words: &[String], payload: Option<&str>) -> Result<(), End> {
        let mut out = String::new();
        run(&mut Call {
            context: &self.context,
            words,
            payload,
            settings: &mut self.settings,
            out: &mut out,
        });
        if !self.settings.quit {
            out.push('\n');
        }
        self.write(&out).await
    }

    /// Lines up to one that is `end`.
    async fn payload(&mut self, end: &str) -> Result<String, End> {
        let mut payload = String::new();
        loop {
            if self.settings.mode == Mode::Prompt {
                self.write("+ ").await?;
            }
            let line = self.line().await?;
            if line == end {
                return Ok(payload);
            }
            if payload.len() + line.len() > LONGEST {
                return Err(End::TooLong);
            }
            payload.push_str(&line);
            payload.push('\n');
        }
    }

    async fn prompt(&mut self, sign: &str) -> Result<(), End> {
        if self.settings.mode != Mode::Prompt {
            return Ok(());
        }
        if self.settings.timed {
            let s = self.context.stats().uptime_s();
            let (days, hours, minutes) = (s / 86_400, s / 3600 % 24, s / 60 % 60);
            let time = format!("[{days}:{hours:02}:{minutes:02}:{:02}]", s % 60);
            self.write(&time).await?;
        }
        self.write(sign).await
    }

    /// The next whole line without its end.
    async fn line(&mut self) -> Result<String, End> {
        let mut searched = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.input[searched..]) {
                let line: Vec<u8> = self.input.drain(..=searched + at).collect();
                let line = line.strip_suffix(b"\n").unwrap_or(&line);
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                return Ok(String::from_utf8_lossy(line).into_owned());
            }
            searched = self.input.len();
            if searched >= LONGEST {
                return Err(End::TooLong);
            }
            self.input.reserve(READ_AT_ONCE);
            let room = (LONGEST - searched) as u64;
            let mut limited = (&mut self.io).take(room);
            let read = limited.read_buf(&mut self.input);
            if within(self.settings.timeout_ms, read).await? == 0 {
                return Err(End::Gone);
            }
        }
    }

    async fn write(&mut self, text: &str) -> Result<(), End> {
        within(self.settings.timeout_ms, self.io.write_all(text.as_bytes())).await?;
        within(self.settings.timeout_ms, self.io.flush()).await
    }
}

/// What comes of `io` unless it fails or takes too long.
async fn within<T>(limit_ms: u64, io: impl Future<Output = std::io::Result<T>>) -> Result<T, End> {
    match tokio::time::timeout(Duration::from_millis(limit_ms), io).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}

/// Longest line and longest payload, as HAProxy's buffer is by default.
const LONGEST: usize = 16_384;
const READ_AT_ONCE: usize = 1024;
const TOO_LONG: &str = "The command line is too big for the buffer size. Please change \
                        'tune.bufsize' in the configuration to use a bigger command.\n";
