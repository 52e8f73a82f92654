//! `stats auth`: HTTP basic authentication (RFC 7617).

use crate::exchange::Message;
use crate::proxy::StatsPage;

/// True when the page needs no user, or the request brings one of its users.
pub(super) fn accepted(page: &StatsPage, request: &Message) -> bool {
    if page.users.is_empty() {
        return true;
    }
    request.values(b"authorization").filter_map(credentials).any(|given| {
        // Every user is compared to the end: the time tells nothing about them.
        page.users.iter().fold(false, |found, user| found | same(user.as_bytes(), &given))
    })
}

/// `user:password` of a `Basic` field.
fn credentials(value: &[u8]) -> Option<Vec<u8>> {
    let (scheme, rest) = value.split_at_checked(5)?;
    let token = rest.trim_ascii();
    let separated = rest.first().is_some_and(u8::is_ascii_whitespace);
    (separated && scheme.eq_ignore_ascii_case(b"basic")).then(|| decode(token)).flatten()
}

/// Compares in a time that depends on the lengths only.
fn same(expected: &[u8], given: &[u8]) -> bool {
    let differences = expected.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b));
    std::hint::black_box(differences) == 0 && expected.len() == given.len()
}

/// Base64 (RFC 4648, section 4), padded or not.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = &text[..text.len() - padding];
    if padding > 2 || digits.len() % 4 == 1 || (padding > 0 && !text.len().is_multiple_of(4)) {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let mut bits = 0u32;
        for digit in group {
            bits = bits << 6 | u32::from(six_bits(*digit)?);
        }
        bits <<= 6 * (4 - group.len());
        out.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(out)
}

fn six_bits(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_vectors_of_rfc_4648_decode() {
        for (text, plain) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        for bad in ["Z", "Z===", "Zm9v=", "Zm 9v", "Zm9\u{fe}"] {
            assert_eq!(decode(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn the_field_of_rfc_7617_is_read_in_any_case_of_its_scheme() {
        let expected = Some(b"Aladdin:open sesame".to_vec());
        assert_eq!(credentials(b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), expected);
        assert_eq!(credentials(b"basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), expected);
        assert_eq!(credentials(b"BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ=="), None);
        assert_eq!(credentials(b"Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), None);
        assert_eq!(credentials(b"Basi"), None);
    }

    #[test]
    fn only_the_whole_pair_is_the_same() {
        assert!(same(b"a:b", b"a:b"));
        assert!(!same(b"a:b", b"a:bc"));
        assert!(!same(b"a:bc", b"a:b"));
        assert!(!same(b"a:b", b"a:c"));
        assert!(!same(b"a:b", b""));
    }
}
