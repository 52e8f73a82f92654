//! Addresses and ports of both connections.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};

use super::style::hexadecimal;
use super::{Alias, Style};
use crate::exchange::Endpoint;

pub(super) const KEYWORDS: &[Alias] = &[
    Alias {
        name: "ci",
        documentation: "The client's address.",
        run: |stream, style, out| ip_of_endpoint(out, style, &stream.connection.client),
    },
    Alias {
        name: "cp",
        documentation: "The client's port.",
        run: |stream, style, out| port_of_endpoint(out, style, &stream.connection.client),
    },
    Alias {
        name: "fi",
        documentation: "The address that the client connected to.",
        run: |stream, style, out| ip_of_endpoint(out, style, &stream.connection.local),
    },
    Alias {
        name: "fp",
        documentation: "The port that the client connected to.",
        run: |stream, style, out| port_of_endpoint(out, style, &stream.connection.local),
    },
    Alias {
        name: "bi",
        documentation: "The address that the server was connected from.",
        run: |stream, style, out| ip(out, style, stream.outcome.source),
    },
    Alias {
        name: "bp",
        documentation: "The port that the server was connected from.",
        run: |stream, style, out| port(out, style, stream.outcome.source),
    },
    Alias {
        name: "si",
        documentation: "The server's address.",
        run: |stream, style, out| ip(out, style, stream.outcome.server_address),
    },
    Alias {
        name: "sp",
        documentation: "The server's port.",
        run: |stream, style, out| port(out, style, stream.outcome.server_address),
    },
];

fn ip_of_endpoint(out: &mut Vec<u8>, style: Style, endpoint: &Endpoint) {
    match endpoint {
        Endpoint::Inet(address) => ip(out, style, Some(*address)),
        Endpoint::Unix(_) => style.word(out, Some(b"unix")),
    }
}

fn port_of_endpoint(out: &mut Vec<u8>, style: Style, endpoint: &Endpoint) {
    match endpoint {
        Endpoint::Inet(address) => port(out, style, Some(*address)),
        Endpoint::Unix(listener) => style.number(out, u64::from(*listener)),
    }
}

fn ip(out: &mut Vec<u8>, style: Style, address: Option<SocketAddr>) {
    let Some(ip) = address.map(|address| address.ip()) else { return style.nothing(out) };
    if style.hexadecimal() {
        match ip {
            IpAddr::V4(ip) => hexadecimal(out, u64::from(u32::from(ip)), 8),
            IpAddr::V6(ip) => {
                ip.octets().iter().for_each(|&octet| hexadecimal(out, u64::from(octet), 2));
            }
        }
    } else {
        style.between_quotes(out, |out| {
            let _ = write!(out, "{ip}");
        });
    }
}

fn port(out: &mut Vec<u8>, style: Style, address: Option<SocketAddr>) {
    match address {
        Some(address) => style.number(out, u64::from(address.port())),
        None => style.nothing(out),
    }
}
