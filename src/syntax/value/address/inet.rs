//! `host:port`, where colons also belong to IPv6 addresses: the last one before the end parts the
//! port, unless brackets say otherwise.

use super::{Family, Host, Port, Use};

/// What is wrong with a host and its port.
pub(super) enum Mistake {
    /// A sentence that ends with "in '<the whole address>'".
    Somewhere(String),
    /// A sentence of its own.
    Plain(String),
    /// What is no address and cannot be a name.
    Host(String),
}

impl Mistake {
    pub(super) fn about(self, address: &str, whose: Use) -> String {
        match self {
            // HAProxy looks it up later.
            Self::Host(host) if whose == Use::Server => {
                format!("could not resolve address '{host}'")
            }
            Self::Host(host) => format!("invalid address: '{host}' in '{address}'"),
            Self::Somewhere(sentence) => format!("{sentence} in '{address}'"),
            Self::Plain(sentence) => sentence,
        }
    }
}

/// `with_port`: there must be one.
///
/// # Errors
///
/// The first mistake, in HAProxy's order.
pub(super) fn parse(text: &str, family: Family, with_port: bool) -> Result<(Host, Port), Mistake> {
    let (host, port) = split(text);
    if with_port && port.is_empty() {
        return Err(Mistake::Somewhere("missing port specification".to_owned()));
    }
    let port = self::port(port)?;
    Ok((self::host(host, family)?, port))
}

/// Host and port, either of them may be empty.
fn split(text: &str) -> (&str, &str) {
    let brackets = text.rfind(']').map_or(0, |at| at + 1);
    match text[brackets..].rfind(':') {
        Some(colon) => (&text[..brackets + colon], &text[brackets + colon + 1..]),
        None => (text, ""),
    }
}

fn host(text: &str, family: Family) -> Result<Host, Mistake> {
    if text.is_empty() || text == "*" {
        return Ok(Host::Unspecified);
    }
    let brackets = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let plain = brackets.unwrap_or(text);
    if let Ok(address) = plain.parse()
        && family != Family::V6
    {
        return Ok(Host::V4(address));
    }
    if let Ok(address) = plain.parse()
        && family != Family::V4
    {
        return Ok(Host::V6(address));
    }
    let numeric = plain.parse::<std::net::IpAddr>().is_ok();
    if brackets.is_some() || numeric || !is_name(text) {
        return Err(Mistake::Host(text.to_owned()));
    }
    Ok(Host::Name(text.to_owned()))
}

/// What may be looked up: labels of letters, digits, dashes and, for services, underscores.
fn is_name(text: &str) -> bool {
    let allowed = |each: u8| each.is_ascii_alphanumeric() || b"-_.".contains(&each);
    text.len() <= MAX_NAME && text.bytes().all(allowed)
}

fn port(text: &str) -> Result<Port, Mistake> {
    if text.is_empty() {
        return Ok(Port::None);
    }
    if text.starts_with(['+', '-']) {
        let digits = &text[1..];
        let offset = numeric(digits, text)?.parse().ok().map(Port::Offset);
        return match offset {
            Some(Port::Offset(offset)) if text.starts_with('-') => Ok(Port::Offset(-offset)),
            Some(offset) => Ok(offset),
            None => Err(Mistake::Plain(format!("invalid port offset '{text}'"))),
        };
    }
    let Some((first, last)) = text.split_once('-') else { return number(text).map(Port::Number) };
    let (first, last) = (number(first)?, number(last)?);
    if first > last {
        return Err(Mistake::Plain(format!("invalid port range '{text}'")));
    }
    Ok(if first == last { Port::Number(first) } else { Port::Range(first, last) })
}

fn number(text: &str) -> Result<u16, Mistake> {
    numeric(text, text)?.parse().map_err(|_| Mistake::Plain(format!("invalid port '{text}'")))
}

fn numeric<'a>(digits: &'a str, text: &str) -> Result<&'a str, Mistake> {
    match digits.chars().find(|each| !each.is_ascii_digit()) {
        Some(other) => {
            let sentence = format!("invalid character '{other}' in port number '{text}'");
            Err(Mistake::Somewhere(sentence))
        }
        None => Ok(digits),
    }
}

/// Bytes of a host name (RFC 1035, section 2.3.4).
const MAX_NAME: usize = 253;
