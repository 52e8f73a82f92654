//! Interfaces and addresses through rtnetlink: reading, changing and watching them. Apart from
//! `netlink` because that knows only framing.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd},
    time::Duration,
};

use super::netlink::{Body, Message, Netlink};

/// One socket for requests, one for events.
pub(crate) struct Route {
    requests: Netlink,
    events: Netlink,
}

/// A network interface as the kernel describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) index: u32,
    pub(crate) name: String,
    /// Set up by the administrator, and with a carrier.
    pub(crate) running: bool,
    /// `None` for interfaces that are not like Ethernet.
    pub(crate) hardware: Option<[u8; 6]>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) interface_index: u32,
    pub(crate) address: IpAddr,
    pub(crate) prefix: u8,
    /// Carries [`MARK`]: put there by a process like this one.
    pub(crate) marked: bool,
    /// Not usable yet, or never: duplicate detection goes on, or found a duplicate.
    pub(crate) tentative: bool,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Link(Link),
    LinkGone { index: u32 },
    Address(Address),
    AddressGone(Address),
}

impl Route {
    /// Watches from now on, so that what is read afterwards cannot be out of date unnoticed.
    pub(crate) fn open() -> io::Result<Self> {
        let groups = libc::RTMGRP_LINK | libc::RTMGRP_IPV4_IFADDR | libc::RTMGRP_IPV6_IFADDR;
        let events = Netlink::for_events(groups as u32)?;
        Ok(Self { requests: Netlink::for_requests()?, events })
    }

    pub(crate) fn links(&mut self) -> io::Result<Vec<Link>> {
        let mut links = Vec::new();
        let fill = |body: &mut Body<'_>| {
            body.fixed(&[0; LINK_MESSAGE]);
        };
        self.requests.dump(libc::RTM_GETLINK, fill, |message| {
            links.extend(Link::read(&message));
        })?;
        Ok(links)
    }

    pub(crate) fn addresses(&mut self) -> io::Result<Vec<Address>> {
        let mut addresses = Vec::new();
        let fill = |body: &mut Body<'_>| {
            body.fixed(&[0; ADDRESS_MESSAGE]);
        };
        self.requests.dump(libc::RTM_GETADDR, fill, |message| {
            addresses.extend(Address::read(&message));
        })?;
        Ok(addresses)
    }

    /// Sets an address, or renews its lease. With a `lease`, in whole seconds, the kernel removes it
    /// by itself unless it is renewed in time. Needs CAP_NET_ADMIN.
    pub(crate) fn set_address(
        &mut self,
        address: &Address,
        lease: Option<Duration>,
    ) -> io::Result<()> {
        let flags = libc::NLM_F_CREATE | libc::NLM_F_REPLACE;
        let seconds = lease.map_or(FOREVER, |lease| lease.as_secs().max(1) as u32);
        self.requests.request(libc::RTM_NEWADDR, flags, |body| {
            body.fixed(&address.header());
            address.write(body);
            let mut cache_info = [0; 16];
            cache_info[..4].copy_from_slice(&seconds.to_ne_bytes());
            cache_info[4..8].copy_from_slice(&seconds.to_ne_bytes());
            body.attribute(libc::IFA_CACHEINFO, &cache_info);
            if address.marked {
                body.attribute(IFA_PROTO, &[MARK]);
            }
            if address.address.is_ipv6() {
                // The address was just another node's: duplicate detection would only delay it.
                body.attribute(libc::IFA_FLAGS, &libc::IFA_F_NODAD.to_ne_bytes());
            }
        })
    }

    /// Removes an address; one that is not there counts as removed.
    pub(crate) fn remove_address(&mut self, address: &Address) -> io::Result<()> {
        let result = self.requests.request(libc::RTM_DELADDR, 0, |body| {
            body.fixed(&address.header());
            address.write(body);
        });
        match result.as_ref().map_err(io::Error::raw_os_error) {
            Err(Some(libc::EADDRNOTAVAIL | libc::ENODEV)) => Ok(()),
            _ => result,
        }
    }

    /// The changes since the last call. An error of kind `ENOBUFS` says that some were lost, and that
    /// everything should be read again.
    pub(crate) fn events(&mut self, mut each: impl FnMut(Event)) -> io::Result<()> {
        self.events.events(|message| {
            if let Some(event) = Event::read(&message) {
                each(event);
            }
        })
    }

    /// The descriptor that is readable when there are events.
    pub(crate) fn watch(&self) -> BorrowedFd<'_> {
        self.events.as_fd()
    }

    pub(crate) fn descriptors(&self) -> [RawFd; 2] {
        [self.events.as_fd().as_raw_fd(), self.requests.as_fd().as_raw_fd()]
    }
}

