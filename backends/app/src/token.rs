//! The 256-bit random token that a browser holds in its cookie. Whoever has it is the visitor, so
//! it appears in no log and, as itself, in no table.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Made by us, or sent by a browser as 64 hexadecimal digits.
#[derive(Clone)]
pub(crate) struct Token([u8; 32]);

/// SHA-256 of a token: what the table of sessions holds. Without a salt, because a random 256-bit
/// value cannot be guessed.
pub(crate) type TokenHash = [u8; 32];

impl Token {
    /// The error is the system's lack of randomness.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    pub(crate) fn to_hex(&self) -> String {
        hex(&self.0)
    }

    pub(crate) fn hash(&self) -> TokenHash {
        Sha256::digest(self.0).into()
    }

    /// A value that only the holder of this token can be shown, and that does not reveal it:
    /// SHA-256 of `purpose` and the token.
    pub(crate) fn derive(&self, purpose: &str) -> String {
        hex(&Sha256::new().chain_update(purpose).chain_update(self.0).finalize())
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_cookie() {
        let token = Token::random().unwrap();
        let again = Token::parse(&token.to_hex()).unwrap();
        assert_eq!(again.hash(), token.hash());
        assert_ne!(Token::random().unwrap().hash(), token.hash());
    }

    #[test]
    fn only_64_lower_case_digits_are_a_token() {
        for wrong in ["", "00", &"0".repeat(63), &"0".repeat(65), &"G".repeat(64), &"é".repeat(32)]
        {
            assert!(Token::parse(wrong).is_none(), "{wrong}");
        }
    }

    /// FIPS 180-4, by `printf '\0...\0' | sha256sum` over 32 zero bytes.
    #[test]
    fn the_hash_is_sha_256() {
        let token = Token::parse(&"0".repeat(64)).unwrap();
        let expected = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
        assert_eq!(hex(&token.hash()), expected);
        assert_eq!(token.derive(""), expected);
        assert_ne!(token.derive("csrf"), expected);
    }
}
