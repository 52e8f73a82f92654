//! How a `log` line is read (manual, section 4.2 `log`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use super::{Destination, Facility, Header, Level, Target};
use crate::log::descriptor;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;
use crate::syntax::value::address::{self, Address, Family, Host, Port, Transport};
use crate::syntax::word::Word;

impl Target {
    /// Reads the words of a `log` line after the keyword. `log global` is left to the caller.
    ///
    /// A host name is resolved here, and a file descriptor taken, so that neither is needed later.
    ///
    /// # Errors
    /// The first word that HAProxy would not take, or that is not supported yet.
    pub fn parse(words: &[Word]) -> Result<Self, Diagnostic> {
        let [address, rest @ ..] = words else { return Err(incomplete(words)) };
        if rest.is_empty() {
            return Err(incomplete(words));
        }
        let destination = destination(address).map_err(|mistake| alert(address.span, &mistake))?;
        let mut rest = Rest(rest, address.span);
        let length = match rest.option("len") {
            Some(word) => length(word)?,
            None => DEFAULT_LENGTH,
        };
        let header = match rest.option("format") {
            Some((word, span)) => Header::named(word)
                .ok_or_else(|| alert(span, &format!("unknown log format '{word}'")))?,
            None => Header::Unspecified,
        };
        rest.refuse("sample")?;
        rest.refuse("profile")?;
        let Some((facility, span)) = rest.next() else { return Err(incomplete(words)) };
        let facility = Facility::named(facility)
            .ok_or_else(|| alert(span, &format!("unknown log facility '{facility}'")))?;
        let level = rest.level("log level")?.unwrap_or(Level::Debug);
        let min_level = rest.level("minimum log level")?.unwrap_or(Level::Emerg);
        if let Some((word, span)) = rest.next() {
            return Err(alert(span, &format!("cannot handle unexpected argument '{word}'")));
        }
        Ok(Self { destination, length, header, facility, level, min_level })
    }
}

/// The words still to be read, and the place to point at when there are none.
struct Rest<'w>(&'w [Word], Span);

impl<'w> Rest<'w> {
    fn next(&mut self) -> Option<(&'w str, Span)> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        self.1 = first.span;
        Some((first, first.span))
    }

    /// The word after `name`, if `name` comes next; an empty one if it is missing.
    fn option(&mut self, name: &str) -> Option<(&'w str, Span)> {
        if &**self.0.first()? != name {
            return None;
        }
        self.next();
        Some(self.next().unwrap_or(("", self.1)))
    }

    fn refuse(&mut self, name: &str) -> Result<(), Diagnostic> {
        match self.0.first() {
            Some(word) if &**word == name => {
                Err(alert(word.span, &format!("'{name}' is not supported by evenkeel yet")))
            }
            _ => Ok(()),
        }
    }

    fn level(&mut self, what: &str) -> Result<Option<Level>, Diagnostic> {
        let Some((word, span)) = self.next() else { return Ok(None) };
        Level::named(word)
            .map(Some)
            .ok_or_else(|| alert(span, &format!("unknown optional {what} '{word}'")))
    }
}

fn length((word, span): (&str, Span)) -> Result<usize, Diagnostic> {
    word.parse().ok().filter(|length| (80..=65_535).contains(length)).ok_or_else(|| {
        alert(span, &format!("invalid log length '{word}', must be between 80 and 65535"))
    })
}

fn destination(word: &Word) -> Result<Destination, String> {
    match &**word {
        "stdout" => return Ok(Destination::Fd(1)),
        "stderr" => return Ok(Destination::Fd(2)),
        _ => {}
    }
    for prefix in ["ring@", "backend@"] {
        if word.starts_with(prefix) {
            return Err(format!("'{prefix}' targets are not supported by evenkeel yet"));
        }
    }
    let address = Address::parse(word)?;
    match address.transport {
        None | Some(Transport::Datagram) => {}
        Some(Transport::Stream) => {
            return Err("stream targets are not supported by evenkeel yet".to_owned());
        }
        Some(_) => return Err(format!("'{word}' is not a datagram address")),
    }
    match address.target {
        address::Target::Inet { family, host, port } => {
            Ok(Destination::Udp(SocketAddr::new(ip(word, family, &host)?, number(word, port)?)))
        }
        address::Target::Unix(path) => Ok(Destination::Unix(path.into())),
        address::Target::Abstract { name, zero_terminated: false } => {
            Ok(Destination::Abstract(name))
        }
        address::Target::Abstract { .. } => {
            Err("'abnsz@' targets are not supported by evenkeel yet".to_owned())
        }
        address::Target::Fd(fd) => {
            let fd = i32::try_from(fd).map_err(|_| format!("invalid descriptor in '{word}'"))?;
            descriptor::open(fd);
            Ok(Destination::Fd(fd))
        }
        address::Target::SocketPair(_) => {
            Err("'sockpair@' targets are not supported by evenkeel yet".to_owned())
        }
    }
}

