//! Turns written addresses into those of sockets, which is the only place where loading a
//! configuration asks a name service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use crate::syntax::value::address::{Family, Host};

/// The address of a host; a name is looked up.
///
/// # Errors
/// HAProxy's sentence when the name has no address of the family.
pub fn resolve(host: &Host, family: Family) -> Result<IpAddr, String> {
    match host {
        Host::Unspecified if family == Family::V6 => Ok(Ipv6Addr::UNSPECIFIED.into()),
        Host::Unspecified => Ok(Ipv4Addr::UNSPECIFIED.into()),
        Host::V4(ip) => Ok((*ip).into()),
        Host::V6(ip) => Ok((*ip).into()),
        Host::Name(name) => {
            look_up(name, family).ok_or_else(|| format!("could not resolve address '{name}'"))
        }
    }
}

/// An address with an optional port: `192.0.2.1` or `192.0.2.1:80`, port 0 if it has none.
pub(super) fn source(text: &str) -> Result<SocketAddr, String> {
    use crate::syntax::value::address::{Address, Port, Target};
    match Address::parse(text)?.target {
        Target::Inet { family, host, port } => {
            let ip = resolve(&host, family)?;
            match port {
                Port::None => Ok(SocketAddr::new(ip, 0)),
                Port::Number(port) => Ok(SocketAddr::new(ip, port)),
                Port::Range(..) | Port::Offset(_) => Err(format!(
                    "a range of ports, as in '{text}', is not supported by evenkeel yet"
                )),
            }
        }
        _ => Err(format!("'{text}' is not an internet address")),
    }
}

fn look_up(name: &str, family: Family) -> Option<IpAddr> {
    let found = (name, 0u16).to_socket_addrs().ok()?;
    found.map(|address| address.ip()).find(|ip| match family {
        Family::Any => true,
        Family::V4 => ip.is_ipv4(),
        Family::V6 => ip.is_ipv6(),
    })
}
