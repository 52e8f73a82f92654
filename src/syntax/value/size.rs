//! Sizes (manual section 2.6): an integer and `k`, `m` or `g`, powers of 1024, in either case.

/// A size in bytes (or entries).
///
/// # Errors
///
/// A sentence without the keyword's name: "unexpected 'b' after the size".
pub fn size(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, suffix) = text.split_at(digits);
    if text.is_empty() {
        return Err("a size is missing".to_owned());
    }
    let mut rest = suffix.chars();
    let shift = match rest.next() {
        None => 0,
        Some('k' | 'K') => 10,
        Some('m' | 'M') => 20,
        Some('g' | 'G') => 30,
        Some(_) => return Err(unexpected(suffix)),
    };
    if number.is_empty() || !rest.as_str().is_empty() {
        return Err(unexpected(if number.is_empty() { suffix } else { rest.as_str() }));
    }
    number
        .parse()
        .ok()
        .and_then(|number: u64| number.checked_mul(1 << shift))
        .ok_or_else(|| format!("size overflow in '{text}'"))
}

fn unexpected(text: &str) -> String {
    format!("unexpected '{text}' in the size, a size is an integer and k, m or g")
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn units_are_powers_of_1024_in_either_case() {
        for (text, expected) in [
            ("0", 0),
            ("16384", 16_384),
            ("16k", 16_384),
            ("16K", 16_384),
            ("1m", 1_048_576),
            ("1M", 1_048_576),
            ("3g", 3_221_225_472),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(size(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        for (text, named) in [
            ("1kb", "'b'"),
            ("1.5k", "'.5k'"),
            ("16x", "'x'"),
            ("16kk", "'k'"),
            ("k", "'k'"),
            ("-1", "'-1'"),
        ] {
            assert!(size(text).unwrap_err().contains(named), "{text}");
        }
        assert_eq!(size(""), Err("a size is missing".to_owned()));
    }

    #[test]
    fn overflow_is_noticed() {
        assert!(size("18446744073709551616").unwrap_err().starts_with("size overflow"));
        assert!(size("18014398509481984k").unwrap_err().starts_with("size overflow"));
    }
}
