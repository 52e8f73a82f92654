//! The database: one pool of connections to SQLite or to MariaDB/MySQL, and one file of queries
//! per table. The rest of the program does not know which of the two it is.

use std::time::Duration;

use sqlx::mysql::MySqlPool;
use sqlx::sqlite::SqlitePool;

use crate::config;

/// Runs `$body` with `$pool` bound to the pool of whichever database it is. The SQL is the same
/// for both wherever it can be; what differs says so with a `match` of its own.
macro_rules! with_pool {
    ($database:expr, $pool:ident => $body:expr) => {
        match &$database.pool {
            $crate::database::Pool::Sqlite($pool) => $body,
            $crate::database::Pool::Mysql($pool) => $body,
        }
    };
}

pub(crate) mod attempts;
mod connection;
pub(crate) mod messages;
mod schema;
mod seed;
pub(crate) mod sessions;
pub(crate) mod users;

pub(crate) use schema::SchemaError;
pub(crate) use seed::Demo;

/// Connections are opened when they are needed, so this exists before the database answers.
pub(crate) struct Database {
    pool: Pool,
    /// One connection for `/readyz` alone: a pool that is merely busy is not a database that is
    /// gone.
    probe: Pool,
}

/// Which server answered a query.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Answered {
    /// `SQLite`, `MariaDB` or `MySQL`.
    pub(crate) kind: &'static str,
    pub(crate) version: String,
    /// `host:port` as the server itself says; `embedded` for SQLite.
    pub(crate) server: String,
}

enum Pool {
    Sqlite(SqlitePool),
    Mysql(MySqlPool),
}

impl Database {
    pub(crate) fn new(config: &config::Database) -> Self {
        let size = config.max_connections;
        Self { pool: connection::pool(config, size), probe: connection::pool(config, 1) }
    }

    /// Whether the database answers within `patience`; the error is a reason to show.
    pub(crate) async fn probe(&self, patience: Duration) -> Result<(), String> {
        let select = async {
            match &self.probe {
                Pool::Sqlite(pool) => sqlx::query(SELECT_ONE).execute(pool).await.map(drop),
                Pool::Mysql(pool) => sqlx::query(SELECT_ONE).execute(pool).await.map(drop),
            }
        };
        match tokio::time::timeout(patience, select).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {patience:?}")),
        }
    }

    pub(crate) async fn answered(&self) -> sqlx::Result<Answered> {
        let sql = match &self.pool {
            Pool::Sqlite(_) => "SELECT sqlite_version(), 'embedded'",
            Pool::Mysql(_) => "SELECT VERSION(), CONCAT(@@hostname, ':', @@port)",
        };
        let (version, server): (String, String) =
            with_pool!(self, pool => sqlx::query_as(sql).fetch_one(pool).await)?;
        let kind = match &self.pool {
            Pool::Sqlite(_) => "SQLite",
            Pool::Mysql(_) if version.contains("MariaDB") => "MariaDB",
            Pool::Mysql(_) => "MySQL",
        };
        Ok(Answered { kind, version, server })
    }

    /// Brings the tables up to date, and adds `demo` if it is given. Several nodes may do this at
    /// the same time; one works, the others wait for it.
    pub(crate) async fn prepare(&self, demo: Option<&Demo>) -> Result<(), SchemaError> {
        match &self.pool {
            Pool::Sqlite(pool) => schema::prepare_sqlite(pool, demo).await,
            Pool::Mysql(pool) => schema::prepare_mysql(pool, demo).await,
        }
    }

    pub(crate) async fn close(&self) {
        for pool in [&self.pool, &self.probe] {
            match pool {
                Pool::Sqlite(pool) => pool.close().await,
                Pool::Mysql(pool) => pool.close().await,
            }
        }
    }
}

const SELECT_ONE: &str = "SELECT 1";
