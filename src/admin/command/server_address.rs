//! `set server … addr`: moves a server while connections are made to it.

use std::net::{IpAddr, SocketAddr};

use crate::admin::change::Target;
use crate::proxy::ServerAddress;

/// Takes `<ip> [port <port>]` and answers what changed, in HAProxy's words.
pub(super) fn change(target: &Target<'_>, words: &[String]) -> Result<String, String> {
    let Some(text) = words.first() else {
        return Err("set server <b>/<s> addr requires an address and optionally a port.".to_owned());
    };
    let ip: IpAddr = text.parse().map_err(|_| format!("Invalid addr '{text}'"))?;
    let server = target.server();
    let before = ServerAddress::clone(&server.address.load());
    let (old_ip, old_port) = match before {
        ServerAddress::Inet(address) => (address.ip(), address.port()),
        ServerAddress::InetOffset(ip, _) => (ip, 0),
        ServerAddress::Unix(_) | ServerAddress::Abstract(_) => {
            return Err("Changing the address of a unix socket is not supported by evenkeel yet."
                .to_owned());
        }
    };
    let port = port(words)?;
    let mut changes = Vec::new();
    if ip != old_ip {
        changes.push(format!("IP changed from '{old_ip}' to '{ip}'"));
    }
    if let Some(port) = port.filter(|port| *port != old_port) {
        changes.push(format!("port changed from '{old_port}' to '{port}'"));
    }
    if changes.is_empty() {
        return Ok("nothing changed\n".to_owned());
    }
    server.move_to(match (&before, port) {
        (ServerAddress::InetOffset(_, offset), None) => ServerAddress::InetOffset(ip, *offset),
        (_, port) => ServerAddress::Inet(SocketAddr::new(ip, port.unwrap_or(old_port))),
    });
    Ok(format!("{} by 'stats socket command'\n", changes.join(", ")))
}

fn port(words: &[String]) -> Result<Option<u16>, String> {
    match (words.get(1).map(String::as_str), words.get(2)) {
        (None, _) => Ok(None),
        (Some("port"), Some(text)) if text.starts_with(['+', '-']) => {
            Err("Port maps are not supported by evenkeel yet.".to_owned())
        }
        (Some("port"), Some(text)) => text
            .parse()
            .map(Some)
            .map_err(|_| format!("problem converting port '{text}' to an int")),
        _ => Err("set server <b>/<s> addr requires an address and optionally a port.".to_owned()),
    }
}
