//! How a pool opens, checks and retires its connections.

use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Database};
use tracing::log::LevelFilter;

use super::Pool;
use crate::config;

/// A pool of at most `size` connections that opens none before the first is asked for.
pub(super) fn pool(config: &config::Database, size: u32) -> Pool {
    match &config.url {
        config::DatabaseUrl::Sqlite(options) => {
            Pool::Sqlite(limits(config, size).connect_lazy_with(tuned(options)))
        }
        config::DatabaseUrl::Mysql(options) => {
            let options = options.as_ref().clone().log_statements(LevelFilter::Trace);
            Pool::Mysql(limits(config, size).connect_lazy_with(options))
        }
    }
}

fn limits<DB: Database>(config: &config::Database, size: u32) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(size)
        .acquire_timeout(config.acquire_timeout)
        .test_before_acquire(true)
        .max_lifetime(MAX_LIFETIME)
        .idle_timeout(IDLE_TIMEOUT)
}

/// Readers beside one writer, writers waiting their turn instead of failing.
fn tuned(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .log_statements(LevelFilter::Trace)
}

/// Short enough that connections spread again after a proxy or server behind them was replaced.
const MAX_LIFETIME: Duration = Duration::from_secs(10 * 60);
const IDLE_TIMEOUT: Duration = Duration::from_secs(2 * 60);
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
