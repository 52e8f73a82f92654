//! Sample values, their types and implicit casts (manual, section 7.3).

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

/// A sample. Bytes are borrowed from the stream until a converter must make new ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Bool(bool),
    Int(i64),
    Ip(IpAddr),
    Str(Cow<'a, [u8]>),
    Bin(Cow<'a, [u8]>),
    /// The method of a request.
    Method(Cow<'a, [u8]>),
}

/// The type of a sample, as far as it is known when the configuration is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Whatever comes; only known when it is there.
    Any,
    /// For converters: what went in.
    Same,
    Bool,
    Int,
    /// An address of either family.
    Addr,
    Ipv4,
    Ipv6,
    Str,
    Bin,
    Method,
}

impl Type {
    /// The name in messages and in the manual's tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Same => "same",
            Self::Bool => "bool",
            Self::Int => "sint",
            Self::Addr => "addr",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Str => "str",
            Self::Bin => "bin",
            Self::Method => "meth",
        }
    }

    /// Whether there is a cast from this type to `to`.
    #[must_use]
    pub fn casts_to(self, to: Self) -> bool {
        use Type::{Addr, Any, Bin, Bool, Int, Ipv4, Ipv6, Method, Same, Str};
        match to {
            Any | Same | Str | Bin => true,
            Bool | Int => matches!(self, Any | Same | Bool | Int | Ipv4 | Str),
            Addr | Ipv4 | Ipv6 => matches!(self, Any | Same | Int | Addr | Ipv4 | Ipv6 | Str),
            Method => matches!(self, Any | Same | Str | Method),
        }
    }
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

    /// The type of what is there.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self {
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Ip(IpAddr::V4(_)) => Type::Ipv4,
            Self::Ip(IpAddr::V6(_)) => Type::Ipv6,
            Self::Str(_) => Type::Str,
            Self::Bin(_) => Type::Bin,
            Self::Method(_) => Type::Method,
        }
    }

    /// The same sample as another type, if there is such a cast and the value allows it.
    #[must_use]
    pub fn cast(self, to: Type) -> Option<Self> {
        match to {
            Type::Any | Type::Same => Some(self),
            Type::Bool => self.as_bool().map(Self::Bool),
            Type::Int => self.as_int().map(Self::Int),
            Type::Addr => self.as_ip().map(Self::Ip),
            Type::Ipv4 => match self.as_ip()? {
                IpAddr::V4(ip) => Some(Self::Ip(ip.into())),
                IpAddr::V6(ip) => ip.to_ipv4_mapped().map(|ip| Self::Ip(ip.into())),
            },
            Type::Ipv6 => match self.as_ip()? {
                IpAddr::V4(ip) => Some(Self::Ip(ip.to_ipv6_mapped().into())),
                IpAddr::V6(ip) => Some(Self::Ip(ip.into())),
            },
            Type::Str => Some(Self::Str(self.into_bytes())),
            Type::Bin => Some(Self::Bin(self.into_binary())),
            Type::Method => Some(Self::Method(self.into_bytes())),
        }
    }

    /// The raw bytes: integers are eight bytes, addresses their network form.
    #[must_use]
    pub fn into_binary(self) -> Cow<'a, [u8]> {
        match self {
            Self::Str(bytes) | Self::Bin(bytes) | Self::Method(bytes) => bytes,
            Self::Bool(value) => Cow::Owned(i64::from(value).to_be_bytes().to_vec()),
            Self::Int(value) => Cow::Owned(value.to_be_bytes().to_vec()),
            Self::Ip(IpAddr::V4(ip)) => Cow::Owned(ip.octets().to_vec()),
            Self::Ip(IpAddr::V6(ip)) => Cow::Owned(ip.octets().to_vec()),
        }
    }

    /// The sample with bytes of its own.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Ip(ip) => Value::Ip(ip),
            Self::Str(bytes) => Value::Str(Cow::Owned(bytes.into_owned())),
            Self::Bin(bytes) => Value::Bin(Cow::Owned(bytes.into_owned())),
            Self::Method(bytes) => Value::Method(Cow::Owned(bytes.into_owned())),
        }
    }

    /// The same sample, its bytes borrowed.
    #[must_use]
    pub fn borrow(&self) -> Value<'_> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Ip(ip) => Value::Ip(*ip),
            Self::Str(bytes) => Value::Str(Cow::Borrowed(bytes)),
            Self::Bin(bytes) => Value::Bin(Cow::Borrowed(bytes)),
            Self::Method(bytes) => Value::Method(Cow::Borrowed(bytes)),
        }
    }

    /// As a string; binary ends at its first zero byte, as the reference casts it.
    #[must_use]
    pub fn into_bytes(self) -> Cow<'a, [u8]> {
        match self {
            Self::Str(bytes) | Self::Method(bytes) => bytes,
            Self::Bin(bytes) => before_zero(bytes),
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
            Self::Ip(IpAddr::V6(_)) | Self::Bin(_) | Self::Method(_) => None,
            // There is nothing to read a number from.
            Self::Str(bytes) if bytes.is_empty() => None,
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
            Self::Int(value) => Some(Ipv4Addr::from(*value as u32).into()),
            _ => None,
        }
    }

    /// Appends the value as a string.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Str(bytes) | Self::Method(bytes) => out.extend_from_slice(bytes),
            Self::Int(value) => {
                out.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes());
            }
            Self::Bool(value) => out.push(if *value { b'1' } else { b'0' }),
            Self::Bin(bytes) => {
                out.extend_from_slice(&before_zero(Cow::Borrowed(bytes)));
            }
            Self::Ip(ip) => {
                use std::io::Write;
                let _ = write!(out, "{ip}");
            }
        }
    }
}

fn before_zero(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let end = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..end]),
        Cow::Owned(mut bytes) => {
            bytes.truncate(end);
            Cow::Owned(bytes)
        }
    }
}

/// The integer at the beginning of a string, 0 if there is none; saturating.
fn leading_int(bytes: &[u8]) -> i64 {
    let (negative, digits) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        _ => (false, bytes),
    };
    digits.iter().take_while(|byte| byte.is_ascii_digit()).fold(0i64, |value, digit| {
        let digit = i64::from(digit - b'0');
        value.saturating_mul(10).saturating_add(if negative { -digit } else { digit })
    })
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
        assert_eq!(&*Value::Bin(Cow::Borrowed(b"\x01\xfe\0a")).into_bytes(), b"\x01\xfe");
        assert_eq!(Value::Int(0).as_bool(), Some(false));
        assert_eq!(Value::str(b"::1").as_ip(), Some("::1".parse().unwrap()));
    }
}