impl Link {
    fn read(message: &Message<'_>) -> Option<Self> {
        let (fixed, attributes) = message.split::<LINK_MESSAGE>()?;
        // Bridges tell of their ports with messages of their own family.
        if i32::from(fixed[0]) != libc::AF_UNSPEC {
            return None;
        }
        let mut name = None;
        let mut hardware = None;
        for (kind, value) in attributes {
            match kind {
                libc::IFLA_IFNAME => name = Some(text(value)),
                libc::IFLA_ADDRESS => hardware = value.try_into().ok(),
                _ => {}
            }
        }
        let wanted = (libc::IFF_UP | libc::IFF_RUNNING) as u32;
        let flags = word(&fixed[8..12])?;
        Some(Self {
            index: word(&fixed[4..8])?,
            name: name?,
            running: flags & wanted == wanted,
            hardware,
        })
    }
}

impl Address {
    fn read(message: &Message<'_>) -> Option<Self> {
        let (fixed, attributes) = message.split::<ADDRESS_MESSAGE>()?;
        let (mut address, mut local, mut marked) = (None, None, false);
        for (kind, value) in attributes {
            match kind {
                libc::IFA_ADDRESS => address = ip(value),
                libc::IFA_LOCAL => local = ip(value),
                IFA_PROTO => marked = value == [MARK],
                _ => {}
            }
        }
        // On a point-to-point link IFA_ADDRESS is the other end.
        let address = local.or(address)?;
        let tentative = u32::from(fixed[2]) & (libc::IFA_F_TENTATIVE | libc::IFA_F_DADFAILED) != 0;
        let interface_index = word(&fixed[4..8])?;
        Some(Self { interface_index, address, prefix: fixed[1], marked, tentative })
    }

    fn header(&self) -> [u8; ADDRESS_MESSAGE] {
        let family = if self.address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
        let [a, b, c, d] = self.interface_index.to_ne_bytes();
        [family as u8, self.prefix, 0, 0, a, b, c, d]
    }

    fn write(&self, body: &mut Body<'_>) {
        match self.address {
            IpAddr::V4(v4) => {
                let octets = v4.octets();
                body.attribute(libc::IFA_LOCAL, &octets).attribute(libc::IFA_ADDRESS, &octets);
            }
            IpAddr::V6(v6) => {
                body.attribute(libc::IFA_ADDRESS, &v6.octets());
            }
        }
    }
}

impl Event {
    fn read(message: &Message<'_>) -> Option<Self> {
        Some(match message.kind {
            libc::RTM_NEWLINK => Self::Link(Link::read(message)?),
            libc::RTM_DELLINK => Self::LinkGone { index: Link::read(message)?.index },
            libc::RTM_NEWADDR => Self::Address(Address::read(message)?),
            libc::RTM_DELADDR => Self::AddressGone(Address::read(message)?),
            _ => return None,
        })
    }
}

fn ip(octets: &[u8]) -> Option<IpAddr> {
    match octets.len() {
        4 => Some(Ipv4Addr::from(<[u8; 4]>::try_from(octets).ok()?).into()),
        16 => Some(Ipv6Addr::from(<[u8; 16]>::try_from(octets).ok()?).into()),
        _ => None,
    }
}

fn word(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_ne_bytes)
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value.strip_suffix(&[0]).unwrap_or(value)).into_owned()
}

/// The value of IFA_PROTO on our addresses (Linux 5.18; earlier kernels ignore it). Values above 3
/// are free for use; this one is shown by `ip -d address` as `proto 0xe7`.
pub(crate) const MARK: u8 = 0xe7;

const IFA_PROTO: u16 = 11;
const FOREVER: u32 = u32::MAX;
const LINK_MESSAGE: usize = 16;
const ADDRESS_MESSAGE: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_loopback_interface() {
        let mut route = Route::open().unwrap();
        let links = route.links().unwrap();
        let loopback = links.iter().find(|link| link.name == "lo").unwrap();
        let home = IpAddr::from([127, 0, 0, 1]);
        let addresses = route.addresses().unwrap();
        let found = addresses.iter().find(|one| one.address == home).unwrap();
        assert_eq!((found.interface_index, found.prefix), (loopback.index, 8));
        assert!(!found.marked);
    }

    #[test]
    fn a_refused_request_says_why() {
        let mut route = Route::open().unwrap();
        let address = Address {
            interface_index: 0x7fff_fff0,
            address: IpAddr::from([192, 0, 2, 1]),
            prefix: 32,
            marked: true,
            tentative: false,
        };
        let error = route.set_address(&address, None).unwrap_err();
        assert!(matches!(error.raw_os_error(), Some(libc::ENODEV | libc::EPERM)), "{error}");
    }
}
