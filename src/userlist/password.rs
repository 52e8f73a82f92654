//! A password as a user list keeps it: in clear, or hashed by crypt(3). Apart because hashes are
//! slow on purpose: `$6$` takes milliseconds, which no request may cost twice.

use std::fmt;
use std::sync::OnceLock;

use pwhash::unix;
use sha2::{Digest, Sha256};

use super::basic::same;

/// What a given password is compared to.
pub struct Password(Form);

enum Form {
    Plain(Box<[u8]>),
    Hashed {
        hash: Box<str>,
        /// The last password that was right, as [`digest`]. One is enough: a hash has one
        /// password, and what is wrong is not worth memory.
        good: OnceLock<[u8; 32]>,
    },
}

impl Password {
    /// `insecure-password`.
    #[must_use]
    pub fn plain(password: &str) -> Self {
        Self(Form::Plain(password.as_bytes().into()))
    }

    /// `password`: `$1$`, `$2a$` and its kin, `$5$`, `$6$`, `$sha1$`, or DES. What is no hash at
    /// all, like `*`, is the hash of nothing.
    ///
    /// # Errors
    /// The method's prefix, when it is none of these.
    pub fn hashed(hash: &str) -> Result<Self, &str> {
        if hash.starts_with('$') {
            let end = hash[1..].find('$').map_or(hash.len(), |at| at + 2);
            let method = &hash[..end];
            if !METHODS.contains(&method) {
                return Err(method);
            }
        }
        Ok(Self(Form::Hashed { hash: hash.into(), good: OnceLock::new() }))
    }

    /// Whether verifying this may take a tenth of a second (a warning when the list is read).
    #[must_use]
    pub fn is_slow(&self) -> bool {
        match &self.0 {
            Form::Plain(_) => false,
            Form::Hashed { hash, .. } => hash.starts_with("$2") || hash.starts_with("$y"),
        }
    }

    /// Whether `given` is the password. The time tells nothing about a password in clear but its
    /// length.
    #[must_use]
    pub fn matches(&self, given: &[u8]) -> bool {
        let (hash, good) = match &self.0 {
            Form::Plain(password) => return same(password, given),
            Form::Hashed { hash, good } => (hash, good),
        };
        if given.len() > MAX_LENGTH {
            return false;
        }
        let digest = digest(given);
        if good.get().is_some_and(|good| same(good, &digest)) {
            return true;
        }
        // As in C, a password ends at a NUL.
        let given = given.split(|byte| *byte == 0).next().unwrap_or_default();
        let right = unix::verify(given, hash);
        if right {
            let _ = good.set(digest);
        }
        right
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// With a secret of this process in front: what a user remembers is no hash to attack elsewhere.
fn digest(password: &[u8]) -> [u8; 32] {
    static SECRET: OnceLock<[u8; 32]> = OnceLock::new();
    let secret = SECRET.get_or_init(|| {
        let mut secret = [0; 32];
        // Without randomness the digest is only less secret.
        let _ = getrandom::fill(&mut secret);
        secret
    });
    Sha256::new().chain_update(secret).chain_update(password).finalize().into()
}

/// The methods that can be verified, all of crypt(3).
const METHODS: &[&str] = &["$1$", "$2a$", "$2b$", "$2x$", "$2y$", "$5$", "$6$", "$sha1$"];

/// Bytes: that of crypt(3).
const MAX_LENGTH: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    /// "secret", hashed by libcrypt.
    const HASHES: &[&str] = &[
        "abNANd1rDfiNc",
        "$1$saltsalt$9xy1btjgzLYfb7hivXtC//",
        "$1$$ysVNzQc4CTMkp5daOdZ.3/",
        "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW",
        "$5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA",
        "$5$$o1w7HPzHt8gHmL5zUzDkRqt6Az.BjDfkvuDNNLWnXx5",
        "$6$rounds=1000$salt$HNxBeBnDfSfUrTj6KiLnmd7tGCvHEmcExh8kl/S0cZ5WrCciNZgfhbpkeFQ4JfkHX.8vPq45lY0iINnCx1Lkm.",
        "$sha1$100$abc$caq2yFh0yAD7.e/uEl7AhxjDHk9Z",
        "_J9..rasmz0.F/jqjWck",
    ];

    #[test]
    fn what_libcrypt_hashed_is_verified_and_remembered() {
        for hash in HASHES {
            let password = Password::hashed(hash).unwrap();
            assert!(!password.matches(b"Secret"), "{hash}");
            assert!(password.matches(b"secret"), "{hash}");
            let Form::Hashed { good, .. } = &password.0 else { panic!("{hash}") };
            assert_eq!(good.get(), Some(&digest(b"secret")));
            assert!(password.matches(b"secret") && !password.matches(b"secrets"), "{hash}");
        }
    }

    #[test]
    fn what_is_no_hash_matches_nothing() {
        for hash in ["*", "!", "x", "$1$abc", "$6$", "$5$rounds=5$abc$", "$2y$10$short", "é"] {
            let password = Password::hashed(hash).unwrap();
            for given in ["", "x", "secret", hash] {
                assert!(!password.matches(given.as_bytes()), "{hash} {given}");
            }
        }
    }

    #[test]
    fn unknown_methods_are_named() {
        assert_eq!(Password::hashed("$9$abc$").err(), Some("$9$"));
        assert_eq!(Password::hashed("$y$j9T$abc$hhh").err(), Some("$y$"));
        assert_eq!(Password::hashed("$").err(), Some("$"));
    }

    #[test]
    fn nobody_prints_a_password() {
        assert_eq!(format!("{:?}", Password::plain("secret")), "Password(…)");
    }
}
