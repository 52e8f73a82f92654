//! Galois counter mode for the three sizes of keys and nonces of 12 or 16 bytes. Apart because the
//! sizes are types.

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::aes::{Aes128, Aes192, Aes256};

/// Encrypts in place and gives the tag. `None` for sizes that are not known.
pub(super) fn encrypt(key: &[u8], nonce: &[u8], aad: &[u8], bytes: &mut [u8]) -> Option<Vec<u8>> {
    match (key.len(), nonce.len()) {
        (16, 12) => seal::<AesGcm<Aes128, U12>>(key, nonce, aad, bytes),
        (24, 12) => seal::<AesGcm<Aes192, U12>>(key, nonce, aad, bytes),
        (32, 12) => seal::<AesGcm<Aes256, U12>>(key, nonce, aad, bytes),
        (16, 16) => seal::<AesGcm<Aes128, U16>>(key, nonce, aad, bytes),
        (24, 16) => seal::<AesGcm<Aes192, U16>>(key, nonce, aad, bytes),
        (32, 16) => seal::<AesGcm<Aes256, U16>>(key, nonce, aad, bytes),
        _ => None,
    }
}

/// Decrypts in place. `None` if the tag is another one.
pub(super) fn decrypt(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Option<()> {
    match (key.len(), nonce.len()) {
        (16, 12) => open::<AesGcm<Aes128, U12>>(key, nonce, aad, bytes, tag),
        (24, 12) => open::<AesGcm<Aes192, U12>>(key, nonce, aad, bytes, tag),
        (32, 12) => open::<AesGcm<Aes256, U12>>(key, nonce, aad, bytes, tag),
        (16, 16) => open::<AesGcm<Aes128, U16>>(key, nonce, aad, bytes, tag),
        (24, 16) => open::<AesGcm<Aes192, U16>>(key, nonce, aad, bytes, tag),
        (32, 16) => open::<AesGcm<Aes256, U16>>(key, nonce, aad, bytes, tag),
        _ => None,
    }
}

fn seal<C: AeadInOut + KeyInit>(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    bytes: &mut [u8],
) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let nonce = nonce.try_into().ok()?;
    let tag = cipher.encrypt_inout_detached(nonce, aad, bytes.into()).ok()?;
    Some(tag.to_vec())
}

fn open<C: AeadInOut + KeyInit>(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Option<()> {
    let cipher = C::new_from_slice(key).ok()?;
    let nonce = nonce.try_into().ok()?;
    let tag = tag.try_into().ok()?;
    cipher.decrypt_inout_detached(nonce, aad, bytes.into(), tag).ok()
}
