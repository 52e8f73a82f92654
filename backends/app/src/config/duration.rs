//! Durations as people write them: `500ms`, `15s`, `12h`, `1h 30m`.

use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};

/// Any duration, zero included, up to ten years (so that sums with the clock cannot overflow).
pub(super) fn any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    match humantime::parse_duration(&text) {
        Ok(duration) if duration > LONGEST => {
            Err(D::Error::custom(format!("`{text}` is longer than ten years")))
        }
        Ok(duration) => Ok(duration),
        Err(error) => Err(D::Error::custom(format!("`{text}` is no duration like 15s: {error}"))),
    }
}

/// A duration that is not zero.
pub(super) fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    match any(deserializer)? {
        Duration::ZERO => Err(D::Error::custom("a duration above zero is needed here")),
        duration => Ok(duration),
    }
}

const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);
