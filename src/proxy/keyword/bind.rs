//! `bind`.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::{Keyword, Sections, Statement, Within, resolve};
use crate::proxy::{Bind, Listen};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::suggest;
use crate::syntax::value::address::{Address, Port, Target, Transport};
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "bind",
    sections: Sections::OWN_FRONT,
    no_prefix: false,
    arguments: "[<address>]:<port>[-<port>][, …] [<option>]*",
    documentation: "Addresses to accept connections on.",
    example: "bind 127.0.0.1:8080 name web",
    parse: |line, settings| {
        let addresses =
            line.first("{<path>|[addr1]:port1[-end1]}{,[addr]:port[-end]}... as arguments.")?;
        let sockets = sockets(addresses)?;
        let template = options(line, addresses.span)?;
        for listen in sockets {
            settings.binds.push(Bind { listen, ..template.clone() });
        }
        Ok(())
    },
}];

/// An option of `bind` lines (manual, section 5.1).
#[derive(Debug)]
pub struct BindOption {
    pub name: &'static str,
    /// The shape of its value; empty for none.
    pub value: &'static str,
    pub documentation: &'static str,
    parse: fn(&mut Bind, &Word) -> Result<(), Diagnostic>,
}

/// The options that are carried out.
pub const OPTIONS: &[BindOption] = &[
    BindOption {
        name: "name",
        value: "<name>",
        documentation: "A name for the statistics.",
        parse: |bind, value| {
            bind.name = Some(value.text.clone());
            Ok(())
        },
    },
    BindOption {
        name: "mode",
        value: "<octal>",
        documentation: "Permissions of a unix socket.",
        parse: |bind, value| {
            bind.mode = Some(octal(value)?);
            Ok(())
        },
    },
    BindOption {
        name: "uid",
        value: "<uid>",
        documentation: "Owner of a unix socket.",
        parse: |bind, value| {
            bind.uid = Some(number(value)?);
            Ok(())
        },
    },
    BindOption {
        name: "gid",
        value: "<gid>",
        documentation: "Group of a unix socket.",
        parse: |bind, value| {
            bind.gid = Some(number(value)?);
            Ok(())
        },
    },
    BindOption {
        name: "user",
        value: "<user>",
        documentation: "Owner of a unix socket, by name.",
        parse: |bind, value| {
            bind.uid = Some(user(value)?);
            Ok(())
        },
    },
    BindOption {
        name: "group",
        value: "<group>",
        documentation: "Group of a unix socket, by name.",
        parse: |bind, value| {
            bind.gid = Some(group(value)?);
            Ok(())
        },
    },
    BindOption {
        name: "backlog",
        value: "<number>",
        documentation: "Most connections that wait to be accepted.",
        parse: |bind, value| {
            bind.backlog = Some(i32::try_from(number(value)?).unwrap_or(i32::MAX));
            Ok(())
        },
    },
    BindOption {
        name: "interface",
        value: "<interface>",
        documentation: "Only connections that come in on this interface.",
        parse: |bind, value| {
            bind.interface = Some(value.text.clone());
            Ok(())
        },
    },
    BindOption {
        name: "transparent",
        value: "",
        documentation: "The address may be one that the system does not have.",
        parse: |bind, _| {
            bind.transparent = true;
            Ok(())
        },
    },
    BindOption {
        name: "v6only",
        value: "",
        documentation: "An IPv6 listener takes no IPv4 connections.",
        parse: |bind, _| {
            bind.v6only = true;
            Ok(())
        },
    },
    BindOption {
        name: "v4v6",
        value: "",
        documentation: "An IPv6 listener takes IPv4 connections too.",
        parse: |bind, _| {
            bind.v4v6 = true;
            Ok(())
        },
    },
];

/// Options that only tune or name what has no counterpart: accepted with a warning. The second
/// field is the number of values.
const NO_EFFECT: &[(&str, usize)] = &[
    ("defer-accept", 0),
    ("id", 1),
    ("label", 1),
    ("level", 1),
    ("maxconn", 1),
    ("nice", 1),
    ("severity-output", 1),
    ("shards", 1),
    ("tfo", 0),
    ("thread", 1),
    ("expose-fd", 1),
];

pub(crate) const PROCESS_IS_GONE: &str =
    "'process' on 'bind' lines is not supported anymore, please use 'thread' instead.";

/// Options of HAProxy that would change what a listener does.
const UNSUPPORTED: &[&str] = &[
    "accept-netscaler-cip",
    "accept-proxy",
    "allow-0rtt",
    "alpn",
    "ca-file",
    "ca-ignore-err",
    "ca-sign-file",
    "ca-sign-pass",
    "ca-verify-file",
    "cc",
    "ciphers",
    "ciphersuites",
    "client-sigalgs",
    "crl-file",
    "crt",
    "crt-ignore-err",
    "crt-list",
    "curves",
    "default-crt",
    "ecdhe",
    "ech",
    "force-sslv3",
    "force-tlsv10",
    "force-tlsv11",
    "force-tlsv12",
    "force-tlsv13",
    "generate-certificates",
    "guid-prefix",
    "idle-ping",
    "ktls",
    "mss",
    "namespace",
    "nbconn",
    "no-alpn",
    "no-ca-names",
    "no-sslv3",
    "no-strict-sni",
    "no-tls-tickets",
    "no-tlsv10",
    "no-tlsv11",
    "no-tlsv12",
    "no-tlsv13",
    "npn",
    "ocsp-update",
    "prefer-client-ciphers",
    "proto",
    "quic-cc-algo",
    "quic-force-retry",
    "quic-socket",
    "sigalgs",
    "ssl",
    "ssl-max-ver",
    "ssl-min-ver",
    "strict-sni",
    "tcp-md5sig",
    "tcp-ss",
    "tcp-ut",
    "tls-ticket-keys",
    "tls-tickets",
    "verify",
];

