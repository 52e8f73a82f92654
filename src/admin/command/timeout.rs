//! `set timeout cli`: how long this talk may be idle.

use super::{Call, Keyword, split_number};
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["set", "timeout"],
    level: Level::User,
    usage: "set timeout [cli] <delay>",
    documentation: "change a timeout setting",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    if call.word(2) != Some("cli") {
        return Err("'set timeout' only supports 'cli'.".to_owned());
    }
    let text = call.word(3).ok_or("Expects an integer value.")?;
    call.settings.timeout_ms = milliseconds(text).ok_or("Invalid timeout value.")?;
    Ok(())
}

/// A duration whose unit is the second unless it says otherwise (manual, section 2.5).
fn milliseconds(text: &str) -> Option<u64> {
    let (number, unit) = split_number(text);
    let number = u64::try_from(number?).ok().filter(|number| *number > 0)?;
    let factor = match unit {
        "us" => return Some(number.div_ceil(1000)),
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(factor).filter(|ms| *ms <= LONGEST_MS)
}

/// As long as HAProxy's timers can be.
const LONGEST_MS: u64 = i32::MAX as u64;
