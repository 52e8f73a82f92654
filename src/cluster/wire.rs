//! Advertisements in and out of one instance's raw socket, by multicast or to named peers.

use std::{io, net::IpAddr};

use super::{
    advert::{GROUP_V4, GROUP_V6, Message},
    checksum::{Coverage, PROTOCOL},
    receive::Packet,
    settings,
};
use crate::sys::raw::{Place, RawSocket};

pub(crate) struct Wire {
    pub(crate) socket: RawSocket,
    source: IpAddr,
    destinations: Vec<IpAddr>,
    message: Message,
    coverage: Coverage,
}

impl Wire {
    pub(crate) fn open(
        settings: &settings::Instance,
        interface_index: u32,
        source: IpAddr,
    ) -> io::Result<Self> {
        let everyone =
            if source.is_ipv4() { IpAddr::from(GROUP_V4) } else { IpAddr::from(GROUP_V6) };
        let group = settings.unicast.is_none().then_some(everyone);
        let place = Place { protocol: PROTOCOL, interface_index, source, group };
        let addresses = settings.addresses.iter().map(|one| one.address);
        Ok(Self {
            socket: RawSocket::open(place)?,
            source,
            destinations: match &settings.unicast {
                Some(unicast) => unicast.peers.clone(),
                None => vec![everyone],
            },
            message: Message::new(settings.virtual_router_id, settings.advert_interval, addresses),
            coverage: settings.checksum.first(),
        })
    }

    /// Sends to every destination; the error is that of the last one that failed.
    pub(crate) fn advertise(&mut self, priority: u8) -> io::Result<()> {
        let mut result = Ok(());
        for destination in &self.destinations {
            let payload = self.message.fill(priority, self.source, *destination, self.coverage);
            if let Err(error) = self.socket.send(payload, *destination) {
                result = Err(error);
            }
        }
        result
    }

    /// From now on, what the checksum covers.
    pub(crate) const fn cover(&mut self, coverage: Coverage) {
        self.coverage = coverage;
    }

    pub(crate) fn receive<'a>(&mut self, buffer: &'a mut [u8]) -> io::Result<Option<Packet<'a>>> {
        let datagram = self.socket.receive(buffer)?;
        Ok(datagram.map(|datagram| Packet {
            source: datagram.source,
            destination: datagram.destination,
            hops: datagram.hops,
            payload: datagram.payload,
        }))
    }
}
