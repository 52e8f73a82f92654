//! From a key to a hash: the functions of `hash-type` (manual, `hash-type`). They are apart because
//! the same key has to lead to the same server as with HAProxy: a cache in front of which either
//! of them stands must not be emptied by the change.

use std::net::IpAddr;

use crate::proxy::{HashFunction, HashType};

/// The hash of a key, as `hash-type` wants it.
#[must_use]
pub(super) fn hash(kind: HashType, key: &[u8]) -> u32 {
    let hash = match kind.function {
        HashFunction::Sdbm => sdbm(key),
        HashFunction::Djb2 => djb2(key),
        HashFunction::Crc32 => crc32(key),
        HashFunction::None => integer(key),
    };
    if kind.avalanche { avalanche(hash) } else { hash }
}

/// The hash of an address: its 32-bit words, folded. No function is applied to them.
#[must_use]
pub(super) fn hash_address(kind: HashType, ip: IpAddr) -> u32 {
    let hash = match ip {
        IpAddr::V4(ip) => u32::from(ip),
        IpAddr::V6(ip) => ip
            .octets()
            .chunks_exact(4)
            .fold(0, |hash, word| hash ^ u32::from_be_bytes([word[0], word[1], word[2], word[3]])),
    };
    if kind.avalanche { avalanche(hash) } else { hash }
}

/// Bob Jenkins' full avalanche of four bytes, and a multiplication by 3 · 2^30 + 1, which was found
/// by comparing its results with what HAProxy does.
#[must_use]
pub(super) fn avalanche(key: u32) -> u32 {
    let mut a = key;
    a = a.wrapping_add(0x7ed5_5d16).wrapping_add(a << 12);
    a = (a ^ 0xc761_c23c) ^ (a >> 19);
    a = a.wrapping_add(0x1656_67b1).wrapping_add(a << 5);
    a = a.wrapping_add(0xd3a2_646c) ^ (a << 9);
    a = a.wrapping_add(0xfd70_46c5).wrapping_add(a << 3);
    a = (a ^ 0xb55a_4f09) ^ (a >> 16);
    a.wrapping_mul((3 << 30) + 1)
}

/// The function of the sdbm library: each byte is added to 65599 times what was before.
fn sdbm(key: &[u8]) -> u32 {
    key.iter().fold(0, |hash: u32, byte| hash.wrapping_mul(65_599).wrapping_add(u32::from(*byte)))
}

/// Dan Bernstein's second function.
fn djb2(key: &[u8]) -> u32 {
    key.iter().fold(5381, |hash: u32, byte| hash.wrapping_mul(33).wrapping_add(u32::from(*byte)))
}

/// CRC-32 as in Ethernet and gzip.
fn crc32(key: &[u8]) -> u32 {
    !key.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// The integer that the key begins with.
fn integer(key: &[u8]) -> u32 {
    let digits = key.iter().take_while(|byte| byte.is_ascii_digit());
    digits
        .fold(0, |value: u32, digit| value.wrapping_mul(10).wrapping_add(u32::from(*digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read from HAProxy 3.4: the remainders of hashes by 64, 63, 61, 59, 55 and 53 servers give
    /// all of their bits.
    #[test]
    fn avalanche_is_what_haproxy_does() {
        let known = [
            (0, 0xab4e_d927),
            (1, 0x3486_81b6),
            (2, 0xe267_b84c),
            (42, 0xc343_bb70),
            (12_345, 0xf652_3c53),
            (u32::MAX, 0x7e64_c182),
        ];
        for (key, hash) in known {
            assert_eq!(avalanche(key), hash, "{key}");
        }
    }

    #[test]
    fn crc32_of_the_check_string() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
