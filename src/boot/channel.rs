//! What a master and its worker say to each other, over sockets that keep messages apart.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use crate::sys::handover;

/// One message. The master sends `Listener`s, then `Begin`; later `Session`s. The worker sends
/// `Listener`s, then `Ready`.
#[derive(Debug)]
pub(super) enum Message {
    /// A listening socket with all that it was bound with.
    Listener(String, OwnedFd),
    /// No more listeners.
    Begin,
    /// The worker serves.
    Ready,
    /// A connection of the master CLI that wants to talk to the worker.
    Session(OwnedFd),
    /// The other side is gone.
    End,
}

/// Sends a listening socket.
pub(super) fn send_listener(to: impl AsFd, name: &str, listener: impl AsFd) -> io::Result<()> {
    let mut text = vec![LISTENER];
    text.extend(name.as_bytes());
    if text.len() > LONGEST {
        return Err(io::Error::other("the name of a listener is too long"));
    }
    handover::send(to, &text, Some(listener.as_fd().as_raw_fd()))
}

pub(super) fn send_begin(to: impl AsFd) -> io::Result<()> {
    handover::send(to, &[BEGIN], None)
}

pub(super) fn send_ready(to: impl AsFd) -> io::Result<()> {
    handover::send(to, &[READY], None)
}

pub(super) fn send_session(to: impl AsFd, session: impl AsFd) -> io::Result<()> {
    handover::send(to, &[SESSION], Some(session.as_fd().as_raw_fd()))
}

/// The next message; without `wait` an error of the kind `WouldBlock` if there is none.
pub(super) fn receive(from: impl AsFd, wait: bool) -> io::Result<Message> {
    let mut buffer = [0; LONGEST];
    let (length, descriptor) = handover::receive(from, &mut buffer, wait)?;
    let Some((kind, text)) = buffer[..length].split_first() else { return Ok(Message::End) };
    match (*kind, descriptor) {
        (LISTENER, Some(listener)) => {
            Ok(Message::Listener(String::from_utf8_lossy(text).into_owned(), listener))
        }
        (SESSION, Some(session)) => Ok(Message::Session(session)),
        (BEGIN, _) => Ok(Message::Begin),
        (READY, _) => Ok(Message::Ready),
        _ => Err(io::Error::other("a message without sense")),
    }
}

const LISTENER: u8 = b'l';
const BEGIN: u8 = b'b';
const READY: u8 = b'r';
const SESSION: u8 = b's';
/// Bytes of a message: room for a path and the options of its `bind` line.
const LONGEST: usize = 4096;
