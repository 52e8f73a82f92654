//! Times (manual section 2.5): an integer and a unit, milliseconds unless the keyword says
//! otherwise.

/// The unit of a number, in particular of one that carries no suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
}

/// A duration in milliseconds, a part of one rounded up, at most [`MAX_MS`].
///
/// # Errors
///
/// A sentence without the keyword's name: "unexpected character '.'".
pub fn duration_ms(text: &str, default_unit: Unit) -> Result<u64, String> {
    match tolerant_duration_ms(text, default_unit)? {
        (milliseconds, None) => Ok(milliseconds),
        (_, Some(warning)) => Err(warning),
    }
}

/// As [`duration_ms`], but takes `1msec` for `1ms` as HAProxy 3.4 still does, with a warning to
/// report.
///
/// # Errors
///
/// As [`duration_ms`].
pub fn tolerant_duration_ms(
    text: &str,
    default_unit: Unit,
) -> Result<(u64, Option<String>), String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, suffix) = text.split_at(digits);
    if number.is_empty() {
        return Err(match suffix.chars().next() {
            Some(unexpected) => format!("unexpected character '{unexpected}'"),
            None => "a duration is missing".to_owned(),
        });
    }
    let (unit, rest) = Unit::split(suffix, default_unit)?;
    let milliseconds = number
        .parse()
        .ok()
        .and_then(|number: u64| unit.milliseconds(number))
        .filter(|&milliseconds| milliseconds <= MAX_MS)
        .ok_or_else(|| {
            format!("timer overflow in '{text}' (maximum value is {MAX_MS} ms or ~24.8 days)")
        })?;
    Ok((milliseconds, rest.chars().next().map(|first| trailing(first, text))))
}

impl Unit {
    /// The unit `suffix` begins with and what follows it.
    fn split(suffix: &str, default: Self) -> Result<(Self, &str), String> {
        let Some(first) = suffix.chars().next() else { return Ok((default, "")) };
        SUFFIXES
            .iter()
            .find_map(|&(name, unit)| Some((unit, suffix.strip_prefix(name)?)))
            .ok_or_else(|| format!("unexpected character '{first}'"))
    }

    fn milliseconds(self, number: u64) -> Option<u64> {
        match self {
            Self::Microsecond => Some(number.div_ceil(1000)),
            Self::Millisecond => Some(number),
            Self::Second => number.checked_mul(1000),
            Self::Minute => number.checked_mul(60_000),
            Self::Hour => number.checked_mul(3_600_000),
            Self::Day => number.checked_mul(86_400_000),
        }
    }
}

fn trailing(first: char, text: &str) -> String {
    format!(
        "unexpected character '{first}' after the timer value '{text}', only (us=microseconds,\
         ms=milliseconds,s=seconds,m=minutes,h=hours,d=days) are supported. This will be reported as \
         an error in next versions."
    )
}

/// What HAProxy's timers hold: 31 bits, 24.8 days.
pub const MAX_MS: u64 = 0x7fff_ffff;

/// Longer ones before their beginnings.
const SUFFIXES: &[(&str, Unit)] = &[
    ("us", Unit::Microsecond),
    ("ms", Unit::Millisecond),
    ("s", Unit::Second),
    ("m", Unit::Minute),
    ("h", Unit::Hour),
    ("d", Unit::Day),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ms(text: &str) -> Result<u64, String> {
        duration_ms(text, Unit::Millisecond)
    }

    #[test]
    fn units_are_those_of_the_manual() {
        for (text, expected) in [
            ("0", 0),
            ("10", 10),
            ("010", 10),
            ("1ms", 1),
            ("1s", 1000),
            ("1m", 60_000),
            ("1h", 3_600_000),
            ("24d", 2_073_600_000),
            ("1000us", 1),
        ] {
            assert_eq!(ms(text), Ok(expected), "{text}");
        }
        assert_eq!(duration_ms("10", Unit::Second), Ok(10_000));
        assert_eq!(duration_ms("10ms", Unit::Second), Ok(10));
    }

    #[test]
    fn a_started_millisecond_counts() {
        assert_eq!(ms("1us"), Ok(1));
        assert_eq!(ms("1500us"), Ok(2));
        assert_eq!(ms("0us"), Ok(0));
    }

    #[test]
    fn timers_have_31_bits() {
        assert_eq!(ms("2147483647"), Ok(2_147_483_647));
        for text in ["2147483648", "25d", "2147483647s", "99999999999999999999", "99999999999999d"]
        {
            assert!(ms(text).unwrap_err().starts_with("timer overflow"), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_integer_and_a_unit_is_refused() {
        for (text, character) in [
            ("2.5s", '.'),
            ("-1", '-'),
            ("+1", '+'),
            ("1x", 'x'),
            ("ms", 'm'),
            ("1S", 'S'),
            ("1u", 'u'),
        ] {
            let start = format!("unexpected character '{character}'");
            assert!(ms(text).unwrap_err().starts_with(&start), "{text}");
        }
        assert_eq!(ms(""), Err("a duration is missing".to_owned()));
        assert!(ms("1d1h").is_err());
    }

    #[test]
    fn haproxy_only_warns_about_text_behind_the_unit() {
        let (milliseconds, warning) = tolerant_duration_ms("1msec", Unit::Millisecond).unwrap();
        assert_eq!(milliseconds, 1);
        assert!(warning.unwrap().starts_with("unexpected character 'e' after the timer value"));
        assert_eq!(tolerant_duration_ms("1ms", Unit::Second), Ok((1, None)));
        assert!(tolerant_duration_ms("1x", Unit::Second).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in "[0-9]{0,25}\\PC{0,4}") {
            let _ = duration_ms(&text, Unit::Day);
        }
    }
}
