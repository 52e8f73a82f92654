//! Users, their passwords and groups (manual, section 12.1).

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use sha_crypt::{PasswordVerifier, ShaCrypt};

/// One `userlist`.
#[derive(Debug, Default)]
pub struct Userlist {
    pub name: String,
    pub users: HashMap<String, User>,
    /// Hashed passwords that were verified before: hashing is slow on purpose, and every request
    /// brings the password again.
    verified: Verified,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub password: Password,
    pub groups: Vec<String>,
}

/// What a password is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Password {
    /// `insecure-password`.
    Plain(String),
    /// SHA-crypt, `$5$…` or `$6$…`.
    Hashed(String),
    /// None was given: nobody can be this user.
    None,
}

impl Userlist {
    /// A list without users.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The user of this name, if that is the password.
    #[must_use]
    pub fn authenticate(&self, name: &str, password: &[u8]) -> Option<&User> {
        let user = self.users.get(name)?;
        let right = match &user.password {
            Password::Plain(plain) => same(plain.as_bytes(), password),
            Password::Hashed(hash) => self.verified.verify(name, password, hash),
            Password::None => false,
        };
        right.then_some(user)
    }
}

impl Password {
    /// `password <hash>`.
    ///
    /// # Errors
    /// A sentence about a kind of hash that cannot be verified.
    pub fn hashed(text: &str) -> Result<Self, String> {
        if text.starts_with("$5$") || text.starts_with("$6$") {
            return Ok(Self::Hashed(text.to_owned()));
        }
        Err("passwords other than SHA-crypt ('$5$', '$6$') are not supported by evenkeel yet"
            .into())
    }
}

/// Results of verifications, by a hash with a key of this process. Bounded.
#[derive(Debug, Default)]
struct Verified {
    key: RandomState,
    known: Mutex<HashMap<u64, bool>>,
}

impl Verified {
    fn verify(&self, name: &str, password: &[u8], hash: &str) -> bool {
        let asked = self.key.hash_one((name, password));
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&asked) {
            return *known;
        }
        let right =
            PasswordVerifier::<str>::verify_password(&ShaCrypt::default(), password, hash).is_ok();
        let mut known = lock();
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(asked, right);
        right
    }
}

/// Takes the same time wherever they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

const MOST_KNOWN: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn list(password: Password) -> Userlist {
        let user = User { password, groups: vec!["g".into()] };
        Userlist { users: [("ann".to_owned(), user)].into(), ..Userlist::default() }
    }

    /// As OpenSSL's `passwd` makes them.
    #[test]
    fn hashed_passwords_are_verified() {
        for hash in [
            "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
        ] {
            let list = list(Password::hashed(hash).unwrap());
            for _ in 0..2 {
                assert!(list.authenticate("ann", b"Hello world!").is_some(), "{hash}");
                assert!(list.authenticate("ann", b"Hello world").is_none(), "{hash}");
            }
        }
        assert!(Password::hashed("$1$x$y").is_err());
    }

    #[test]
    fn plain_passwords_are_compared() {
        let list = list(Password::Plain("x".into()));
        assert!(list.authenticate("ann", b"x").is_some());
        assert!(list.authenticate("ann", b"").is_none());
        assert!(list.authenticate("bob", b"x").is_none());
    }
}
