//! Telling the neighbours who has the addresses now: gratuitous ARP, and unsolicited neighbour
//! advertisements (RFC 9568 section 6.4.1). The frames are built once and sent as they are.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use pnet::{
    packet::{
        Packet as _,
        arp::{ArpHardwareTypes, ArpOperations, MutableArpPacket},
        ethernet::{EtherTypes, MutableEthernetPacket},
        icmpv6::{
            Icmpv6Types, checksum,
            ndp::{MutableNeighborAdvertPacket, NdpOption, NdpOptionTypes, NeighborAdvertFlags},
        },
        ip::IpNextHeaderProtocols,
        ipv6::MutableIpv6Packet,
    },
    util::MacAddr,
};

use crate::sys::packet::FrameSender;

pub(crate) struct Announcer {
    sender: FrameSender,
    frames: Vec<Vec<u8>>,
}

impl Announcer {
    /// Without a `hardware` address, as on a tunnel, there is nothing to announce.
    pub(crate) fn open(
        interface_index: u32,
        hardware: Option<[u8; 6]>,
        addresses: impl Iterator<Item = IpAddr>,
    ) -> io::Result<Self> {
        let frames = hardware.map_or_else(Vec::new, |hardware| {
            addresses.filter_map(|address| frame(hardware.into(), address)).collect()
        });
        Ok(Self { sender: FrameSender::open(interface_index)?, frames })
    }

    /// `count` rounds over all addresses; the error is that of the last frame that failed.
    pub(crate) fn announce(&self, count: u8) -> io::Result<()> {
        let mut result = Ok(());
        for _ in 0..count {
            for frame in &self.frames {
                if let Err(error) = self.sender.send(frame) {
                    result = Err(error);
                }
            }
        }
        result
    }

    pub(crate) const fn sender(&self) -> &FrameSender {
        &self.sender
    }
}

fn frame(hardware: MacAddr, address: IpAddr) -> Option<Vec<u8>> {
    match address {
        IpAddr::V4(address) => gratuitous_arp(hardware, address),
        IpAddr::V6(address) => neighbour_advertisement(hardware, address),
    }
}

/// A broadcast request in which sender and target are the same address (RFC 5944 section 4.6).
fn gratuitous_arp(hardware: MacAddr, address: Ipv4Addr) -> Option<Vec<u8>> {
    let mut payload = [0; ARP];
    let mut arp = MutableArpPacket::new(&mut payload)?;
    arp.set_hardware_type(ArpHardwareTypes::Ethernet);
    arp.set_protocol_type(EtherTypes::Ipv4);
    arp.set_hw_addr_len(6);
    arp.set_proto_addr_len(4);
    arp.set_operation(ArpOperations::Request);
    arp.set_sender_hw_addr(hardware);
    arp.set_sender_proto_addr(address);
    arp.set_target_hw_addr(MacAddr::broadcast());
    arp.set_target_proto_addr(address);
    ethernet(hardware, MacAddr::broadcast(), EtherTypes::Arp.0, &payload)
}

/// Router and Override set, Solicited not, with the target link-layer address (RFC 4861 section
/// 4.4), to all nodes.
fn neighbour_advertisement(hardware: MacAddr, address: Ipv6Addr) -> Option<Vec<u8>> {
    let mut payload = [0; IPV6 + ADVERTISEMENT];
    let (header, message) = payload.split_at_mut(IPV6);
    let mut advert = MutableNeighborAdvertPacket::new(message)?;
    advert.set_icmpv6_type(Icmpv6Types::NeighborAdvert);
    advert.set_flags(NeighborAdvertFlags::Router | NeighborAdvertFlags::Override);
    advert.set_target_addr(address);
    advert.set_options(&[NdpOption {
        option_type: NdpOptionTypes::TargetLLAddr,
        length: 1,
        data: hardware.octets().to_vec(),
    }]);
    let sum =
        checksum(&pnet::packet::icmpv6::Icmpv6Packet::new(advert.packet())?, &address, &ALL_NODES);
    advert.set_checksum(sum);
    let mut ip = MutableIpv6Packet::new(header)?;
    ip.set_version(6);
    ip.set_payload_length(ADVERTISEMENT as u16);
    ip.set_next_header(IpNextHeaderProtocols::Icmpv6);
    ip.set_hop_limit(255);
    ip.set_source(address);
    ip.set_destination(ALL_NODES);
    ethernet(hardware, MacAddr::new(0x33, 0x33, 0, 0, 0, 1), EtherTypes::Ipv6.0, &payload)
}

fn ethernet(source: MacAddr, destination: MacAddr, kind: u16, payload: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = vec![0; ETHERNET + payload.len()];
    let mut frame = MutableEthernetPacket::new(&mut bytes)?;
    frame.set_source(source);
    frame.set_destination(destination);
    frame.set_ethertype(pnet::packet::ethernet::EtherType(kind));
    frame.set_payload(payload);
    Some(bytes)
}

const ETHERNET: usize = 14;
const ARP: usize = 28;
const IPV6: usize = 40;
/// Fixed part of 24 bytes and one option of 8.
const ADVERTISEMENT: usize = 32;
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);

#[cfg(test)]
mod tests {
    use super::*;

    const HARDWARE: MacAddr = MacAddr(2, 0, 0, 0, 0, 5);

    #[test]
    fn a_gratuitous_arp_is_the_frame_of_rfc_826() {
        let frame = gratuitous_arp(HARDWARE, Ipv4Addr::new(10, 0, 0, 1)).unwrap();
        let expected = [
            &[0xff; 6][..],
            &[2, 0, 0, 0, 0, 5],
            &[0x08, 0x06],
            &[0, 1, 0x08, 0, 6, 4, 0, 1],
            &[2, 0, 0, 0, 0, 5, 10, 0, 0, 1],
            &[0xff; 6],
            &[10, 0, 0, 1],
        ]
        .concat();
        assert_eq!(frame, expected);
    }

    #[test]
    fn a_neighbour_advertisement_overrides_and_sums_up() {
        let address: Ipv6Addr = "fe80::100".parse().unwrap();
        let frame = neighbour_advertisement(HARDWARE, address).unwrap();
        assert_eq!(frame[..6], [0x33, 0x33, 0, 0, 0, 1]);
        assert_eq!(frame[12..14], [0x86, 0xdd]);
        assert_eq!(frame[14..22], [0x60, 0, 0, 0, 0, 32, 58, 255]);
        let message = &frame[54..];
        // Type, code; R and O without S; target; option 2 of one unit.
        assert_eq!(message[..2], [136, 0]);
        assert_eq!(message[4..8], [0b1010_0000, 0, 0, 0]);
        assert_eq!(message[8..24], address.octets());
        assert_eq!(message[24..], [2, 1, 2, 0, 0, 0, 0, 5]);
        assert_eq!(ones_complement(&frame), 0xffff);
    }

    /// RFC 4443 section 2.3: addresses, length, next header and message sum to all ones.
    fn ones_complement(frame: &[u8]) -> u32 {
        let pseudo = [&frame[22..54], &[0, 0, 0, 32, 0, 0, 0, 58], &frame[54..]].concat();
        let mut sum: u32 =
            pseudo.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        sum
    }
}
