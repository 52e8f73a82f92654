//! The small values of `cluster.yaml`, each parsed where it stands so that an error has its line.

use std::{fmt, marker::PhantomData, net::IpAddr, str::FromStr, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};

use crate::cluster::interval::Interval;

/// `ADDRESS` or `ADDRESS/PREFIX`; without a prefix a host address (/32 or /128).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct VirtualAddress {
    pub address: IpAddr,
    pub prefix: u8,
}

impl FromStr for VirtualAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr =
            address.parse().map_err(|_| format!("'{text}' is not an IP address"))?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => longest,
            Some(prefix) => prefix
                .parse()
                .ok()
                .filter(|bits| (1..=longest).contains(bits))
                .ok_or_else(|| format!("'{text}': the prefix must be 1 to {longest}"))?,
        };
        if address.is_unspecified() || address.is_multicast() || address.is_loopback() {
            return Err(format!("'{text}' cannot be an address of an interface"));
        }
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for VirtualAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// A duration with its unit: `30ms`, `1.5s`, `2m`, `1h`. At most a day.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Span(pub(super) Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unit_at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        let unit_seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(format!("'{text}' is not a duration such as 30ms, 1.5s, 2m")),
        };
        let seconds = number
            .parse::<f64>()
            .ok()
            .map(|number| number * unit_seconds)
            .filter(|seconds| (0.0..=86_400.0).contains(seconds))
            .ok_or_else(|| format!("'{text}' is not a duration from 0s to 24h"))?;
        // Microseconds, so that 0.03 s is the same as 30 ms.
        Ok(Self(Duration::from_micros((seconds * 1e6).round() as u64)))
    }
}

/// An advertisement interval, as a duration.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct AdvertInterval(pub(super) Interval);

impl FromStr for AdvertInterval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Span(duration) = text.parse()?;
        Interval::from_duration(duration)
            .map(Self)
            .ok_or_else(|| format!("'{text}' is not a multiple of 10ms from 10ms to 40.95s"))
    }
}

/// 1 to 255.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Byte(pub(super) u8);

impl FromStr for Byte {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(value @ 1..) => Ok(Self(value)),
            _ => Err(format!("'{text}' is not a number from 1 to 255")),
        }
    }
}

/// `off` or a SCHED_RR priority.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct RealTime(pub(super) Option<u8>);

impl Default for RealTime {
    /// Above ordinary real-time work, below the kernel's threads at 50.
    fn default() -> Self {
        Self(Some(40))
    }
}

impl FromStr for RealTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(priority @ 1..=99) => Ok(Self(Some(priority))),
            Err(_) if matches!(text, "off" | "false") => Ok(Self(None)),
            _ => Err(format!("'{text}' is neither off nor a priority from 1 to 99")),
        }
    }
}

/// Reads a scalar as its text. A visitor rather than `try_from`, because only the error of a visitor
/// is given the line of the scalar itself.
struct Scalar<T>(PhantomData<T>);

impl<T: FromStr<Err = String>> Visitor<'_> for Scalar<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Err(E::invalid_type(Unexpected::Unit, &self))
    }
}

macro_rules! deserialize_from_text {
    ($($name:ty),+) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Scalar(PhantomData))
            }
        }
    )+};
}

deserialize_from_text!(VirtualAddress, Span, AdvertInterval, Byte, RealTime);
