//! Sending whole Ethernet frames: gratuitous ARP has no other way.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use nix::{
    errno::Errno,
    sys::socket::{AddressFamily, MsgFlags, SockFlag, SockType, send, socket},
};

/// Bound to one interface, and receiving nothing. Needs CAP_NET_RAW.
pub(crate) struct FrameSender {
    socket: OwnedFd,
}

impl FrameSender {
    pub(crate) fn open(interface_index: u32) -> io::Result<Self> {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        // Protocol 0 is what keeps the socket from receiving.
        let socket = socket(AddressFamily::Packet, SockType::Raw, flags, None)?;
        bind(socket.as_fd(), interface_index)?;
        Ok(Self { socket })
    }

    /// Sends one frame, Ethernet header included.
    pub(crate) fn send(&self, frame: &[u8]) -> io::Result<()> {
        send(self.socket.as_raw_fd(), frame, MsgFlags::MSG_DONTWAIT)?;
        Ok(())
    }
}

impl AsFd for FrameSender {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn bind(socket: BorrowedFd<'_>, interface_index: u32) -> io::Result<()> {
    let address = libc::sockaddr_ll {
        sll_family: libc::AF_PACKET as u16,
        sll_protocol: 0,
        sll_ifindex: interface_index.cast_signed(),
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    let length = size_of_val(&address) as libc::socklen_t;
    // SAFETY: the pointer and the length describe `address`, a complete sockaddr_ll that outlives
    // the call, which only reads it.
    let result = unsafe { libc::bind(socket.as_raw_fd(), (&raw const address).cast(), length) };
    Errno::result(result)?;
    Ok(())
}