fn ip(word: &str, family: Family, host: &Host) -> Result<IpAddr, String> {
    match host {
        // Datagrams to no address in particular reach this host.
        Host::Unspecified if family == Family::V6 => Ok(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        Host::Unspecified => Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        Host::V4(ip) => Ok(IpAddr::V4(*ip)),
        Host::V6(ip) => Ok(IpAddr::V6(*ip)),
        Host::Name(name) => (name.as_str(), 0)
            .to_socket_addrs()
            .ok()
            .and_then(|mut found| {
                found.find(|address| match family {
                    Family::Any => true,
                    Family::V4 => address.is_ipv4(),
                    Family::V6 => address.is_ipv6(),
                })
            })
            .map(|address| address.ip())
            .ok_or_else(|| format!("invalid address: '{name}' in '{word}'")),
    }
}

fn number(word: &str, port: Port) -> Result<u16, String> {
    match port {
        Port::None | Port::Number(0) => Ok(SYSLOG_PORT),
        Port::Number(port) => Ok(port),
        Port::Range(..) => Err(format!("port range not permitted here in '{word}'")),
        Port::Offset(_) => Err(format!("port offset not permitted here in '{word}'")),
    }
}

fn incomplete(words: &[Word]) -> Diagnostic {
    Diagnostic::alert(
        words.last().map(|word| word.span),
        "log : expects <address> and <facility>  as arguments",
    )
}

fn alert(span: Span, message: &str) -> Diagnostic {
    Diagnostic::alert(span, format!("log : {message}"))
}

const DEFAULT_LENGTH: usize = 1024;
const SYSLOG_PORT: u16 = 514;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Target, String> {
        let words: Vec<Word> = line
            .split(' ')
            .filter(|text| !text.is_empty())
            .map(|text| Word { text: text.to_owned(), span: Span::default() })
            .collect();
        Target::parse(&words).map_err(|diagnostic| diagnostic.message)
    }

    #[test]
    fn defaults_are_those_of_the_manual() {
        let target = parse("127.0.0.1 local0").unwrap();
        assert_eq!(target.destination, Destination::Udp("127.0.0.1:514".parse().unwrap()));
        assert_eq!((target.length, target.header), (1024, Header::Unspecified));
        assert_eq!((target.level, target.min_level), (Level::Debug, Level::Emerg));
        assert_eq!(target.facility, Facility(16));
    }

    #[test]
    fn options_come_in_their_order() {
        let target = parse("/dev/log len 2000 format short daemon notice err").unwrap();
        assert_eq!(target.destination, Destination::Unix("/dev/log".into()));
        assert_eq!((target.length, target.header), (2000, Header::Short));
        assert_eq!((target.level, target.min_level), (Level::Notice, Level::Err));
        assert_eq!(parse("stdout format raw local0").unwrap().destination, Destination::Fd(1));
        assert_eq!(
            parse("[::1]:5514 local7").unwrap().destination,
            Destination::Udp("[::1]:5514".parse().unwrap())
        );
    }

    /// Sentences of HAProxy 3.4.0 for these lines.
    #[test]
    fn mistakes_are_told_in_haproxys_words() {
        for (line, message) in [
            ("", "expects <address> and <facility>  as arguments"),
            ("127.0.0.1", "expects <address> and <facility>  as arguments"),
            ("127.0.0.1 nope", "unknown log facility 'nope'"),
            ("127.0.0.1 local0 nope", "unknown optional log level 'nope'"),
            ("127.0.0.1 local0 info nope", "unknown optional minimum log level 'nope'"),
            ("127.0.0.1 local0 info info extra", "cannot handle unexpected argument 'extra'"),
            ("127.0.0.1 len 79 local0", "invalid log length '79', must be between 80 and 65535"),
            ("127.0.0.1 len", "invalid log length '', must be between 80 and 65535"),
            ("127.0.0.1 format nope local0", "unknown log format 'nope'"),
            ("127.0.0.1 format raw len 100 local0", "unknown log facility 'len'"),
            ("127.0.0.1:1-4 local0", "port range not permitted here in '127.0.0.1:1-4'"),
            ("127.0.0.1:+5 local0", "port offset not permitted here in '127.0.0.1:+5'"),
        ] {
            assert_eq!(parse(line).unwrap_err(), format!("log : {message}"), "{line}");
        }
    }

    #[test]
    fn what_is_missing_is_refused_by_name() {
        for (line, name) in [
            ("127.0.0.1 sample 1:2 local0", "'sample'"),
            ("127.0.0.1 profile x local0", "'profile'"),
            ("ring@x local0", "'ring@'"),
            ("tcp@127.0.0.1:514 local0", "stream"),
        ] {
            let message = parse(line).unwrap_err();
            assert!(message.contains(name) && message.contains("not supported"), "{message}");
        }
    }
}
