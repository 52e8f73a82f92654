//! Opens files below the root. The kernel enforces the boundary: `openat2(2)` resolves the whole
//! path under `RESOLVE_BENEATH`, so that no race with a link being replaced can lead outside.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, open, openat2};
use nix::sys::stat::Mode;

/// A directory that is served.
#[derive(Debug)]
pub struct Root {
    directory: OwnedFd,
    resolve: ResolveFlag,
}

/// What a path names, opened for reading.
#[derive(Debug)]
pub enum Entry {
    File(File, Metadata),
    Directory(File),
}

#[derive(Debug)]
pub enum OpenError {
    /// Nothing there, or something that is not for the public: a device, a link that leads out.
    NotFound,
    /// The server may not read it.
    Forbidden,
    /// Out of file descriptors or memory; another attempt may succeed.
    Exhausted(Errno),
    Failed(io::Error),
}

impl Root {
    /// Opens `path`. With `follow_symlinks` links may lead out of it; without, a link is followed
    /// as long as it is relative and stays inside.
    pub fn new(path: &Path, follow_symlinks: bool) -> io::Result<Self> {
        let flags = OFlag::O_DIRECTORY | OFlag::O_PATH | OFlag::O_CLOEXEC;
        let directory = open(path, flags, Mode::empty())?;
        let mut resolve = ResolveFlag::RESOLVE_NO_MAGICLINKS;
        if !follow_symlinks {
            resolve |= ResolveFlag::RESOLVE_BENEATH;
        }
        let root = Self { directory, resolve };
        // Said at start rather than as a 500 to every request.
        match root.open_fd(b".") {
            Err(Errno::ENOSYS) => Err(io::Error::other("openat2 is missing (Linux 5.6 has it)")),
            Err(errno) => Err(errno.into()),
            Ok(_) => Ok(root),
        }
    }

    /// Opens `relative`, the decoded path without a leading `/`; empty for the root itself.
    pub fn open(&self, relative: &[u8]) -> Result<Entry, OpenError> {
        let path = if relative.is_empty() { b"." } else { relative };
        let file = File::from(self.open_fd(path)?);
        let metadata = file.metadata().map_err(OpenError::Failed)?;
        if metadata.is_dir() {
            Ok(Entry::Directory(file))
        } else if metadata.is_file() {
            Ok(Entry::File(file, metadata))
        } else {
            Err(OpenError::NotFound)
        }
    }

    /// Opens a regular file; `None` for anything else, whatever the reason.
    pub fn open_file(&self, relative: &[u8]) -> Option<(File, Metadata)> {
        match self.open(relative) {
            Ok(Entry::File(file, metadata)) => Some((file, metadata)),
            _ => None,
        }
    }

    fn open_fd(&self, path: &[u8]) -> nix::Result<OwnedFd> {
        // O_NONBLOCK: opening a FIFO must not wait for its writer.
        let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
        let how = OpenHow::new().flags(flags).resolve(self.resolve);
        let mut attempts = 0;
        loop {
            match openat2(&self.directory, path, how) {
                // The kernel saw a rename meanwhile and cannot be sure; openat2(2) says try again.
                Err(Errno::EAGAIN | Errno::EINTR) if attempts < 8 => attempts += 1,
                result => return result,
            }
        }
    }
}

impl From<Errno> for OpenError {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::ENOENT | Errno::ENOTDIR | Errno::ENAMETOOLONG | Errno::EINVAL => Self::NotFound,
            // Links: a loop, or one out of the root. Sockets and devices without a driver.
            Errno::ELOOP | Errno::EXDEV | Errno::ENXIO | Errno::ENODEV => Self::NotFound,
            Errno::EACCES | Errno::EPERM => Self::Forbidden,
            Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM | Errno::EAGAIN => Self::Exhausted(errno),
            other => Self::Failed(other.into()),
        }
    }
}
