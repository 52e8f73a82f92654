//! Where the access log goes, and the thread that takes it there.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use tracing::{info, warn};

/// A way to the writing thread; each worker has its own.
#[derive(Debug, Clone)]
pub struct LogHandle {
    queue: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

/// The writing thread. It ends when the last [`LogHandle`] is gone.
#[derive(Debug)]
pub struct LogThread {
    /// Closes when the thread ends.
    ended: Receiver<()>,
}

#[derive(Debug)]
enum Message {
    Lines(Vec<u8>),
    Reopen,
}

enum Output {
    Stdout,
    Stderr,
    File(File),
}

impl LogThread {
    /// Opens `path`, which may be `stdout`, `stderr`, or `off` for no log at all.
    pub fn start(path: &str) -> io::Result<Option<(LogHandle, Self)>> {
        if path == "off" {
            return Ok(None);
        }
        let output = Output::open(path)?;
        let (queue, messages) = sync_channel(QUEUE);
        let lost = Arc::new(AtomicU64::new(0));
        let handle = LogHandle { queue, lost: lost.clone() };
        let path = path.to_owned();
        let (end, ended) = channel();
        thread::Builder::new().name("access-log".into()).spawn(move || {
            write_all(&path, output, &messages, &lost);
            drop(end);
        })?;
        Ok(Some((handle, Self { ended })))
    }

    /// Waits until everything handed over is written, but not for ever: a pipe that nobody reads
    /// must not keep the process.
    pub fn finish(self) {
        if let Err(RecvTimeoutError::Timeout) = self.ended.recv_timeout(LAST_WAIT) {
            warn!("the end of the access log could not be written in time");
        }
    }
}

impl LogHandle {
    /// Opens the file anew, after it was renamed by log rotation.
    pub fn reopen(&self) {
        // A full queue means a target that is stuck; it would not be served sooner by waiting.
        if self.queue.try_send(Message::Reopen).is_err() {
            warn!("access log is too far behind to be reopened");
        }
    }

    pub(super) fn write(&self, buffer: Vec<u8>, lines: u64) {
        if self.queue.try_send(Message::Lines(buffer)).is_err() {
            self.lost.fetch_add(lines, Ordering::Relaxed);
        }
    }
}

impl Output {
    fn open(path: &str) -> io::Result<Self> {
        Ok(match path {
            "stdout" => Self::Stdout,
            "stderr" => Self::Stderr,
            file => Self::File(OpenOptions::new().append(true).create(true).open(file)?),
        })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes)?;
                stdout.flush()
            }
            Self::Stderr => io::stderr().lock().write_all(bytes),
            Self::File(file) => file.write_all(bytes),
        }
    }
}

fn write_all(path: &str, mut output: Output, messages: &Receiver<Message>, lost: &AtomicU64) {
    let mut failing = false;
    for message in messages {
        match message {
            Message::Lines(bytes) => {
                let result = output.write(&bytes);
                // Said once, not for every line of a full disk.
                if let (Err(error), false) = (&result, failing) {
                    warn!(%error, path, "access log cannot be written");
                }
                failing = result.is_err();
            }
            Message::Reopen => match Output::open(path) {
                Ok(opened) => {
                    output = opened;
                    info!(path, "access log reopened");
                }
                Err(error) => warn!(%error, path, "access log cannot be reopened"),
            },
        }
        let lines = lost.swap(0, Ordering::Relaxed);
        if lines > 0 {
            warn!(lines, "access log was too slow and lost lines");
        }
    }
}

/// Buffers that may wait for a slow target.
const QUEUE: usize = 64;
/// How long the end of the log may hold up the end of the process.
const LAST_WAIT: Duration = Duration::from_secs(2);
