//! The `Host` rules of RFC 9112 section 3.2 and the syntax of RFC 3986 section 3.2.2.

use super::{Refusal, refusal};

/// HTTP/1.1 must name a host; whoever names one must do it well.
pub(super) fn check(host: Option<&str>, minor_version: u8) -> Result<(), Refusal> {
    match host {
        None if minor_version == 0 => Ok(()),
        None => Err(refusal(400, "no Host")),
        Some(text) if valid(text) => Ok(()),
        Some(_) => Err(refusal(400, "malformed Host")),
    }
}

/// `uri-host [ ":" port ]`; the empty host is legal.
pub(super) fn valid(text: &str) -> bool {
    if let Some(literal) = text.strip_prefix('[') {
        let Some((address, port)) = literal.split_once(']') else { return false };
        return address.parse::<std::net::Ipv6Addr>().is_ok()
            && (port.is_empty() || port.strip_prefix(':').is_some_and(digits));
    }
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    name.bytes().all(in_reg_name) && digits(port)
}

fn digits(port: &str) -> bool {
    port.bytes().all(|b| b.is_ascii_digit())
}

/// Unreserved characters, percent escapes and sub-delimiters.
fn in_reg_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::valid;

    #[test]
    fn hosts() {
        for good in ["", "a", "a.example:80", "127.0.0.1", "[::1]", "[::1]:8080", "a:"] {
            assert!(valid(good), "{good}");
        }
        for bad in ["a b", "a:b", "a:1:2", "u@a", "[::1", "[x]", "[::1]x", "a/b", "a\u{fffd}"] {
            assert!(!valid(bad), "{bad}");
        }
    }
}
