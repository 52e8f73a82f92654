//! The tables, made and kept up to date by numbered migrations that are part of the program.
//!
//! Nodes that start together must not apply a migration twice. The driver's own lock is no help:
//! it has none for SQLite, and its `GET_LOCK(.., -1)` is NULL on MariaDB, which wants a timeout of
//! zero or more. So the lock is taken here: the named lock of the server, the write lock of the
//! file.

use std::fmt;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::mysql::{MySqlConnection, MySqlPool};
use sqlx::sqlite::SqlitePool;
use sqlx::{Connection, SqlSafeStr};

use super::seed::{self, Demo};

/// Why the tables are not ready.
#[derive(Debug)]
pub(crate) enum SchemaError {
    /// The database did not answer or was busy; worth another try.
    Database(sqlx::Error),
    /// Another node holds the lock; worth another try.
    Locked,
    /// The tables are not what this program can work with; a person must look.
    Unusable(MigrateError),
}

pub(super) async fn prepare_sqlite(
    pool: &SqlitePool,
    demo: Option<&Demo>,
) -> Result<(), SchemaError> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    migrate(&mut *transaction, SQLITE).await?;
    if let Some(demo) = demo {
        seed::plant_sqlite(&mut transaction, demo).await?;
    }
    Ok(transaction.commit().await?)
}

pub(super) async fn prepare_mysql(
    pool: &MySqlPool,
    demo: Option<&Demo>,
) -> Result<(), SchemaError> {
    // Detached and closed at the end, whatever happens: the server drops the lock with the
    // connection, so a failure half-way cannot leave it in the pool.
    let mut connection = pool.acquire().await?.detach();
    let done = prepare_locked(&mut connection, demo).await;
    // The work is committed or failed by now; how the goodbye goes changes neither.
    let _ = connection.close().await;
    done
}

async fn prepare_locked(
    connection: &mut MySqlConnection,
    demo: Option<&Demo>,
) -> Result<(), SchemaError> {
    let locked: Option<i64> = sqlx::query_scalar(MYSQL_LOCK).fetch_one(&mut *connection).await?;
    if locked != Some(1) {
        return Err(SchemaError::Locked);
    }
    // Each statement commits on its own here, so a start that was interrupted leaves a migration
    // half applied and marked so. The scripts may be repeated: begin that one again.
    connection.ensure_migrations_table(TABLE).await?;
    sqlx::query("DELETE FROM _sqlx_migrations WHERE success = FALSE")
        .execute(&mut *connection)
        .await?;
    migrate(connection, MYSQL).await?;
    if let Some(demo) = demo {
        seed::plant_mysql(connection, demo).await?;
    }
    Ok(())
}

async fn migrate<C: Migrate>(
    connection: &mut C,
    scripts: &[(i64, &'static str, &'static str)],
) -> Result<(), SchemaError> {
    let migrations = scripts.iter().map(|&(version, description, sql)| {
        let sql = sql.into_sql_str();
        Migration::new(version, description.into(), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // Newer tables are no obstacle: in a rolling update an older node may restart last.
    migrator.set_locking(false).set_ignore_missing(true);
    migrator.run_direct(None, connection, false).await?;
    Ok(())
}

impl From<MigrateError> for SchemaError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => Self::Database(error),
            MigrateError::ExecuteMigration(error @ sqlx::Error::Io(_), _) => Self::Database(error),
            error => Self::Unusable(error),
        }
    }
}

impl From<sqlx::Error> for SchemaError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => error.fmt(formatter),
            Self::Locked => formatter.write_str("another node is still preparing the tables"),
            Self::Unusable(error) => error.fmt(formatter),
        }
    }
}

/// The driver's default.
const TABLE: &str = "_sqlx_migrations";

const MYSQL_LOCK: &str = "SELECT GET_LOCK(CONCAT('evenkeel-app:', DATABASE()), 10)";

const SQLITE: &[(i64, &str, &str)] =
    &[(1, "message board", include_str!("../../migrations/sqlite/0001_message_board.sql"))];

const MYSQL: &[(i64, &str, &str)] =
    &[(1, "message board", include_str!("../../migrations/mysql/0001_message_board.sql"))];
