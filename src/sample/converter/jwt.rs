//! JSON Web Tokens in compact form (RFC 7515): their parts, and signatures with shared secrets.

use std::borrow::Cow;

use super::digest::Algorithm;
use super::state::{later, refuse};
use super::{Converter, base64, comparison, json_query, operand};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

pub(super) const KEYWORDS: &[Converter] = &[
    Converter::new(
        "jwt_header_query",
        (Type::Bin, Type::Any),
        "The value at a path of a token's header.",
        "str(e30.e30.),jwt_header_query('$.alg')",
        |value, args, _| part_query(&value.into_binary(), 0, args),
    )
    .takes(&[], &[Shape::Text, Shape::Text])
    .checked(query_checked),
    Converter::new(
        "jwt_payload_query",
        (Type::Bin, Type::Any),
        "The value at a path of a token's payload.",
        "str(e30.e30.),jwt_payload_query('$.sub')",
        |value, args, _| part_query(&value.into_binary(), 1, args),
    )
    .takes(&[], &[Shape::Text, Shape::Text])
    .checked(query_checked),
    Converter::new(
        "jwt_verify",
        (Type::Bin, Type::Int),
        "Whether a token is signed by a secret: 1, 0, or a negative error.",
        "str(e30.e30.),jwt_verify(HS256,secret)",
        verify,
    )
    .takes(&[Shape::Text, Shape::Text], &[])
    .checked(verify_checked),
    later("jwt_verify_cert", (Type::Bin, Type::Int), KEY, &[], |_, _| refuse("jwt_verify_cert")),
    later("jwt_decrypt_cert", (Type::Bin, Type::Bin), &[Shape::Text], &[], |_, _| {
        refuse("jwt_decrypt_cert")
    }),
    later("jwt_decrypt_jwk", (Type::Bin, Type::Bin), &[Shape::Text], &[], |_, _| {
        refuse("jwt_decrypt_jwk")
    }),
    later("jwt_decrypt_secret", (Type::Bin, Type::Bin), &[Shape::Text], &[], |_, _| {
        refuse("jwt_decrypt_secret")
    }),
];

fn part_query<'a>(token: &[u8], at: usize, args: &Args) -> Option<Value<'a>> {
    let parts = token.split(|byte| *byte == b'.').count();
    // A token that is signed has three parts, one that is encrypted five.
    if parts != 3 && !(at == 0 && matches!(parts, 2 | 5)) {
        return None;
    }
    let part = token.split(|byte| *byte == b'.').nth(at)?;
    json_query::query(&base64::decode_url(part)?, args)
}

fn verify<'a>(value: Value<'a>, args: &'a Args, stream: &'a Stream<'_>) -> Option<Value<'a>> {
    let name = text_of(args, 0, stream)?;
    let key = text_of(args, 1, stream)?;
    let token = value.into_binary();
    Some(Value::Int(verdict(&token, &name, &key)))
}

fn text_of<'a>(args: &'a Args, at: usize, stream: &'a Stream<'_>) -> Option<Cow<'a, [u8]>> {
    match args.get(at)? {
        Arg::Text(text) => Some(Cow::Borrowed(text)),
        arg => operand::value_of(arg, stream).map(Value::into_bytes),
    }
}

fn verdict(token: &[u8], name: &[u8], key: &[u8]) -> i64 {
    if !SIGNATURES.contains(&name) {
        return UNKNOWN_ALGORITHM;
    }
    let mut dots = memchr::memchr_iter(b'.', token);
    let (Some(_), Some(signed), None) = (dots.next(), dots.next(), dots.next()) else {
        return INVALID_TOKEN;
    };
    let signature = &token[signed + 1..];
    let algorithm = match name {
        b"HS256" => Algorithm::Sha256,
        b"HS384" => Algorithm::Sha384,
        b"HS512" => Algorithm::Sha512,
        b"none" => return i64::from(signature.is_empty()),
        _ => return UNKNOWN_KEY,
    };
    let Some(signature) = base64::decode_url(signature).filter(|bytes| !bytes.is_empty()) else {
        return INVALID_TOKEN;
    };
    i64::from(comparison::equal(&algorithm.mac(key, &token[..signed]), &signature))
}

fn query_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    if args.is_empty() { Ok(()) } else { json_query::check(args) }
}

fn verify_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    if let Some(arg) = args.first_mut()
        && !operand::variable(arg)
        && let Arg::Text(name) = arg
    {
        let text = String::from_utf8_lossy(name);
        if !SIGNATURES.contains(&&**name) {
            return Err(format!("unknown JWT algorithm: {text}"));
        }
        if !text.starts_with("HS") && text != "none" {
            return Err(format!("JWT algorithm '{text}' is not supported by evenkeel yet"));
        }
    }
    if let Some(key) = args.get_mut(1)
        && !operand::variable(key)
        && let Arg::Text(path) = key
        && std::path::Path::new(&*String::from_utf8_lossy(path)).is_file()
    {
        return Err("a public key in 'jwt_verify' is not supported by evenkeel yet".into());
    }
    Ok(())
}

const KEY: &[Shape] = &[Shape::Text, Shape::Text];

/// Algorithms of RFC 7518, section 3.1.
const SIGNATURES: &[&[u8]] = &[
    b"HS256", b"HS384", b"HS512", b"RS256", b"RS384", b"RS512", b"ES256", b"ES384", b"ES512",
    b"PS256", b"PS384", b"PS512", b"none",
];

const UNKNOWN_ALGORITHM: i64 = -1;
const INVALID_TOKEN: i64 = -3;
const UNKNOWN_KEY: i64 = -5;
