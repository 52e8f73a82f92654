//! Hexadecimal digits. Apart because several converters write or read them.

/// Appends two upper-case digits for each byte.
pub(super) fn write(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
}

/// The value of one digit in either case.
pub(super) fn value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

pub(super) fn digit(value: u8) -> u8 {
    b"0123456789ABCDEF"[usize::from(value & 15)]
}

pub(super) fn lower_digit(value: u8) -> u8 {
    b"0123456789abcdef"[usize::from(value & 15)]
}
