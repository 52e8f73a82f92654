//! The netlink transport: requests with acknowledgement, dumps, and multicast events, as framed
//! messages with attributes (netlink(7), rtnetlink(7)). What the messages mean is in `route`.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use nix::{
    errno::Errno,
    sys::{
        socket::{
            AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv,
            send, setsockopt, socket, sockopt,
        },
        time::{TimeVal, TimeValLike},
    },
};

/// A NETLINK_ROUTE socket.
pub(crate) struct Netlink {
    socket: OwnedFd,
    sequence: u32,
    request: Vec<u8>,
    answer: Box<[u8; ANSWER]>,
}

impl Netlink {
    /// For requests: an answer is waited for, at most one second.
    pub(crate) fn for_requests() -> io::Result<Self> {
        let netlink = Self::open(SockFlag::empty(), 0)?;
        setsockopt(&netlink.socket, sockopt::ReceiveTimeout, &TimeVal::seconds(1))?;
        Ok(netlink)
    }

    /// For the events of `groups` (a set of RTMGRP bits); never blocks.
    pub(crate) fn for_events(groups: u32) -> io::Result<Self> {
        Self::open(SockFlag::SOCK_NONBLOCK, groups)
    }

    fn open(flags: SockFlag, groups: u32) -> io::Result<Self> {
        let socket = socket(
            AddressFamily::Netlink,
            SockType::Raw,
            flags | SockFlag::SOCK_CLOEXEC,
            SockProtocol::NetlinkRoute,
        )?;
        bind(socket.as_raw_fd(), &NetlinkAddr::new(0, groups))?;
        let request = Vec::with_capacity(256);
        Ok(Self { socket, sequence: 0, request, answer: Box::new([0; ANSWER]) })
    }

