//! The interfaces that the settings name, as the kernel last described them.

use std::{io, net::IpAddr};

use super::settings::Settings;
use crate::sys::route::{Address, Event, Link, Route};

#[derive(Debug)]
pub(crate) struct Interfaces {
    list: Vec<Interface>,
}

#[derive(Debug)]
pub(crate) struct Interface {
    pub(crate) name: String,
    /// `None` while there is no interface of this name.
    pub(crate) index: Option<u32>,
    pub(crate) running: bool,
    pub(crate) hardware: Option<[u8; 6]>,
    addresses: Vec<IpAddr>,
}

impl Interfaces {
    pub(crate) fn named_in(settings: &Settings) -> Self {
        let mut list: Vec<Interface> = Vec::new();
        for one in &settings.instances {
            for name in one.track_interfaces.iter().chain([&one.interface]) {
                if !list.iter().any(|known| known.name == *name) {
                    list.push(Interface::unknown(name));
                }
            }
        }
        Self { list }
    }

    /// Reads everything anew; the result is the addresses of the whole machine.
    pub(crate) fn read(&mut self, route: &mut Route) -> io::Result<Vec<Address>> {
        self.list.iter_mut().for_each(Interface::forget);
        for link in route.links()? {
            self.note_link(&link);
        }
        let addresses = route.addresses()?;
        addresses.iter().for_each(|address| self.note_address(address));
        Ok(addresses)
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::Link(link) => self.note_link(link),
            Event::LinkGone { index } => {
                if let Some(interface) = self.by_index(*index) {
                    interface.forget();
                }
            }
            Event::Address(address) => self.note_address(address),
            Event::AddressGone(address) => {
                if let Some(interface) = self.by_index(address.interface_index) {
                    interface.addresses.retain(|known| *known != address.address);
                }
            }
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Interface> {
        self.list.iter().find(|interface| interface.name == name)
    }

    fn note_link(&mut self, link: &Link) {
        for interface in &mut self.list {
            if interface.name == link.name {
                interface.index = Some(link.index);
                interface.running = link.running;
                interface.hardware = link.hardware;
            } else if interface.index == Some(link.index) {
                // It was renamed.
                interface.forget();
            }
        }
    }

    fn note_address(&mut self, address: &Address) {
        if let Some(interface) = self.by_index(address.interface_index)
            && !address.tentative
            && !interface.addresses.contains(&address.address)
        {
            interface.addresses.push(address.address);
        }
    }

    fn by_index(&mut self, index: u32) -> Option<&mut Interface> {
        self.list.iter_mut().find(|interface| interface.index == Some(index))
    }
}

impl Interface {
    fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            index: None,
            running: false,
            hardware: None,
            addresses: Vec::new(),
        }
    }

    fn forget(&mut self) {
        *self = Self::unknown(&self.name);
    }

    pub(crate) fn has(&self, address: IpAddr) -> bool {
        self.addresses.contains(&address)
    }

    /// The address to advertise from: the first IPv4, or the first link-local IPv6, that is not
    /// `excluded` (RFC 9568 sections 5.1.1.1 and 5.1.2.1).
    pub(crate) fn primary(&self, ipv4: bool, excluded: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
        let fits = |address: &IpAddr| match address {
            IpAddr::V4(_) => ipv4,
            IpAddr::V6(v6) => !ipv4 && v6.is_unicast_link_local(),
        };
        self.addresses.iter().copied().find(|one| fits(one) && !excluded(*one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interfaces() -> Interfaces {
        let text = "instances: [{interface: eth0, virtual_router_id: 1, addresses: [10.0.0.1]}]";
        Interfaces::named_in(&Settings::parse(text).unwrap())
    }

    fn link(name: &str, index: u32) -> Event {
        Event::Link(Link { index, name: name.to_owned(), running: true, hardware: None })
    }

    fn address(text: &str) -> Address {
        let address = text.parse().unwrap();
        Address { interface_index: 7, address, prefix: 24, marked: false, tentative: false }
    }

    #[test]
    fn the_primary_address_is_the_first_that_is_not_virtual() {
        let mut interfaces = interfaces();
        interfaces.apply(&link("eth0", 7));
        for text in ["fd00::5", "fe80::5", "10.0.0.1", "10.0.0.5"] {
            interfaces.apply(&Event::Address(address(text)));
        }
        let eth0 = interfaces.get("eth0").unwrap();
        let is_virtual = |one: IpAddr| one.to_string() == "10.0.0.1";
        assert_eq!(eth0.primary(true, is_virtual), Some("10.0.0.5".parse().unwrap()));
        assert_eq!(eth0.primary(false, is_virtual), Some("fe80::5".parse().unwrap()));
    }

    #[test]
    fn a_tentative_address_cannot_be_advertised_from() {
        let mut interfaces = interfaces();
        interfaces.apply(&link("eth0", 7));
        interfaces.apply(&Event::Address(Address { tentative: true, ..address("fe80::5") }));
        assert_eq!(interfaces.get("eth0").unwrap().primary(false, |_| false), None);
        interfaces.apply(&Event::Address(address("fe80::5")));
        assert!(interfaces.get("eth0").unwrap().primary(false, |_| false).is_some());
    }

    #[test]
    fn a_renamed_or_removed_interface_is_gone() {
        for event in [link("eth9", 7), Event::LinkGone { index: 7 }] {
            let mut interfaces = interfaces();
            interfaces.apply(&link("eth0", 7));
            interfaces.apply(&Event::Address(address("10.0.0.5")));
            interfaces.apply(&event);
            let eth0 = interfaces.get("eth0").unwrap();
            assert_eq!((eth0.index, eth0.running), (None, false));
            assert!(!eth0.has("10.0.0.5".parse().unwrap()));
        }
    }

    #[test]
    fn an_interface_may_come_back_with_another_index() {
        let mut interfaces = interfaces();
        interfaces.apply(&link("eth0", 7));
        interfaces.apply(&Event::LinkGone { index: 7 });
        interfaces.apply(&link("eth0", 9));
        assert_eq!(interfaces.get("eth0").unwrap().index, Some(9));
    }
}
