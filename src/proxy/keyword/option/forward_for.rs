//! `option forwardfor`.

use std::net::IpAddr;

use super::super::{Keyword, Sections, Statement};
use crate::proxy::ForwardFor;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(in super::super) const KEYWORDS: &[Keyword] = &[Keyword {
    name: "option forwardfor",
    sections: Sections::ALL,
    no_prefix: false,
    arguments: "[except <network>] [header <name>] [if-none]",
    documentation: "Tells servers the client's address in 'X-Forwarded-For'.",
    example: "option forwardfor except 127.0.0.0/8",
    parse: |line, settings| {
        settings.options.forward_for = Some(forward_for(line)?);
        Ok(())
    },
}];

fn forward_for(line: &Statement<'_>) -> Result<ForwardFor, Diagnostic> {
    let mut option =
        ForwardFor { header: "X-Forwarded-For".to_owned(), except: None, if_none: false };
    let mut words = line.arguments.iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "except" => option.except = Some(network(word, words.next())?),
            "header" => {
                let name = words.next().ok_or_else(|| {
                    Diagnostic::alert(
                        word.span,
                        "'option forwardfor header' expects <header_name> as argument.",
                    )
                })?;
                option.header.clone_from(&name.text);
            }
            "if-none" => option.if_none = true,
            _ => {
                return Err(Diagnostic::alert(
                    word.span,
                    "'option forwardfor' only supports optional values: 'except', 'header' and \
                     'if-none'.",
                ));
            }
        }
    }
    Ok(option)
}

/// An address with a prefix length or, for IPv4, a mask in dots.
fn network(option: &Word, value: Option<&Word>) -> Result<(IpAddr, u8), Diagnostic> {
    let span = value.unwrap_or(option).span;
    value.and_then(|value| parse(&value.text)).ok_or_else(|| {
        Diagnostic::alert(span, "'option forwardfor except' expects <address>[/mask] as argument.")
    })
}

fn parse(text: &str) -> Option<(IpAddr, u8)> {
    let (address, mask) = match text.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length = match mask {
        None => most,
        Some(mask) => match mask.parse::<u8>() {
            Ok(length) => Some(length).filter(|length| *length <= most)?,
            Err(_) => {
                let bits = u32::from(mask.parse::<std::net::Ipv4Addr>().ok()?);
                let length = bits.leading_ones();
                (bits.checked_shl(length).unwrap_or(0) == 0 && address.is_ipv4())
                    .then(|| u8::try_from(length).ok())??
            }
        },
    };
    Some((address, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_have_a_length_or_a_mask() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(parse("10.0.0.0/8"), Some((ip("10.0.0.0"), 8)));
        assert_eq!(parse("10.0.0.0/255.255.0.0"), Some((ip("10.0.0.0"), 16)));
        assert_eq!(parse("10.0.0.1"), Some((ip("10.0.0.1"), 32)));
        assert_eq!(parse("::1/128"), Some((ip("::1"), 128)));
        for wrong in ["10.0.0.300", "10.0.0.0/33", "10.0.0.0/255.0.255.0", "", "x/8"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
