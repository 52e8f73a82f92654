//! The database URL, parsed by the driver it names. It may hold a password, so it never shows
//! itself in full.

use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::sqlite::SqliteConnectOptions;

use super::value;

/// Which database, and how to reach it.
///
/// `sqlite://FILE[?mode=rwc]`, or `mysql://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?ssl-mode=...]`
/// (`mariadb://` is the same).
#[derive(Clone)]
pub(crate) enum DatabaseUrl {
    Sqlite(Box<SqliteConnectOptions>),
    Mysql(Box<MySqlConnectOptions>),
}

impl DatabaseUrl {
    /// The error is a reason to show; it does not repeat the URL.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => sqlite(url),
            Some("mysql" | "mariadb") => mysql(url),
            _ => Err("the database URL must begin with sqlite: or mysql:".to_owned()),
        }
    }

    /// Makes a relative SQLite file relative to `directory`.
    pub(super) fn resolve(&mut self, directory: &Path) {
        if let Self::Sqlite(options) = self {
            let file = directory.join(options.get_filename());
            **options = options.as_ref().clone().filename(file);
        }
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value::text(deserializer, Self::parse)
    }
}

impl Default for DatabaseUrl {
    fn default() -> Self {
        let options = SqliteConnectOptions::new().filename("app.db").create_if_missing(true);
        Self::Sqlite(Box::new(options))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(options) => {
                write!(formatter, "sqlite:{}", options.get_filename().display())
            }
            Self::Mysql(options) => {
                let database = options.get_database().unwrap_or_default();
                write!(
                    formatter,
                    "mysql://{}:{}/{database}",
                    options.get_host(),
                    options.get_port()
                )
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

fn sqlite(url: &str) -> Result<DatabaseUrl, String> {
    // Every connection of the pool would see a database of its own.
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err("an SQLite database in memory is lost between requests, name a file".to_owned());
    }
    let options: SqliteConnectOptions =
        url.parse().map_err(|error| format!("the sqlite: URL cannot be used: {error}"))?;
    if options.get_filename().as_os_str().is_empty() {
        return Err("the sqlite: URL names no file".to_owned());
    }
    Ok(DatabaseUrl::Sqlite(Box::new(options)))
}

fn mysql(url: &str) -> Result<DatabaseUrl, String> {
    let options: MySqlConnectOptions =
        url.parse().map_err(|error| format!("the mysql: URL cannot be used: {error}"))?;
    if options.get_database().is_none() {
        return Err("the mysql: URL names no database after the host".to_owned());
    }
    match options.get_ssl_mode() {
        // `Preferred` is the driver's default for a URL that asks for nothing.
        MySqlSslMode::Disabled | MySqlSslMode::Preferred => {
            Ok(DatabaseUrl::Mysql(Box::new(options.ssl_mode(MySqlSslMode::Disabled))))
        }
        _ => Err("the mysql: URL asks for TLS, which this build does not speak to a database \
                  (use ssl-mode=DISABLED over loopback or a private network)"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_shows() {
        let url = DatabaseUrl::parse("mysql://app:s3cret@db:3307/shop").unwrap();
        assert_eq!(url.to_string(), "mysql://db:3307/shop");
        assert_eq!(format!("{url:?}"), "mysql://db:3307/shop");
    }

    #[test]
    fn a_relative_file_lies_in_the_state_directory() {
        let mut url = DatabaseUrl::parse("sqlite://a.db?mode=rwc").unwrap();
        url.resolve(Path::new("/var/lib/app"));
        assert_eq!(url.to_string(), "sqlite:/var/lib/app/a.db");
        url.resolve(Path::new("/elsewhere"));
        assert_eq!(url.to_string(), "sqlite:/var/lib/app/a.db");
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for wrong in [
            "",
            "postgres://a/b",
            "sqlite::memory:",
            "sqlite://",
            "sqlite://x?mode=memory",
            "sqlite://x?mode=nonsense",
            "mysql://host",
            "mysql://host:port/db",
            "mysql://host/db?ssl-mode=REQUIRED",
        ] {
            assert!(DatabaseUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
