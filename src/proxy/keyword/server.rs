//! `server` and `default-server`.

mod option;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

pub use option::{OPTIONS, ServerOption};

use super::{Keyword, Sections, ServerLine, Within, resolve};
use crate::proxy::ServerAddress;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::address::{Address, Port, Target};
use crate::syntax::value::name::forbidden_character;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "server",
        sections: Sections::OWN_BACK,
        no_prefix: false,
        arguments: "<name> <address>[:[port]] [<option>]*",
        documentation: "A server of the backend.",
        example: "server app1 127.0.0.1:8082 check inter 1s weight 10 cookie a",
        parse: |line, settings| {
            let [name, address, rest @ ..] = line.arguments else {
                return Err(line.error("'server' expects <name> and <addr>[:<port>] as arguments."));
            };
            if let Some(character) = forbidden_character(&name.text) {
                return Err(Diagnostic::alert(
                    name.span,
                    format!("character '{character}' is not permitted in server name '{name}'."),
                ));
            }
            let mut options = settings.default_server.clone();
            options.id = None;
            let resolved = server_address(address, line.ignore_resolution_failures);
            let parsed = option::parse(line, rest, &mut options);
            let whose = format!("'server {}/{name}' : ", line.proxy);
            parsed.map_err(|error| error.within(&whose))?;
            let found = resolved.map_err(|error| error.within(&whose))?;
            options.disabled |= found.unresolved;
            settings.servers.push(ServerLine {
                name: name.clone(),
                address: found.address,
                options,
                span: line.span(),
            });
            Ok(())
        },
    },
    Keyword {
        name: "default-server",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "[<option>]*",
        documentation: "Options for the servers that follow.",
        example: "default-server inter 1s fall 2",
        parse: |line, settings| {
            let mut options = settings.default_server.clone();
            option::parse(line, line.arguments, &mut options)?;
            settings.default_server = options;
            Ok(())
        },
    },
];

/// Where a server is, as far as that is known.
struct Found {
    address: ServerAddress,
    /// `-dr` lets servers without an address start in maintenance.
    unresolved: bool,
}

fn server_address(word: &Word, ignore_failures: bool) -> Result<Found, Diagnostic> {
    let fail = |message: String| Diagnostic::alert(word.span, message);
    let mut unresolved = false;
    let address = match Address::parse_server(&word.text).map_err(fail)?.target {
        Target::Inet { family, host, port } => {
            let ip = match resolve(&host, family) {
                Err(_) if ignore_failures => {
                    unresolved = true;
                    IpAddr::V4(Ipv4Addr::UNSPECIFIED)
                }
                other => other.map_err(fail)?,
            };
            match port {
                Port::Number(port) => ServerAddress::Inet(SocketAddr::new(ip, port)),
                Port::Offset(offset) => ServerAddress::InetOffset(ip, offset),
                Port::None | Port::Range(..) => ServerAddress::InetOffset(ip, 0),
            }
        }
        Target::Unix(path) => ServerAddress::Unix(PathBuf::from(path)),
        Target::Abstract { name, .. } => ServerAddress::Abstract(name),
        Target::Fd(_) | Target::SocketPair(_) => {
            return Err(fail(format!("cannot connect to '{word}'")));
        }
    };
    Ok(Found { address, unresolved })
}
