//! Sends an answer: what is small leaves with its head in one write, the bytes of a large file go
//! from the page cache to the socket by `sendfile(2)`.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use nix::sys::sendfile::sendfile64;
use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::reply::Body;

/// Sends on one connection. `out` is what waits to be written.
#[derive(Debug)]
pub(super) struct Sender<'a> {
    stream: &'a TcpStream,
    out: &'a mut Vec<u8>,
    /// How long the client may take nothing.
    patience: Duration,
    sent: u64,
}

impl<'a> Sender<'a> {
    pub(super) fn new(stream: &'a TcpStream, out: &'a mut Vec<u8>, patience: Duration) -> Self {
        Self { stream, out, patience, sent: 0 }
    }

    /// Bytes that the kernel has taken so far, heads included.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    /// Sends what is in `out` and then `body`.
    pub(super) async fn send(&mut self, body: &Body) -> io::Result<()> {
        match body {
            Body::Never => {}
            Body::Text(text) => self.out.extend_from_slice(text.as_bytes()),
            Body::File { file, range } => self.range(file, range.clone()).await?,
            Body::Multipart(multipart) => {
                for part in &multipart.parts {
                    self.out.extend_from_slice(part.head.as_bytes());
                    self.range(&multipart.file, part.range.clone()).await?;
                }
                self.out.extend_from_slice(multipart.end.as_bytes());
            }
        }
        self.flush(0).await
    }

    async fn range(&mut self, file: &File, range: Range<u64>) -> io::Result<()> {
        match usize::try_from(range.end - range.start) {
            Ok(length) if self.out.len() + length <= SMALL => {
                let old = self.out.len();
                self.out.resize(old + length, 0);
                file.read_exact_at(&mut self.out[old..], range.start)
            }
            _ => {
                // The kernel waits for the file to fill the segment that the head begins.
                self.flush(libc::MSG_MORE).await?;
                self.sendfile(file, range).await
            }
        }
    }

    async fn flush(&mut self, flags: i32) -> io::Result<()> {
        let mut done = 0;
        while done < self.out.len() {
            let rest = &self.out[done..];
            let write = || SockRef::from(self.stream).send_with_flags(rest, flags);
            done += attempt(self.stream, self.patience, write).await?;
        }
        self.sent += done as u64;
        self.out.clear();
        Ok(())
    }

    async fn sendfile(&mut self, file: &File, mut range: Range<u64>) -> io::Result<()> {
        while !range.is_empty() {
            let most = usize::try_from(range.end - range.start).unwrap_or(CHUNK).min(CHUNK);
            let mut offset = i64::try_from(range.start).map_err(io::Error::other)?;
            let write = || Ok(sendfile64(self.stream, file, Some(&mut offset), most)?);
            let count = attempt(self.stream, self.patience, write).await?;
            if count == 0 {
                // The length is promised already; only an early end can tell the client.
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "file became shorter"));
            }
            range.start += count as u64;
            self.sent += count as u64;
            // A fast client must not keep the others of this worker waiting.
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}

/// Repeats `write` until the socket takes something, waiting only after it refused.
async fn attempt(
    stream: &TcpStream,
    patience: Duration,
    mut write: impl FnMut() -> io::Result<usize>,
) -> io::Result<usize> {
    loop {
        match stream.try_io(Interest::WRITABLE, &mut write) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                timeout(patience, stream.writable()).await??;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Below this, copying costs less than a second system call.
const SMALL: usize = 48 << 10;
/// The most of a file sent without looking after the other connections.
const CHUNK: usize = 512 << 10;
