//! AES in GCM and CBC modes. Nonces, keys, tags and additional data are base64, or variables that
//! hold it.

use std::borrow::Cow;

use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use aes::{Aes128, Aes192, Aes256};

use super::base64::{self, Alphabet};
use super::{Converter, Run, operand};
use crate::exchange::Stream;
use crate::sample::args::{Arg, Args, Shape};
use crate::sample::context::Context;
use crate::sample::value::{Type, Value};

mod gcm;

pub(super) const KEYWORDS: &[Converter] = &[
    cipher(
        "aes_cbc_enc",
        CBC,
        "The bytes encrypted by AES in CBC mode.",
        cbc_checked,
        |v, a, s| cbc(v, a, s, encrypt_cbc),
    ),
    cipher(
        "aes_cbc_dec",
        CBC,
        "The bytes decrypted by AES in CBC mode.",
        cbc_checked,
        |v, a, s| cbc(v, a, s, decrypt_cbc),
    ),
    cipher(
        "aes_gcm_enc",
        GCM,
        "The bytes encrypted by AES in GCM mode; the tag goes to a variable.",
        gcm_enc_checked,
        |value, args, stream| {
            let Some(Arg::Variable { scope, number }) = args.get(3) else { return None };
            let (nonce, key, aad) = gcm_inputs(args, stream)?;
            let mut bytes = value.into_binary().into_owned();
            let tag = gcm::encrypt(&key, &nonce, &aad, &mut bytes)?;
            let tag = Value::owned(base64::encode(&tag, Alphabet::Standard));
            stream.vars.set_later(*scope, *number, Some(tag));
            Some(Value::Bin(Cow::Owned(bytes)))
        },
    ),
    cipher(
        "aes_gcm_dec",
        GCM,
        "The bytes decrypted by AES in GCM mode, if the tag is right.",
        gcm_dec_checked,
        |value, args, stream| {
            let (nonce, key, aad) = gcm_inputs(args, stream)?;
            let tag = operand::bytes_of(args, 3, stream)?;
            let mut bytes = value.into_binary().into_owned();
            gcm::decrypt(&key, &nonce, &aad, &mut bytes, &tag)?;
            Some(Value::Bin(Cow::Owned(bytes)))
        },
    ),
];

const fn cipher(
    name: &'static str,
    required: &'static [Shape],
    documentation: &'static str,
    check: fn(&mut Vec<Arg>, &Context<'_>) -> Result<(), String>,
    run: Run,
) -> Converter {
    Converter::new(name, (Type::Bin, Type::Bin), documentation, "", run)
        .takes(required, &[Shape::Text])
        .checked(check)
}

type Bytes<'a> = Cow<'a, [u8]>;

/// Text, key and nonce give the other text.
type Mode = fn(&[u8], &[u8], &[u8]) -> Option<Vec<u8>>;

/// Nonce, key and additional data, if the key has as many bits as the first argument says.
fn gcm_inputs<'a>(
    args: &'a Args,
    stream: &Stream<'_>,
) -> Option<(Bytes<'a>, Bytes<'a>, Bytes<'a>)> {
    let nonce = operand::bytes_of(args, 1, stream)?;
    let key = key_of(args, stream)?;
    let aad = match args.get(4) {
        None => Cow::Borrowed(&b""[..]),
        Some(_) => operand::bytes_of(args, 4, stream)?,
    };
    Some((nonce, key, aad))
}

/// A longer key is cut, a shorter one is none.
fn key_of<'a>(args: &'a Args, stream: &Stream<'_>) -> Option<Bytes<'a>> {
    let size = usize::try_from(args.int(0)?).ok()? / 8;
    let key = operand::bytes_of(args, 2, stream)?;
    (key.len() >= size).then(|| super::part(key, 0..size))
}

fn cbc<'a>(
    value: Value<'a>,
    args: &'a Args,
    stream: &'a Stream<'_>,
    run: Mode,
) -> Option<Value<'a>> {
    let key = key_of(args, stream)?;
    let nonce = operand::bytes_of(args, 1, stream)?;
    let nonce = nonce.get(..16)?;
    run(&value.into_binary(), &key, nonce).map(|bytes| Value::Bin(Cow::Owned(bytes)))
}

fn encrypt_cbc(bytes: &[u8], key: &[u8], nonce: &[u8]) -> Option<Vec<u8>> {
    Some(match key.len() {
        16 => cbc::Encryptor::<Aes128>::new_from_slices(key, nonce)
            .ok()?
            .encrypt_padded_vec::<Pkcs7>(bytes),
        24 => cbc::Encryptor::<Aes192>::new_from_slices(key, nonce)
            .ok()?
            .encrypt_padded_vec::<Pkcs7>(bytes),
        _ => cbc::Encryptor::<Aes256>::new_from_slices(key, nonce)
            .ok()?
            .encrypt_padded_vec::<Pkcs7>(bytes),
    })
}

fn decrypt_cbc(bytes: &[u8], key: &[u8], nonce: &[u8]) -> Option<Vec<u8>> {
    match key.len() {
        16 => cbc::Decryptor::<Aes128>::new_from_slices(key, nonce)
            .ok()?
            .decrypt_padded_vec::<Pkcs7>(bytes),
        24 => cbc::Decryptor::<Aes192>::new_from_slices(key, nonce)
            .ok()?
            .decrypt_padded_vec::<Pkcs7>(bytes),
        _ => cbc::Decryptor::<Aes256>::new_from_slices(key, nonce)
            .ok()?
            .decrypt_padded_vec::<Pkcs7>(bytes),
    }
    .ok()
}

fn bits_checked(args: &[Arg]) -> Result<(), String> {
    match args.first() {
        Some(Arg::Int(128 | 192 | 256)) => Ok(()),
        _ => Err("key size must be 128, 192 or 256 (bits).".into()),
    }
}

fn operand_checked(args: &mut [Arg], at: usize, name: &str) -> Result<(), String> {
    match args.get_mut(at) {
        None => Ok(()),
        Some(arg) => operand::base64_or_variable(arg)
            .map_err(|error| format!("failed to parse {name} : {error}")),
    }
}

fn cbc_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    bits_checked(args)?;
    operand_checked(args, 1, "nonce")?;
    operand_checked(args, 2, "key")?;
    operand_checked(args, 3, "aad")
}

fn gcm_dec_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    bits_checked(args)?;
    operand_checked(args, 1, "nonce")?;
    operand_checked(args, 2, "key")?;
    operand_checked(args, 3, "aead_tag")?;
    operand_checked(args, 4, "aad")
}

fn gcm_enc_checked(args: &mut Vec<Arg>, _: &Context<'_>) -> Result<(), String> {
    bits_checked(args)?;
    operand_checked(args, 1, "nonce")?;
    operand_checked(args, 2, "key")?;
    if !args.get_mut(3).is_some_and(operand::variable) {
        return Err("failed to parse aead_tag : argument needs to be a variable name".into());
    }
    operand_checked(args, 4, "aad")
}

const CBC: &[Shape] = &[Shape::Int, Shape::Text, Shape::Text];
const GCM: &[Shape] = &[Shape::Int, Shape::Text, Shape::Text, Shape::Text];
