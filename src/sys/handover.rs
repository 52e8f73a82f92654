//! Descriptors that go from one process to another, each with a message.

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

use nix::sys::socket::{
    AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg,
    sendmsg, socketpair,
};
use tokio::io::unix::AsyncFd;

/// Two ends that keep messages apart; both are closed on exec.
pub(crate) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)?)
}

/// Sends one message of at least one byte.
pub(crate) fn send(to: impl AsFd, text: &[u8], descriptor: Option<RawFd>) -> io::Result<()> {
    let descriptors: Vec<RawFd> = descriptor.into_iter().collect();
    let rights = [ControlMessage::ScmRights(&descriptors)];
    let control = if descriptors.is_empty() { &rights[..0] } else { &rights[..] };
    let flags = MsgFlags::MSG_NOSIGNAL;
    sendmsg::<()>(to.as_fd().as_raw_fd(), &[IoSlice::new(text)], control, flags, None)?;
    Ok(())
}

/// One message and the descriptor that came with it; an empty message is the end.
pub(crate) fn receive(
    from: impl AsFd,
    buffer: &mut [u8],
    wait: bool,
) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut space = nix::cmsg_space!([RawFd; 1]);
    let mut flags = MsgFlags::MSG_CMSG_CLOEXEC;
    flags.set(MsgFlags::MSG_DONTWAIT, !wait);
    let mut parts = [IoSliceMut::new(buffer)];
    let message = recvmsg::<()>(from.as_fd().as_raw_fd(), &mut parts, Some(&mut space), flags)?;
    let mut received = None;
    for control in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(descriptors) = control {
            for descriptor in descriptors {
                // SAFETY: the kernel has just made this descriptor for us, nobody else owns it.
                received = Some(unsafe { OwnedFd::from_raw_fd(descriptor) });
            }
        }
    }
    Ok((message.bytes, received))
}

/// Waits for messages in a runtime.
pub(crate) fn watch(socket: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: the descriptor is owned by the value that is registered, and stays the same.
    unsafe { AsyncFd::register(socket) }.map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_descriptor_arrives_with_its_message() {
        let (one, other) = pair().unwrap();
        let (read, write) = nix::unistd::pipe().unwrap();
        send(&one, b"here", Some(write.as_raw_fd())).unwrap();
        send(&one, b"alone", None).unwrap();
        drop(write);
        let mut buffer = [0; 16];
        let (length, received) = receive(&other, &mut buffer, true).unwrap();
        assert_eq!(&buffer[..length], b"here");
        std::fs::File::from(received.unwrap()).write_all(b"x").unwrap();
        let mut text = String::new();
        std::fs::File::from(read).read_to_string(&mut text).unwrap();
        assert_eq!(text, "x");
        let (length, received) = receive(&other, &mut buffer, false).unwrap();
        assert_eq!((&buffer[..length], received.is_none()), (&b"alone"[..], true));
        assert_eq!(
            receive(&other, &mut buffer, false).unwrap_err().kind(),
            io::ErrorKind::WouldBlock
        );
        drop(one);
        assert_eq!(receive(&other, &mut buffer, true).unwrap().0, 0);
    }
}
