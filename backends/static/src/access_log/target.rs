//! Where the access log goes, and the thread that takes it there.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

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
    thread: JoinHandle<()>,
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
        let thread = thread::Builder::new()
            .name("access-log".into())
            .spawn(move || write_all(&path, output, &messages, &lost))?;
        Ok(Some((handle, Self { thread })))
    }

    /// Waits until everything handed over is written.
    pub fn finish(self) {
        if self.thread.join().is_err() {
            warn!("the access log's thread failed");
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
