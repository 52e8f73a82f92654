//! Raw IP sockets for one protocol number on one interface, with what an on-link protocol must know
//! of a packet: both addresses and the hop count.

use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6},
    num::NonZeroU32,
    os::fd::{AsFd, AsRawFd, BorrowedFd},
};

use nix::{
    cmsg_space,
    errno::Errno,
    sys::socket::{
        ControlMessageOwned, MsgFlags, SockaddrIn6, recv, recvmsg, setsockopt,
        sockopt::Ipv6RecvPacketInfo,
    },
};
use socket2::{Domain, InterfaceIndexOrAddress, Protocol, Socket, Type};

/// Needs CAP_NET_RAW.
pub(crate) struct RawSocket {
    socket: Socket,
    ipv4: bool,
    /// The index in IPv6 link-local destinations.
    scope: u32,
    control: Vec<u8>,
}

/// Where a raw socket stands.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Place {
    pub(crate) protocol: u8,
    pub(crate) interface_index: u32,
    /// Our address: what is sent comes from it.
    pub(crate) source: IpAddr,
    /// The group to join and to send to; without one, only packets to `source` arrive.
    pub(crate) group: Option<IpAddr>,
}

/// One datagram. `payload` excludes the IP header.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Datagram<'a> {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) hops: u8,
    pub(crate) payload: &'a [u8],
}

impl RawSocket {
    /// Sends with 255 hops and traffic class CS6 (0xc0), never back to this host.
    pub(crate) fn open(place: Place) -> io::Result<Self> {
        let domain = if place.source.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
        let protocol = Protocol::from(i32::from(place.protocol));
        let socket = Socket::new(domain, Type::RAW, Some(protocol))?;
        socket.set_nonblocking(true)?;
        let index = NonZeroU32::new(place.interface_index);
        match place.source {
            IpAddr::V4(source) => {
                socket.bind_device_by_index_v4(index)?;
                prepare_v4(&socket, &place, source)?;
            }
            IpAddr::V6(source) => {
                socket.bind_device_by_index_v6(index)?;
                prepare_v6(&socket, &place, source)?;
            }
        }
        let control = cmsg_space!(libc::in6_pktinfo, libc::c_int);
        Ok(Self { socket, ipv4: place.source.is_ipv4(), scope: place.interface_index, control })
    }

    pub(crate) fn send(&self, payload: &[u8], destination: IpAddr) -> io::Result<()> {
        let to = match destination {
            IpAddr::V4(_) => SocketAddr::new(destination, 0),
            IpAddr::V6(v6) => SocketAddrV6::new(v6, 0, 0, self.scope).into(),
        };
        self.socket.send_to(payload, &to.into())?;
        Ok(())
    }

    /// The next datagram that waits, or `None`. One with a broken header comes as nonsense that fails
    /// every check, so that it is counted.
    pub(crate) fn receive<'a>(&mut self, buffer: &'a mut [u8]) -> io::Result<Option<Datagram<'a>>> {
        let received = if self.ipv4 { self.receive_v4(buffer) } else { self.receive_v6(buffer) };
        match received {
            Ok(datagram) => Ok(Some(datagram)),
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The kernel puts the IPv4 header before the payload.
    fn receive_v4<'a>(&self, buffer: &'a mut [u8]) -> nix::Result<Datagram<'a>> {
        let length = recv(self.socket.as_raw_fd(), buffer, MsgFlags::MSG_DONTWAIT)?;
        Ok(open_v4(&buffer[..length]).unwrap_or(Datagram::NONSENSE))
    }

    /// For IPv6 the facts of the header are told by control messages.
    fn receive_v6<'a>(&mut self, buffer: &'a mut [u8]) -> nix::Result<Datagram<'a>> {
        let mut vector = [IoSliceMut::new(buffer)];
        let control = Some(&mut self.control[..]);
        let fd = self.socket.as_raw_fd();
        let message = recvmsg::<SockaddrIn6>(fd, &mut vector, control, MsgFlags::MSG_DONTWAIT)?;
        let (mut destination, mut hops) = (Ipv6Addr::UNSPECIFIED, 0);
        for control in message.cmsgs()? {
            match control {
                ControlMessageOwned::Ipv6PacketInfo(info) => {
                    destination = Ipv6Addr::from(info.ipi6_addr.s6_addr);
                }
                ControlMessageOwned::Ipv6HopLimit(limit) => {
                    hops = u8::try_from(limit).unwrap_or(0);
                }
                _ => {}
            }
        }
        let source = message.address.map_or(Ipv6Addr::UNSPECIFIED, |address| address.ip());
        let length = message.bytes;
        Ok(Datagram {
            source: source.into(),
            destination: destination.into(),
            hops,
            payload: &buffer[..length],
        })
    }
}

