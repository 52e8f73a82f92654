//! Authentication packets, and the proof of `mysql_native_password`.
//!
//! Apart because clients are authenticated by the server through the proxy; only the health check
//! proves a password of its own.

use sha1::{Digest, Sha1};

use super::answer::{self, EOF};
use super::packet::frame;
use super::reader::{Malformed, Reader};

pub const NATIVE: &[u8] = b"mysql_native_password";

/// A packet of the server while it authenticates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    Accepted(answer::Status),
    Refused {
        code: u16,
        text: String,
    },
    /// A proof by this plugin for this scramble is asked for.
    Switch {
        plugin: Vec<u8>,
        scramble: Vec<u8>,
    },
    /// A step of the plugin's own.
    More,
}

impl Challenge {
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        match payload.first() {
            Some(&answer::OK) => answer::ok_status(payload).map(Self::Accepted),
            Some(&answer::ERR) => {
                answer::error(payload).map(|(code, text)| Self::Refused { code, text })
            }
            Some(&EOF) => Self::switch(&payload[1..]),
            Some(_) => Ok(Self::More),
            None => Err(Malformed("an empty packet while authenticating")),
        }
    }

    fn switch(rest: &[u8]) -> Result<Self, Malformed> {
        if rest.is_empty() {
            // The switch to the password hash of MySQL 4.0.
            return Ok(Self::More);
        }
        let mut reader = Reader::new(rest);
        let plugin = reader.until_zero()?.to_vec();
        let data = reader.rest();
        let scramble = data.strip_suffix(&[0]).unwrap_or(data).to_vec();
        Ok(Self::Switch { plugin, scramble })
    }
}

/// An AuthSwitchRequest.
pub fn switch_packet(sequence: u8, plugin: &[u8], scramble: &[u8]) -> Vec<u8> {
    frame(sequence, &[&[EOF], plugin, &[0], scramble, &[0]].concat())
}

/// `SHA1(password) XOR SHA1(scramble ++ SHA1(SHA1(password)))`; empty for no password.
pub fn native_proof(password: &[u8], scramble: &[u8]) -> Vec<u8> {
    if password.is_empty() {
        return Vec::new();
    }
    let once = Sha1::digest(password);
    let twice = Sha1::digest(once);
    let mask = Sha1::new().chain_update(scramble).chain_update(twice).finalize();
    once.iter().zip(mask.iter()).map(|(a, b)| a ^ b).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::captured;
    use super::super::greeting::Greeting;
    use super::super::login::Reply;
    use super::*;

    #[test]
    fn the_proof_is_the_one_that_the_mariadb_client_sent() {
        let greeting = captured::bytes(captured::GREETING);
        let greeting = Greeting::parse(&greeting[4..]).unwrap();
        let login = captured::bytes(captured::LOGIN);
        let Ok(Reply::Login(login)) = Reply::parse(&login[4..]) else { panic!("a login") };
        assert_eq!(native_proof(b"secret", &greeting.scramble), login.proof);
    }

    #[test]
    fn a_switch_request_is_read_and_built_alike() {
        let bytes = captured::bytes(captured::AUTH_SWITCH);
        let Ok(Challenge::Switch { plugin, scramble }) = Challenge::parse(&bytes[4..]) else {
            panic!("a switch request");
        };
        assert_eq!(plugin, NATIVE);
        assert_eq!(scramble.len(), 20);
        assert_eq!(switch_packet(1, &plugin, &scramble), bytes);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Challenge::parse(&bytes);
        }
    }
}
