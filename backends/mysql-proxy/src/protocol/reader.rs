//! Reading the fields of one packet's payload.
//!
//! Apart because every parser uses the same few field types and none may trust a length.

use std::fmt;

/// A cursor over a payload; each method takes one field off the front.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

/// A payload that ends before, or contradicts, what it announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed packet: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

impl<'a> Reader<'a> {
    pub fn new(payload: &'a [u8]) -> Self {
        Self(payload)
    }

    /// What has not been read.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        if count > self.0.len() {
            return Err(Malformed("a field is longer than its packet"));
        }
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        Ok(taken)
    }

    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_le_bytes)
    }

    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_le_bytes)
    }

    /// A string that ends with a zero byte, without it.
    pub fn until_zero(&mut self) -> Result<&'a [u8], Malformed> {
        let end = self.0.iter().position(|&byte| byte == 0);
        let text = self.bytes(end.ok_or(Malformed("a string has no end"))?)?;
        self.bytes(1)?;
        Ok(text)
    }

    /// A length-encoded integer: one byte below 0xFB, or 0xFC, 0xFD, 0xFE and 2, 3, 8 bytes.
    pub fn integer(&mut self) -> Result<u64, Malformed> {
        match self.u8()? {
            small @ 0..=0xfa => Ok(small.into()),
            0xfc => self.u16().map(u64::from),
            0xfd => {
                let [a, b, c] = self.array()?;
                Ok(u32::from_le_bytes([a, b, c, 0]).into())
            }
            0xfe => self.array().map(u64::from_le_bytes),
            _ => Err(Malformed("0xFB and 0xFF begin no integer")),
        }
    }

    /// A string preceded by its length as a length-encoded integer.
    pub fn counted(&mut self) -> Result<&'a [u8], Malformed> {
        let count = self.integer()?;
        self.bytes(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let taken = self.bytes(N)?;
        taken.try_into().map_err(|_| Malformed("a field is cut short"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_encoded_integers_have_four_widths() {
        // The examples of the protocol documentation, "Length-Encoded Integer Type".
        for (bytes, value) in [
            (&[0xfa][..], 250),
            (&[0xfc, 0xfb, 0x00], 251),
            (&[0xfd, 0x00, 0x00, 0x01], 65_536),
            (&[0xfe, 0, 0, 0, 1, 0, 0, 0, 0], 16_777_216),
        ] {
            assert_eq!(Reader::new(bytes).integer(), Ok(value));
        }
        assert!(Reader::new(&[0xfc, 1]).integer().is_err());
        assert!(Reader::new(&[0xff]).integer().is_err());
    }

    #[test]
    fn a_length_beyond_the_packet_is_an_error() {
        let mut reader = Reader::new(&[0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
        assert!(reader.counted().is_err());
    }
}