fn options(line: &mut Statement<'_>, span: crate::syntax::span::Span) -> Result<Bind, Diagnostic> {
    let mut bind = Bind { span, ..Bind::on(Listen::Fd(-1)) };
    let mut words = line.arguments[1..].iter();
    let place = format!("'bind {}' in section '{}'", line.arguments[0], line.section.name());
    while let Some(word) = words.next() {
        if let Some(option) = OPTIONS.iter().find(|option| option.name == word.text) {
            let value = if option.value.is_empty() { Ok(word) } else { value(word, words.next()) };
            value
                .and_then(|value| (option.parse)(&mut bind, value))
                .map_err(|error| error.within(&format!("{place} : '{word}' : ")))?;
        } else if let Some((_, values)) = NO_EFFECT.iter().find(|(name, _)| *name == word.text) {
            for _ in 0..*values {
                value(word, words.next())
                    .map_err(|error| error.within(&format!("{place} : '{word}' : ")))?;
            }
            line.no_effect(word, "");
        } else {
            return Err(unknown(word, &place));
        }
    }
    Ok(bind)
}

fn unknown(word: &Word, place: &str) -> Diagnostic {
    if word.text == "process" {
        return Diagnostic::alert(word.span, format!("{place} : {PROCESS_IS_GONE}"));
    }
    if UNSUPPORTED.contains(&word.text.as_str()) {
        return Diagnostic::alert(
            word.span,
            format!("{place}: option '{word}' is not supported by evenkeel yet"),
        );
    }
    let error = Diagnostic::alert(word.span, format!("{place}: unknown keyword '{word}'"));
    let known = OPTIONS.iter().map(|option| option.name);
    match suggest::nearest(&word.text, known.chain(UNSUPPORTED.iter().copied())) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error,
    }
}

/// The sockets of one list of addresses.
pub(crate) fn sockets(word: &Word) -> Result<Vec<Listen>, Diagnostic> {
    let fail = |message: String| Diagnostic::alert(word.span, format!("'bind' : {message}"));
    let mut sockets = Vec::new();
    for address in Address::parse_bind(&word.text).map_err(fail)? {
        if matches!(address.transport, Some(Transport::Quic | Transport::Mptcp)) {
            return Err(fail(format!(
                "the protocol of '{}' is not supported by evenkeel yet",
                word.text
            )));
        }
        match address.target {
            Target::Inet { family, host, port } => {
                let ip = resolve(&host, family).map_err(fail)?;
                let (first, last) = match port {
                    Port::Number(port) => (port, port),
                    Port::Range(first, last) => (first, last),
                    Port::None | Port::Offset(_) => return Err(fail("missing port".to_owned())),
                };
                let range = (first..=last).map(|port| Listen::Inet(SocketAddr::new(ip, port)));
                sockets.extend(range);
            }
            Target::Unix(path) => sockets.push(Listen::Unix(PathBuf::from(path))),
            Target::Abstract { name, .. } => sockets.push(Listen::Abstract(name)),
            Target::Fd(fd) => sockets.push(Listen::Fd(i32::try_from(fd).unwrap_or(-1))),
            Target::SocketPair(_) => {
                return Err(fail("'sockpair@' is not supported by evenkeel yet".to_owned()));
            }
        }
    }
    Ok(sockets)
}

fn value<'w>(option: &Word, value: Option<&'w Word>) -> Result<&'w Word, Diagnostic> {
    value.ok_or_else(|| Diagnostic::alert(option.span, "missing value"))
}

pub(crate) fn number(word: &Word) -> Result<u32, Diagnostic> {
    word.text.parse().map_err(|_| {
        Diagnostic::alert(word.span, format!("'{}' is not a positive number", word.text))
    })
}

pub(crate) fn octal(word: &Word) -> Result<u32, Diagnostic> {
    u32::from_str_radix(&word.text, 8).ok().filter(|mode| *mode <= 0o7777).ok_or_else(|| {
        Diagnostic::alert(
            word.span,
            format!("missing or invalid mode '{word}' (octal integer expected)"),
        )
    })
}

/// The number of a user of this system.
pub(crate) fn user(word: &Word) -> Result<u32, Diagnostic> {
    match nix::unistd::User::from_name(&word.text) {
        Ok(Some(user)) => Ok(user.uid.as_raw()),
        _ => Err(Diagnostic::alert(word.span, format!("unknown user name '{word}'"))),
    }
}

/// The number of a group of this system.
pub(crate) fn group(word: &Word) -> Result<u32, Diagnostic> {
    match nix::unistd::Group::from_name(&word.text) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        _ => Err(Diagnostic::alert(word.span, format!("unknown group name '{word}'"))),
    }
}
