//! Sample values and their implicit casts (manual, section 7.3.1).

use std::borrow::Cow;
use std::net::IpAddr;

/// A sample. Bytes are borrowed from the stream until a converter must make new ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Bool(bool),
    Int(i64),
    Ip(IpAddr),
    Str(Cow<'a, [u8]>),
    Bin(Cow<'a, [u8]>),
}

impl<'a> Value<'a> {
    #[must_use]
    pub fn str(text: &'a [u8]) -> Self {
        Self::Str(Cow::Borrowed(text))
    }

    #[must_use]
    pub fn owned(text: Vec<u8>) -> Self {
        Self::Str(Cow::Owned(text))
    }

    /// As a string; binary becomes hexadecimal, as in the manual's cast table.
    #[must_use]
    pub fn into_bytes(self) -> Cow<'a, [u8]> {
        match self {
            Self::Str(bytes) => bytes,
            Self::Bin(bytes) => Cow::Owned(hexadecimal(&bytes)),
            Self::Bool(value) => Cow::Borrowed(if value { b"1" } else { b"0" }),
            Self::Int(value) => Cow::Owned(itoa::Buffer::new().format(value).as_bytes().to_vec()),
            Self::Ip(ip) => Cow::Owned(ip.to_string().into_bytes()),
        }
    }

    /// As an integer, if the cast table allows it.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Bool(value) => Some(i64::from(*value)),
            Self::Int(value) => Some(*value),
            Self::Ip(IpAddr::V4(ip)) => Some(i64::from(u32::from(*ip))),
            Self::Ip(IpAddr::V6(_)) | Self::Bin(_) => None,
            Self::Str(bytes) => Some(leading_int(bytes)),
        }
    }

    /// As a boolean, if the cast table allows it.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            other => other.as_int().map(|value| value != 0),
        }
    }

    /// As an address; strings are parsed.
    #[must_use]
    pub fn as_ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(ip) => Some(*ip),
            Self::Str(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
            _ => None,
        }
    }

    /// Appends the value as a string.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Str(bytes) => out.extend_from_slice(bytes),
            Self::Int(value) => {
                out.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes());
            }
            Self::Bool(value) => out.push(if *value { b'1' } else { b'0' }),
            Self::Bin(bytes) => out.extend_from_slice(&hexadecimal(bytes)),
            Self::Ip(ip) => {
                use std::io::Write;
                let _ = write!(out, "{ip}");
            }
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .collect()
}

/// The integer at the beginning of a string, 0 if there is none; saturating.
fn leading_int(bytes: &[u8]) -> i64 {
    let bytes = bytes.trim_ascii_start();
    let (negative, digits) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    let value =
        digits.iter().take_while(|byte| byte.is_ascii_digit()).fold(0i64, |value, digit| {
            value.saturating_mul(10).saturating_add(i64::from(digit - b'0'))
        });
    if negative { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_follow_the_table() {
        assert_eq!(Value::str(b"12abc").as_int(), Some(12));
        assert_eq!(Value::str(b"abc").as_int(), Some(0));
        assert_eq!(Value::str(b"-7").as_int(), Some(-7));
        assert_eq!(Value::Ip("1.2.3.4".parse().unwrap()).as_int(), Some(0x0102_0304));
        assert_eq!(&*Value::Bin(Cow::Borrowed(b"\x01\xfe")).into_bytes(), b"01FE");
        assert_eq!(Value::Int(0).as_bool(), Some(false));
        assert_eq!(Value::str(b"::1").as_ip(), Some("::1".parse().unwrap()));
    }
}
