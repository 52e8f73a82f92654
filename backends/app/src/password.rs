//! Password hashes: argon2id, off the event loop, and only so many at once. A hash takes tens of
//! milliseconds and megabytes, which is what makes guessing slow and floods of sign-ins dangerous.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::config;
use crate::failure::Failure;

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    /// Checked against when there is no such user, so that the answer takes as long.
    decoy: String,
}

impl Passwords {
    /// The error is a reason to show.
    pub(crate) fn new(config: &config::Password) -> Result<Self, String> {
        let params = Params::new(config.memory_kib, config.passes, 1, None)
            .map_err(|error| format!("argon2 cannot work at this cost: {error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, "nobody's password").map_err(|error| error.to_string())?;
        let permits = Arc::new(Semaphore::new(usize::try_from(config.concurrency).unwrap_or(1)));
        Ok(Self { argon2, permits, decoy })
    }

    /// The hash as a PHC string (`$argon2id$v=19$m=...`), with a new random salt.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Failure> {
        let argon2 = self.argon2.clone();
        self.compute(move || hash(&argon2, &password)).await?.map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            Failure::Internal
        })
    }

    /// Whether `password` is the one `stored` was made from. Takes as long without a `stored`.
    pub(crate) async fn verify(
        &self,
        password: String,
        stored: Option<String>,
    ) -> Result<bool, Failure> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.clone());
        let argon2 = self.argon2.clone();
        let verify = move || argon2.verify_password(password.as_bytes(), stored.as_str()).is_ok();
        Ok(self.compute(verify).await? && known)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(Failure::Unavailable("Too many people are signing in right now."));
        };
        // The work goes on when the request is given up, so the permit goes with the work.
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        work.await.map_err(|error| {
            tracing::error!(%error, "password work ended early");
            Failure::Internal
        })
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> argon2::password_hash::Result<String> {
    argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string())
}

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        let cost = config::Password { memory_kib: 64, passes: 1, ..Default::default() };
        Passwords::new(&cost).unwrap()
    }

    #[tokio::test]
    async fn a_password_opens_only_its_own_hash() {
        let passwords = cheap();
        let stored = passwords.hash("right".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert_ne!(passwords.hash("right".to_owned()).await.unwrap(), stored, "salted");
        assert!(passwords.verify("right".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("wrong".to_owned(), Some(stored)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_signs_in_with_the_decoy() {
        assert!(!cheap().verify("nobody's password".to_owned(), None).await.unwrap());
    }

    /// Made by `printf secret | argon2 somesalt -id -t 2 -k 64 -p 1 -e` (the reference program).
    #[tokio::test]
    async fn the_reference_program_made_this_hash() {
        let stored = REFERENCE.to_owned();
        assert!(cheap().verify("secret".to_owned(), Some(stored.clone())).await.unwrap());
        assert!(!cheap().verify("Secret".to_owned(), Some(stored)).await.unwrap());
    }

    const REFERENCE: &str =
        "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$NwLSKyqrGIiZOR0o1xAodvQbqYvoClGXx5cYXiW9kDY";
}
