//! Hashes that are no secrets: checksums, and the functions of `hash-type`.

use super::{Converter, Run};
use crate::sample::args::{Args, Shape};
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    hash("crc32", "The CRC32 of Ethernet and Gzip.", "str(abc),crc32", |value, args, _| {
        Some(mixed(crc32fast::hash(&value.into_binary()), args))
    }),
    hash("crc32c", "The CRC32C of RFC 4960.", "str(abc),crc32c", |value, args, _| {
        Some(mixed(crc32c::crc32c(&value.into_binary()), args))
    }),
    hash("djb2", "The DJB2 hash.", "str(abc),djb2", |value, args, _| {
        Some(mixed(djb2(&value.into_binary()), args))
    }),
    hash("sdbm", "The SDBM hash.", "str(abc),sdbm", |value, args, _| {
        Some(mixed(sdbm(&value.into_binary()), args))
    }),
    hash("wt6", "The WT6 hash.", "str(abc),wt6", |value, args, _| {
        Some(mixed(wt6(&value.into_binary()), args))
    }),
    hash("xxh32", "The XXH32 hash, with a seed.", "str(abc),xxh32(1)", |value, args, _| {
        let seed = args.int(0).unwrap_or(0) as u32;
        Some(Value::Int(xxhash_rust::xxh32::xxh32(&value.into_binary(), seed).into()))
    }),
    hash("xxh64", "The XXH64 hash, with a seed.", "str(abc),xxh64(1)", |value, args, _| {
        let seed = args.int(0).unwrap_or(0) as u64;
        Some(Value::Int(xxhash_rust::xxh64::xxh64(&value.into_binary(), seed) as i64))
    }),
    hash("xxh3", "The XXH3 hash, with a seed.", "str(abc),xxh3(1)", |value, args, _| {
        let seed = args.int(0).unwrap_or(0) as u64;
        Some(Value::Int(xxhash_rust::xxh3::xxh3_64_with_seed(&value.into_binary(), seed) as i64))
    }),
];

const fn hash(
    name: &'static str,
    documentation: &'static str,
    example: &'static str,
    run: Run,
) -> Converter {
    Converter::new(name, (Type::Bin, Type::Int), documentation, example, run)
        .takes(&[], &[Shape::Int])
}

/// The hash, spread over all bits if the argument says so.
fn mixed(hash: u32, args: &Args) -> Value<'static> {
    let spread = args.int(0).is_some_and(|wanted| wanted != 0);
    Value::Int(i64::from(if spread { avalanche(hash) } else { hash }))
}

/// Bernstein's hash: times 33 plus the byte.
fn djb2(bytes: &[u8]) -> u32 {
    bytes.iter().fold(5381u32, |hash, byte| hash.wrapping_mul(33).wrapping_add((*byte).into()))
}

/// The hash of the sdbm database library: times 65,599 plus the byte.
fn sdbm(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0u32, |hash, byte| hash.wrapping_mul(65_599).wrapping_add((*byte).into()))
}

/// Two halves that are inverted, rotated by amounts that they choose themselves, and exchanged.
fn wt6(bytes: &[u8]) -> u32 {
    let (mut left, mut right) = (0xa53c_965au32, 0x5ca6_953au32);
    let (mut first, mut second) = (6, 18);
    for byte in bytes {
        let changed = !(left ^ u32::from(*byte));
        left = (!right.wrapping_add((*byte).into())).rotate_left(first);
        right = changed.rotate_left(second);
        let choice = (left >> 16 ^ right) & 0xffff;
        (first, second) = (choice & 31, choice >> 11);
    }
    left ^ right
}

/// Jenkins' full-avalanche mixing of 32 bits, then a multiplication by a large odd number.
fn avalanche(hash: u32) -> u32 {
    let mut a = hash;
    a = a.wrapping_add(0x7ed5_5d16).wrapping_add(a << 12);
    a = a ^ 0xc761_c23c ^ a >> 19;
    a = a.wrapping_add(0x1656_67b1).wrapping_add(a << 5);
    a = a.wrapping_add(0xd3a2_646c) ^ a << 9;
    a = a.wrapping_add(0xfd70_46c5).wrapping_add(a << 3);
    a = a ^ 0xb55a_4f09 ^ a >> 16;
    a.wrapping_mul(3_221_225_473)
}