    /// Sends one request and waits for its acknowledgement.
    pub(crate) fn request(
        &mut self,
        kind: u16,
        flags: i32,
        fill: impl FnOnce(&mut Body<'_>),
    ) -> io::Result<()> {
        self.send(kind, flags | libc::NLM_F_ACK, fill)?;
        self.collect(|_| {})
    }

    /// Asks for a table; `each` gets every message of the answer.
    pub(crate) fn dump(
        &mut self,
        kind: u16,
        fill: impl FnOnce(&mut Body<'_>),
        each: impl FnMut(Message<'_>),
    ) -> io::Result<()> {
        self.send(kind, libc::NLM_F_DUMP, fill)?;
        self.collect(each)
    }

    /// Hands over the events that wait. An error of kind `ENOBUFS` says that some were lost.
    pub(crate) fn events(&mut self, mut each: impl FnMut(Message<'_>)) -> io::Result<()> {
        loop {
            match self.receive() {
                Ok(length) => Messages(&self.answer[..length]).for_each(&mut each),
                Err(Errno::EAGAIN) => return Ok(()),
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn send(&mut self, kind: u16, flags: i32, fill: impl FnOnce(&mut Body<'_>)) -> io::Result<()> {
        self.sequence = self.sequence.wrapping_add(1);
        let flags = (flags | libc::NLM_F_REQUEST) as u16;
        self.request.clear();
        self.request.extend_from_slice(&[0; 4]);
        self.request.extend_from_slice(&kind.to_ne_bytes());
        self.request.extend_from_slice(&flags.to_ne_bytes());
        self.request.extend_from_slice(&self.sequence.to_ne_bytes());
        self.request.extend_from_slice(&[0; 4]);
        fill(&mut Body { bytes: &mut self.request });
        let length = self.request.len() as u32;
        self.request[..4].copy_from_slice(&length.to_ne_bytes());
        send(self.socket.as_raw_fd(), &self.request, MsgFlags::empty())?;
        Ok(())
    }

    /// Reads until the answer to the last request is complete. Late answers to earlier requests,
    /// which were given up, are passed over.
    fn collect(&mut self, mut each: impl FnMut(Message<'_>)) -> io::Result<()> {
        loop {
            let length = self.receive()?;
            for message in Messages(&self.answer[..length]) {
                if message.sequence != self.sequence {
                    continue;
                }
                match i32::from(message.kind) {
                    libc::NLMSG_DONE => return Ok(()),
                    libc::NLMSG_ERROR => return acknowledgement(&message),
                    _ => each(message),
                }
            }
        }
    }

    fn receive(&mut self) -> nix::Result<usize> {
        recv(self.socket.as_raw_fd(), &mut self.answer[..], MsgFlags::empty())
    }
}

impl AsFd for Netlink {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// The body of a request under construction.
pub(crate) struct Body<'a> {
    bytes: &'a mut Vec<u8>,
}

impl Body<'_> {
    /// The fixed part that precedes the attributes.
    pub(crate) fn fixed(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(crate) fn attribute(&mut self, kind: u16, value: &[u8]) -> &mut Self {
        let length = (ATTRIBUTE_HEADER + value.len()) as u16;
        self.bytes.extend_from_slice(&length.to_ne_bytes());
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        self.bytes.extend_from_slice(value);
        self.bytes.resize(aligned(self.bytes.len()), 0);
        self
    }
}

/// One received message.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) kind: u16,
    sequence: u32,
    pub(crate) body: &'a [u8],
}

impl<'a> Message<'a> {
    /// The attributes after a fixed part of `SIZE` bytes, and that part; `None` when it is short.
    pub(crate) fn split<const SIZE: usize>(&self) -> Option<(&'a [u8; SIZE], Attributes<'a>)> {
        let (fixed, rest) = self.body.split_first_chunk()?;
        Some((fixed, Attributes(rest)))
    }
}

/// Iterates over `(kind, value)`; ends at the first that does not fit.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let [a, b, c, d] = *self.0.first_chunk::<ATTRIBUTE_HEADER>()?;
        let length = usize::from(u16::from_ne_bytes([a, b]));
        let value = self.0.get(ATTRIBUTE_HEADER..length)?;
        self.0 = self.0.get(aligned(length)..).unwrap_or_default();
        Some((u16::from_ne_bytes([c, d]) & !NESTED, value))
    }
}

struct Messages<'a>(&'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = Message<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let [a, b, c, d, kind_low, kind_high, _, _, e, f, g, h, ..] =
            *self.0.first_chunk::<HEADER>()?;
        let length = u32::from_ne_bytes([a, b, c, d]) as usize;
        let body = self.0.get(HEADER..length)?;
        self.0 = self.0.get(aligned(length)..).unwrap_or_default();
        let kind = u16::from_ne_bytes([kind_low, kind_high]);
        Some(Message { kind, sequence: u32::from_ne_bytes([e, f, g, h]), body })
    }
}

fn acknowledgement(message: &Message<'_>) -> io::Result<()> {
    let code =
        message.body.first_chunk::<4>().map_or(-libc::EBADMSG, |code| i32::from_ne_bytes(*code));
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(-code)) }
}

const fn aligned(length: usize) -> usize {
    (length + 3) & !3
}

const HEADER: usize = 16;
const ATTRIBUTE_HEADER: usize = 4;
/// The two top bits of an attribute's kind say that it is nested, and its byte order.
const NESTED: u16 = 0xc000;
/// The kernel never sends longer datagrams to a reader with this much room.
const ANSWER: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_padded_and_read_back() {
        let mut bytes = Vec::new();
        Body { bytes: &mut bytes }.attribute(3, b"eth0\0").attribute(1, &[1, 2, 3, 4]);
        assert_eq!(bytes.len(), 12 + 8);
        let read: Vec<_> = Attributes(&bytes).collect();
        assert_eq!(read, [(3, &b"eth0\0"[..]), (1, &[1, 2, 3, 4][..])]);
    }

    #[test]
    fn lengths_that_lie_end_the_list() {
        for bytes in [&[3, 0, 1, 0][..], &[0; 8], &[255, 255, 0, 0, 1], &[4]] {
            assert!(Attributes(bytes).count() <= 1, "{bytes:?}");
        }
        assert_eq!(Messages(&[255; 40]).count(), 0);
        assert_eq!(Messages(&[0; 40]).count(), 0);
    }
}
