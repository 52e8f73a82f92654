//! Bytes in texts. HAProxy takes a configuration for bytes and sends them as they are, Latin-1 as well
//! as UTF-8, while words here are `String`s. So a byte that is not UTF-8 is kept as one of the last 128
//! characters of Unicode, which nobody writes (those that do are kept byte by byte, too): nothing is
//! lost, and what leaves the program is turned back.

use std::borrow::Cow;

/// The text that stands for `bytes`.
#[must_use]
pub fn from_bytes(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes)
        && is_plain(text)
    {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if byte_of(character).is_some() {
                text.extend(character.encode_utf8(&mut [0; 4]).bytes().map(character_of));
            } else {
                text.push(character);
            }
        }
        text.extend(chunk.invalid().iter().map(|&byte| character_of(byte)));
    }
    text
}

/// The bytes that `text` stands for.
#[must_use]
pub fn bytes(text: &str) -> Cow<'_, [u8]> {
    if is_plain(text) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match byte_of(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(bytes)
}

/// A regular expression over bytes in which they are written as `\xNN`.
#[must_use]
pub fn pattern(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        match byte_of(character) {
            Some(byte) => pattern.push_str(&format!("\\x{byte:02x}")),
            None => pattern.push(character),
        }
    }
    Cow::Owned(pattern)
}

/// Whether all bytes that `text` stands for are its own.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.as_bytes().contains(&LEAD) || !text.chars().any(|each| byte_of(each).is_some())
}

/// The byte that is no character by itself.
#[must_use]
pub fn byte_of(character: char) -> Option<u8> {
    let number = u32::from(character).checked_sub(FIRST)?;
    u8::try_from(number + 0x80).ok()
}

/// `byte` is 0x80 or more.
fn character_of(byte: u8) -> char {
    char::from_u32(FIRST - 0x80 + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The character that stands for the byte 0x80.
const FIRST: u32 = 0x0010_ff80;

/// How all of these characters begin in UTF-8.
const LEAD: u8 = 0xf4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn utf8_is_itself() {
        for text in ["", "a", "é", "\u{10ff7f}", "\u{fffd}"] {
            assert_eq!(from_bytes(text.as_bytes()), text);
            assert_eq!(bytes(text), text.as_bytes());
        }
    }

    #[test]
    fn latin_1_is_one_character_a_byte() {
        let text = from_bytes(b"\xe9t\xe9");
        assert_eq!(text.chars().count(), 3);
        assert_eq!(&*bytes(&text), b"\xe9t\xe9");
        assert!(!is_plain(&text) && is_plain("été"));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(given in proptest::collection::vec(any::<u8>(), 0..40)) {
            let text = from_bytes(&given);
            prop_assert_eq!(&*bytes(&text), &given[..]);
        }

        #[test]
        fn nor_of_the_characters_that_stand_for_bytes(given in "[\u{10ff00}-\u{10ffff}a]{0,9}") {
            let text = from_bytes(given.as_bytes());
            prop_assert_eq!(&*bytes(&text), given.as_bytes());
        }
    }
}