impl AsFd for RawSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Datagram<'static> {
    /// Fails every check of every protocol.
    const NONSENSE: Self = Self {
        source: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        destination: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        hops: 0,
        payload: &[],
    };
}

fn prepare_v4(socket: &Socket, place: &Place, source: Ipv4Addr) -> io::Result<()> {
    socket.set_tos_v4(CS6)?;
    socket.set_ttl_v4(FULL_HOPS)?;
    let Some(IpAddr::V4(group)) = place.group else {
        return socket.bind(&SocketAddr::new(place.source, 0).into());
    };
    // Binding would keep the group's packets out; this sets the source for multicast alone.
    socket.set_multicast_if_v4(&source)?;
    socket.set_multicast_ttl_v4(FULL_HOPS)?;
    socket.set_multicast_loop_v4(false)?;
    socket.set_multicast_all_v4(false)?;
    socket.join_multicast_v4_n(&group, &InterfaceIndexOrAddress::Index(place.interface_index))
}

fn prepare_v6(socket: &Socket, place: &Place, source: Ipv6Addr) -> io::Result<()> {
    socket.set_tclass_v6(CS6)?;
    socket.set_unicast_hops_v6(FULL_HOPS)?;
    socket.set_recv_hoplimit_v6(true)?;
    setsockopt(socket, Ipv6RecvPacketInfo, &true)?;
    socket.bind(&SocketAddrV6::new(source, 0, 0, place.interface_index).into())?;
    let Some(IpAddr::V6(group)) = place.group else { return Ok(()) };
    socket.set_multicast_if_v6(place.interface_index)?;
    socket.set_multicast_hops_v6(FULL_HOPS)?;
    socket.set_multicast_loop_v6(false)?;
    socket.join_multicast_v6(&group, place.interface_index)
}

/// Splits an IPv4 packet; `None` when its header contradicts itself.
fn open_v4(packet: &[u8]) -> Option<Datagram<'_>> {
    let header = packet.first_chunk::<20>()?;
    let header_length = usize::from(header[0] & 0x0f) * 4;
    let total = usize::from(u16::from_be_bytes([header[2], header[3]]));
    if header[0] >> 4 != 4 || header_length < header.len() {
        return None;
    }
    let payload = packet.get(header_length..total)?;
    let [.., a, b, c, d, e, f, g, h] = *header;
    Some(Datagram {
        source: IpAddr::from([a, b, c, d]),
        destination: IpAddr::from([e, f, g, h]),
        hops: header[8],
        payload,
    })
}

const CS6: u32 = 0xc0;
const FULL_HOPS: u32 = 255;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 791 section 3.1: header of five words, protocol 112, TTL 255, four bytes of payload.
    const PACKET: [u8; 24] =
        [0x45, 0xc0, 0, 24, 0, 0, 0, 0, 255, 112, 0, 0, 10, 0, 0, 2, 224, 0, 0, 18, 1, 2, 3, 4];

    #[test]
    fn splits_an_ipv4_packet() {
        let datagram = open_v4(&PACKET).unwrap();
        assert_eq!(datagram.source, IpAddr::from([10, 0, 0, 2]));
        assert_eq!(datagram.destination, IpAddr::from([224, 0, 0, 18]));
        assert_eq!((datagram.hops, datagram.payload), (255, &[1, 2, 3, 4][..]));
    }

    #[test]
    fn skips_options_and_padding() {
        let mut packet = PACKET.to_vec();
        packet[0] = 0x46;
        packet.extend([9; 30]);
        assert!(open_v4(&packet).unwrap().payload.is_empty(), "the option word was the payload");
    }

    #[test]
    fn refuses_headers_that_contradict_themselves() {
        assert!(open_v4(&PACKET[..19]).is_none());
        for (index, value) in [(0, 0x65), (0, 0x44), (3, 200), (3, 10)] {
            let mut packet = PACKET;
            packet[index] = value;
            assert!(open_v4(&packet).is_none(), "byte {index} = {value}");
        }
    }
}
