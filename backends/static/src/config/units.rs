//! Durations (`500ms`, `10s`, `2m`, `1h`) and sizes (`512`, `16k`, `1m`) as people write them.

use serde::{Deserialize, Deserializer};

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Scalar")]
pub struct ByteSize(pub usize);

pub(super) mod duration {
    use std::time::Duration;

    use serde::de::Error;

    use super::{Deserialize, Deserializer, Scalar, parse_duration};

    pub(in crate::config) fn deserialize<'de, D>(deserializer: D) -> Result<Duration, D::Error>
    where
        D: Deserializer<'de>,
    {
        let Scalar(text) = Scalar::deserialize(deserializer)?;
        parse_duration(&text).ok_or_else(|| {
            D::Error::custom(format!("'{text}' is not a duration (such as 500ms, 10s, 2m or 1h)"))
        })
    }
}

impl TryFrom<Scalar> for ByteSize {
    type Error = String;

    fn try_from(Scalar(text): Scalar) -> Result<Self, String> {
        parse_size(&text)
            .map(Self)
            .ok_or_else(|| format!("'{text}' is not a size in bytes (such as 512, 16k or 1m)"))
    }
}

/// A YAML scalar as text, whether it looked like a number or not.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Scalar;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number with a unit")
            }
            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.into()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_string()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// A bare number is refused unless it is 0: seconds and milliseconds are too easy to confuse.
fn parse_duration(text: &str) -> Option<std::time::Duration> {
    let (number, unit) = split(text)?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "" if number == 0 => 0,
        _ => return None,
    };
    // A year bounds what is added to a clock later.
    let total = number.checked_mul(millis).filter(|total| *total <= 365 * 24 * 3_600_000)?;
    Some(std::time::Duration::from_millis(total))
}

fn parse_size(text: &str) -> Option<usize> {
    let (number, unit) = split(text)?;
    let factor: u64 = match unit {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    usize::try_from(number.checked_mul(factor)?).ok()
}

fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{parse_duration, parse_size};

    #[test]
    fn durations() {
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse_duration("2m"), Some(Duration::from_secs(120)));
        assert_eq!(parse_duration("0"), Some(Duration::ZERO));
        for bad in ["", "s", "10", "10 s", "-1s", "1d", "99999999999999999999s", "9999999999h"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("512"), Some(512));
        assert_eq!(parse_size("16k"), Some(16384));
        for bad in ["", "k", "1.5k", "1kb", "99999999999999g"] {
            assert_eq!(parse_size(bad), None, "{bad}");
        }
    }
}
