//! Keys of entries.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::sample::{Type, Value};

/// The type of a table's keys (manual, section 11.1, `type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    Ipv4,
    Ipv6,
    Integer,
    /// At most this many bytes.
    String(usize),
    /// Exactly this many bytes.
    Binary(usize),
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
    Integer(u32),
    String(Box<[u8]>),
    Binary(Box<[u8]>),
}

impl KeyType {
    /// The name that `show table` gives.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ipv4 => "ip",
            Self::Ipv6 => "ipv6",
            Self::Integer => "integer",
            Self::String(_) => "string",
            Self::Binary(_) => "binary",
        }
    }

    /// The sample type that keys are made of.
    #[must_use]
    pub fn sample(self) -> Type {
        match self {
            Self::Ipv4 => Type::Ipv4,
            Self::Ipv6 => Type::Ipv6,
            Self::Integer => Type::Int,
            Self::String(_) => Type::Str,
            Self::Binary(_) => Type::Bin,
        }
    }

    /// The key that a sample stands for, if it can be made one. Empty texts are none.
    #[must_use]
    pub fn key(self, value: Value<'_>) -> Option<Key> {
        match (self, value.cast(self.sample())?) {
            (Self::Ipv4, Value::Ip(IpAddr::V4(ip))) => Some(Key::Ipv4(ip)),
            (Self::Ipv6, Value::Ip(IpAddr::V6(ip))) => Some(Key::Ipv6(ip)),
            (Self::Integer, Value::Int(number)) => Some(Key::Integer(number as u32)),
            (Self::String(length), Value::Str(bytes)) if !bytes.is_empty() => {
                Some(Key::String(bytes[..bytes.len().min(length)].into()))
            }
            (Self::Binary(length), Value::Bin(bytes)) if !bytes.is_empty() => {
                let mut padded = bytes[..bytes.len().min(length)].to_vec();
                padded.resize(length, 0);
                Some(Key::Binary(padded.into()))
            }
            _ => None,
        }
    }

    /// The key that an operator wrote. Integers are what the text begins with.
    #[must_use]
    pub fn key_of_text(self, text: &str) -> Option<Key> {
        self.key(Value::str(text.as_bytes()))
    }
}

impl Key {
    /// The key as a sample.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Ipv4(ip) => Value::Ip((*ip).into()),
            Self::Ipv6(ip) => Value::Ip((*ip).into()),
            Self::Integer(number) => Value::Int(i64::from(*number)),
            Self::String(bytes) => Value::Str(bytes[..].into()),
            Self::Binary(bytes) => Value::Bin(bytes[..].into()),
        }
    }
}

impl fmt::Display for Key {
    /// As `show table` has it: binary keys in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipv4(ip) => write!(f, "{ip}"),
            Self::Ipv6(ip) => write!(f, "{ip}"),
            Self::Integer(number) => write!(f, "{}", *number as i32),
            Self::String(bytes) => f.write_str(&String::from_utf8_lossy(bytes)),
            Self::Binary(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_become_keys() {
        let key = |kind: KeyType, value: Value<'_>| kind.key(value).map(|key| key.to_string());
        let ip = |text: &str| Value::Ip(text.parse().unwrap());
        assert_eq!(key(KeyType::Ipv4, ip("192.0.2.1")).unwrap(), "192.0.2.1");
        assert_eq!(key(KeyType::Ipv6, ip("192.0.2.1")).unwrap(), "::ffff:192.0.2.1");
        assert_eq!(key(KeyType::Ipv4, ip("2001:db8::1")), None);
        assert_eq!(key(KeyType::String(3), Value::str(b"/abc")).unwrap(), "/ab");
        assert_eq!(key(KeyType::String(3), Value::str(b"")), None);
        assert_eq!(key(KeyType::Binary(3), Value::str(b"a")).unwrap(), "610000");
        assert_eq!(key(KeyType::Integer, Value::str(b"42")).unwrap(), "42");
    }
}
