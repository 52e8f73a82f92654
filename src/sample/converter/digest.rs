//! Message digests and authentication codes.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

use super::{Converter, operand};
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new("sha1", BYTES, "The SHA-1 digest.", "str(abc),sha1,hex", |value, _, _| {
        Some(binary(Algorithm::Sha1.digest(&value.into_binary())))
    }),
    Converter::new(
        "sha2",
        BYTES,
        "The SHA-2 digest of 224, 256, 384 or 512 bits.",
        "str(abc),sha2(256),hex",
        |value, args, _| {
            let algorithm = Algorithm::sha2(args.int(0).unwrap_or(256))?;
            Some(binary(algorithm.digest(&value.into_binary())))
        },
    )
    .takes(&[], &[Shape::Int])
    .checked(bits_checked),
    Converter::new(
        "digest",
        BYTES,
        "The digest of the named algorithm.",
        "str(abc),digest(sha256),hex",
        |value, args, _| Some(binary(algorithm(args)?.digest(&value.into_binary()))),
    )
    .takes(&[Shape::Text], &[])
    .checked(algorithm_checked),
    Converter::new(
        "hmac",
        BYTES,
        "The authentication code of the named algorithm with a base64 key or variable.",
        "str(abc),hmac(sha256,a2V5),hex",
        |value, args, stream| {
            let key = operand::bytes_of(args, 1, stream)?;
            Some(binary(algorithm(args)?.mac(&key, &value.into_binary())))
        },
    )
    .takes(&[Shape::Text, Shape::Text], &[])
    .checked(key_checked),
];

/// The digests that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512_224,
    Sha512_256,
}

impl Algorithm {
    /// By one of its names in OpenSSL, in any case.
    fn named(name: &[u8]) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Some(match &*name {
            b"md5" | b"ssl3-md5" | b"rsa-md5" => Self::Md5,
            b"sha1" | b"sha-1" | b"ssl3-sha1" | b"rsa-sha1" => Self::Sha1,
            b"sha224" | b"sha-224" | b"sha2-224" | b"rsa-sha224" => Self::Sha224,
            b"sha256" | b"sha-256" | b"sha2-256" | b"rsa-sha256" => Self::Sha256,
            b"sha384" | b"sha-384" | b"sha2-384" | b"rsa-sha384" => Self::Sha384,
            b"sha512" | b"sha-512" | b"sha2-512" | b"rsa-sha512" => Self::Sha512,
            b"sha512-224" | b"sha-512/224" | b"sha2-512/224" => Self::Sha512_224,
            b"sha512-256" | b"sha-512/256" | b"sha2-512/256" => Self::Sha512_256,
            _ => return None,
        })
    }

    fn sha2(bits: i64) -> Option<Self> {
        Some(match bits {
            224 => Self::Sha224,
            256 => Self::Sha256,
            384 => Self::Sha384,
            512 => Self::Sha512,
            _ => return None,
        })
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(bytes).to_vec(),
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
            Self::Sha512_224 => Sha512_224::digest(bytes).to_vec(),
            Self::Sha512_256 => Sha512_256::digest(bytes).to_vec(),
        }
    }

    pub(super) fn mac(self, key: &[u8], bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => mac::<Hmac<Md5>>(key, bytes),
            Self::Sha1 => mac::<Hmac<Sha1>>(key, bytes),
            Self::Sha224 => mac::<Hmac<Sha224>>(key, bytes),
            Self::Sha256 => mac::<Hmac<Sha256>>(key, bytes),
            Self::Sha384 => mac::<Hmac<Sha384>>(key, bytes),
            Self::Sha512 => mac::<Hmac<Sha512>>(key, bytes),
            Self::Sha512_224 => mac::<Hmac<Sha512_224>>(key, bytes),
            Self::Sha512_256 => mac::<Hmac<Sha512_256>>(key, bytes),
        }
    }
}

/// A key may have any length.
fn mac<M: Mac + KeyInit>(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let Ok(mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
    mac.chain_update(bytes).finalize().into_bytes().to_vec()
}

fn binary(bytes: Vec<u8>) -> Value<'static> {
    Value::Bin(bytes.into())
}

fn algorithm(args: &Args) -> Option<Algorithm> {
    match args.get(0) {
        Some(Arg::Choice(at)) => ALGORITHMS.get(usize::from(*at)).copied(),
        _ => None,
    }
}

fn bits_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    match args.first() {
        Some(Arg::Int(bits)) if Algorithm::sha2(*bits).is_none() => {
            Err(format!("Unsupported number of bits: '{bits}'"))
        }
        _ => Ok(()),
    }
}

fn algorithm_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    let Some(Arg::Text(name)) = args.first() else { return Ok(()) };
    let Some(algorithm) = Algorithm::named(name) else {
        let name = String::from_utf8_lossy(name);
        return Err(if OTHERS.contains(&&*name.to_ascii_lowercase()) {
            format!("digest '{name}' is not supported by evenkeel yet")
        } else {
            "algorithm must be a valid OpenSSL message digest name.".into()
        });
    };
    let at = ALGORITHMS.iter().position(|known| *known == algorithm).unwrap_or_default();
    args[0] = Arg::Choice(at as u8);
    Ok(())
}

fn key_checked(args: &mut Vec<Arg>, context: &Context<'_>) -> Result<(), String> {
    algorithm_checked(args, context)?;
    let Some(key) = args.get_mut(1) else { return Ok(()) };
    operand::base64_or_variable(key).map_err(|error| format!("failed to parse key : {error}"))
}

const BYTES: (Type, Type) = (Type::Bin, Type::Bin);

const ALGORITHMS: &[Algorithm] = &[
    Algorithm::Md5,
    Algorithm::Sha1,
    Algorithm::Sha224,
    Algorithm::Sha256,
    Algorithm::Sha384,
    Algorithm::Sha512,
    Algorithm::Sha512_224,
    Algorithm::Sha512_256,
];

/// What OpenSSL knows besides.
const OTHERS: &[&str] = &[
    "blake2b512",
    "blake2s256",
    "keccak-224",
    "keccak-256",
    "keccak-384",
    "keccak-512",
    "md4",
    "md5-sha1",
    "mdc2",
    "ripemd",
    "ripemd160",
    "rmd160",
    "rsa-ripemd160",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
    "shake128",
    "shake256",
    "sm3",
    "whirlpool",
];
