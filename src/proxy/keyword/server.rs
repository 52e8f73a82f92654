//! `server` and `default-server`.

mod option;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

pub use option::{OPTIONS, ServerOption};

use super::{Keyword, Sections, ServerLine, resolve};
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
            parsed.map_err(|error| prefixed(error, &whose))?;
            let (address, port) = resolved.map_err(|error| prefixed(error, &whose))?;
            if line.ignore_resolution_failures && port.is_none() && address == unresolved() {
                options.disabled = true;
            }
            settings.servers.push(ServerLine {
                name: name.clone(),
                address,
                port,
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

/// The address and, if it names one, the port.
fn server_address(
    word: &Word,
    ignore_failures: bool,
) -> Result<(ServerAddress, Option<u16>), Diagnostic> {
    let fail = |message: String| Diagnostic::alert(word.span, message);
    let address = Address::parse_server(&word.text).map_err(fail)?;
    Ok(match address.target {
        Target::Inet { family, host, port } => {
            let ip = match resolve(&host, family) {
                Err(_) if ignore_failures => return Ok((unresolved(), None)),
                other => other.map_err(fail)?,
            };
            match port {
                Port::Number(port) => (ServerAddress::Inet(SocketAddr::new(ip, port)), Some(port)),
                Port::Offset(offset) => (ServerAddress::InetOffset(ip, offset), None),
                Port::None | Port::Range(..) => (ServerAddress::InetOffset(ip, 0), None),
            }
        }
        Target::Unix(path) => (ServerAddress::Unix(PathBuf::from(path)), None),
        Target::Abstract { name, .. } => (ServerAddress::Abstract(name), None),
        Target::Fd(_) | Target::SocketPair(_) => {
            return Err(fail(format!("cannot connect to '{}'", word.text)));
        }
    })
}

fn prefixed(mut error: Diagnostic, prefix: &str) -> Diagnostic {
    error.message.insert_str(0, prefix);
    error
}

/// What a server without an address gets under `-dr`.
fn unresolved() -> ServerAddress {
    ServerAddress::InetOffset(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0)
}
