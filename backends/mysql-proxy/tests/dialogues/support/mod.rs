//! What the dialogues are played with.

pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod fake;
pub(crate) mod proxy;

/// Leaves the test if there is to be no MariaDB.
macro_rules! database_or_return {
    () => {
        match $crate::support::database::shared() {
            Some(database) => database,
            None => return,
        }
    };
}

pub(crate) use database_or_return;
