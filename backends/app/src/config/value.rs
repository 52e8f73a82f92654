//! Single values of the file. They are checked while the reader still stands on them, because only
//! then its complaint names the right line.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserializer, Error, Visitor};

/// Text that `parse` accepts; its error is the reason to show.
pub(super) fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(parse))
}

/// A whole number from `LEAST` to `MOST`.
pub(super) fn within<'de, const LEAST: u32, const MOST: u32, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<u32, D::Error> {
    deserializer.deserialize_u32(Within { least: LEAST, most: MOST })
}

/// A duration as people write it (`500ms`, `15s`, `1h 30m`), zero included.
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    text(deserializer, parse_duration)
}

/// A duration from one millisecond on.
pub(super) fn some_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    text(deserializer, |text| match parse_duration(text)? {
        duration if duration < SHORTEST => Err(format!("`{text}` is too short")),
        duration => Ok(duration),
    })
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration > LONGEST => Err(format!("`{text}` is longer than ten years")),
        Ok(duration) => Ok(duration),
        Err(error) => Err(format!("`{text}` is no duration like 15s: {error}")),
    }
}

struct Text<T>(fn(&str) -> Result<T, String>);

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

struct Within {
    least: u32,
    most: u32,
}

impl Visitor<'_> for Within {
    type Value = u32;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a whole number from {} to {}", self.least, self.most)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u32, E> {
        match u32::try_from(number) {
            Ok(number) if (self.least..=self.most).contains(&number) => Ok(number),
            _ => Err(E::invalid_value(serde::de::Unexpected::Unsigned(number), &self)),
        }
    }
}

const SHORTEST: Duration = Duration::from_millis(1);
/// So that sums with the clock cannot overflow.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);
