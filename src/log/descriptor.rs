//! Standard output, standard error and inherited descriptors as log targets.
//!
//! They may be pipes or terminals that nobody reads, and they are shared with other processes, so
//! they can neither be written to by a worker, which must not wait, nor be made non-blocking. One
//! thread for each descriptor writes what workers put into a bounded buffer.

use std::fs::{File, OpenOptions};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout};

/// A descriptor and the lines that wait for it.
#[derive(Debug)]
pub(super) struct Descriptor {
    number: i32,
    /// `None` for standard output and error, and for what cannot be opened.
    file: Option<File>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Whole lines.
    waiting: Vec<u8>,
    /// Lines that could not be written since somebody asked.
    lost: u64,
    writing: bool,
    /// The process whose thread writes: a fork leaves the thread behind.
    writer: Option<u32>,
}

/// The descriptor with this number, the same one for all workers.
pub(super) fn open(number: i32) -> Arc<Descriptor> {
    let mut known = lock(&KNOWN);
    if let Some(descriptor) = known.iter().find(|descriptor| descriptor.number == number) {
        return Arc::clone(descriptor);
    }
    let descriptor = Arc::new(Descriptor::new(number));
    known.push(Arc::clone(&descriptor));
    descriptor
}

/// Waits until everything is written, a second at most. Called before the process ends.
pub fn flush() {
    let known = lock(&KNOWN).clone();
    for descriptor in known {
        let state = lock(&descriptor.state);
        let _ = descriptor.changed.wait_timeout_while(state, Duration::from_secs(1), |state| {
            state.writer == Some(std::process::id()) && (state.writing || !state.waiting.is_empty())
        });
    }
}

impl Descriptor {
    fn new(number: i32) -> Self {
        let file = match number {
            1 | 2 => None,
            // Pipes, terminals and files; a socket cannot be opened a second time, so its lines
            // are lost and counted.
            _ => OpenOptions::new().append(true).open(format!("/proc/self/fd/{number}")).ok(),
        };
        Self { number, file, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Hands over a line with its end. Returns how many lines are known to be lost since the
    /// last call, this one included.
    pub(super) fn push(self: &Arc<Self>, line: &[u8]) -> u64 {
        let mut state = lock(&self.state);
        let mut lost = std::mem::take(&mut state.lost);
        if state.waiting.len() + line.len() > LIMIT || !self.has_writer(&mut state) {
            lost += 1;
        } else {
            state.waiting.extend_from_slice(line);
            self.changed.notify_all();
        }
        lost
    }

    /// Starts the writer the first time.
    fn has_writer(self: &Arc<Self>, state: &mut State) -> bool {
        let process = std::process::id();
        if state.writer != Some(process) {
            let own = Arc::clone(self);
            let started = std::thread::Builder::new()
                .name(format!("log-fd{}", self.number))
                .spawn(move || own.write_forever());
            state.writer = started.is_ok().then_some(process);
        }
        state.writer.is_some()
    }

    fn write_forever(&self) {
        let mut batch = Vec::new();
        loop {
            let mut state = lock(&self.state);
            state.writing = false;
            self.changed.notify_all();
            while state.waiting.is_empty() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.writing = true;
            batch.clear();
            std::mem::swap(&mut batch, &mut state.waiting);
            drop(state);
            let lost = self.write_lines(&batch);
            if lost > 0 {
                lock(&self.state).lost += lost;
            }
        }
    }

    /// Writes as many whole lines at once as a pipe takes without mixing them with those of
    /// other processes. Returns how many were lost.
    fn write_lines(&self, mut lines: &[u8]) -> u64 {
        let mut lost = 0;
        while !lines.is_empty() {
            let window = &lines[..lines.len().min(ATOMIC)];
            let end = memchr::memrchr(b'\n', window)
                .or_else(|| memchr::memchr(b'\n', lines))
                .map_or(lines.len(), |at| at + 1);
            let (now, later) = lines.split_at(end);
            if self.write_all(now).is_err() {
                lost += memchr::memchr_iter(b'\n', now).count() as u64;
            }
            lines = later;
        }
        lost
    }

    fn write_all(&self, mut bytes: &[u8]) -> Result<(), Errno> {
        let (out, err) = (std::io::stdout(), std::io::stderr());
        let fd = match (&self.file, self.number) {
            (Some(file), _) => file.as_fd(),
            (None, 1) => out.as_fd(),
            (None, 2) => err.as_fd(),
            (None, _) => return Err(Errno::EBADF),
        };
        while !bytes.is_empty() {
            match nix::unistd::write(fd, bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(Errno::EINTR) => {}
                // Somebody else made it non-blocking.
                Err(Errno::EAGAIN) => wait_until_writable(fd)?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn wait_until_writable(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    let mut fds = [PollFd::new(fd, PollFlags::POLLOUT)];
    match nix::poll::poll(&mut fds, PollTimeout::NONE) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(error),
    }
}

/// No step leaves the state half done, so a poisoned lock still guards sound data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

static KNOWN: Mutex<Vec<Arc<Descriptor>>> = Mutex::new(Vec::new());

/// Bytes that may wait for one descriptor.
const LIMIT: usize = 1 << 20;

/// `PIPE_BUF` of Linux: what a pipe takes as a whole.
const ATOMIC: usize = 4096;

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn a_pipe_that_nobody_reads_costs_lines_but_no_time() {
        let (mut reader, writer) = std::io::pipe().unwrap();
        let descriptor = open(writer.as_raw_fd());
        let line = [[b'x'; 999].as_slice(), b"\n"].concat();
        let (mut sent, mut lost) = (0u64, 0);
        while lost == 0 {
            assert!(sent < 10_000, "nothing is ever dropped");
            lost += descriptor.push(&line);
            sent += 1;
        }
        drop(writer);
        let mut text = vec![0; (sent - lost) as usize * line.len()];
        reader.read_exact(&mut text).unwrap();
        assert!(text.chunks(line.len()).all(|chunk| chunk == line));
        assert_eq!(descriptor.push(b"again\n"), 0);
        let mut again = [0; 6];
        reader.read_exact(&mut again).unwrap();
        assert_eq!(&again, b"again\n");
    }

    #[test]
    fn lines_for_a_pipe_without_a_reader_are_counted() {
        let (reader, writer) = std::io::pipe().unwrap();
        let descriptor = open(writer.as_raw_fd());
        (&writer).write_all(b"it works\n").unwrap();
        drop(reader);
        let mut lost = 0;
        for _ in 0..200 {
            lost += descriptor.push(b"line\n");
            if lost > 0 {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(lost > 0);
    }
}
