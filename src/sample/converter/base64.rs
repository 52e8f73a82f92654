//! Base64 (RFC 4648) as HAProxy reads and writes it. Apart because converters of ciphers and tokens
//! need it too. Its readers forgive differently than common ones do.

/// Which characters stand for 62 and 63.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    Standard,
    Url,
}

/// Groups of four with padding, or groups without for URLs.
pub(super) fn encode(bytes: &[u8], alphabet: Alphabet) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            out.push(character((group >> (18 - 6 * at) & 63) as u8, alphabet));
        }
        if alphabet == Alphabet::Standard {
            out.resize(out.len() + 3 - chunk.len(), b'=');
        }
    }
    out
}

/// Reads whole groups; padding may stand at the end of any group. White space at the end is left
/// out.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii_end();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.chunks(4) {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 {
            return None;
        }
        let mut value = 0u32;
        for byte in &group[..4 - padding] {
            value = value << 6 | u32::from(sextet(*byte, Alphabet::Standard)?);
        }
        value <<= 6 * padding;
        out.extend_from_slice(&value.to_be_bytes()[1..4 - padding]);
    }
    Some(out)
}

/// Reads groups without padding.
pub(super) fn decode_url(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len().div_ceil(4) * 3);
    for group in text.chunks(4) {
        let mut value = 0u32;
        for byte in group {
            // Padding is not read as such here, but as if all bits were set.
            let sextet = if *byte == b'=' { 63 } else { sextet(*byte, Alphabet::Url)? };
            value = value << 6 | u32::from(sextet);
        }
        value <<= 6 * (4 - group.len());
        out.extend_from_slice(&value.to_be_bytes()[1..group.len()]);
    }
    Some(out)
}

fn character(sextet: u8, alphabet: Alphabet) -> u8 {
    match (sextet, alphabet) {
        (0..26, _) => b'A' + sextet,
        (26..52, _) => b'a' + sextet - 26,
        (52..62, _) => b'0' + sextet - 52,
        (62, Alphabet::Standard) => b'+',
        (62, Alphabet::Url) => b'-',
        (_, Alphabet::Standard) => b'/',
        (_, Alphabet::Url) => b'_',
    }
}

fn sextet(byte: u8, alphabet: Alphabet) -> Option<u8> {
    Some(match (byte, alphabet) {
        (b'A'..=b'Z', _) => byte - b'A',
        (b'a'..=b'z', _) => byte - b'a' + 26,
        (b'0'..=b'9', _) => byte - b'0' + 52,
        (b'+', Alphabet::Standard) | (b'-', Alphabet::Url) => 62,
        (b'/', Alphabet::Standard) | (b'_', Alphabet::Url) => 63,
        _ => return None,
    })
}
