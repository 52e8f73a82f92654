//! Table `attempts`: how often a subject (an address, a name at an address, a user) did something
//! in the current window. In the database, so that all nodes count together; one row per subject.

use super::{Database, Pool};

/// Counts one attempt at `now`; a window that opened before `window_start` begins anew. Times in
/// seconds since 1970.
pub(crate) async fn record(
    database: &Database,
    subject: &str,
    now: i64,
    window_start: i64,
) -> sqlx::Result<()> {
    match &database.pool {
        Pool::Sqlite(pool) => {
            let insert = sqlx::query(RECORD_SQLITE).bind(subject).bind(now);
            insert.bind(window_start).bind(window_start).execute(pool).await.map(drop)
        }
        Pool::Mysql(pool) => {
            let insert = sqlx::query(RECORD_MYSQL).bind(subject).bind(now);
            insert.bind(window_start).bind(window_start).execute(pool).await.map(drop)
        }
    }
}

/// How many attempts the window that is open now holds, and when it opened.
pub(crate) async fn find(
    database: &Database,
    subject: &str,
    window_start: i64,
) -> sqlx::Result<Option<(i64, i64)>> {
    let sql = "SELECT count, opened_at FROM attempts WHERE subject = ? AND opened_at >= ?";
    with_pool!(database, pool => {
        sqlx::query_as(sql).bind(subject).bind(window_start).fetch_optional(pool).await
    })
}

/// Takes one attempt back.
pub(crate) async fn take_back(database: &Database, subject: &str) -> sqlx::Result<()> {
    let sql = "UPDATE attempts SET count = count - 1 WHERE subject = ? AND count > 0";
    with_pool!(database, pool => sqlx::query(sql).bind(subject).execute(pool).await.map(drop))
}

/// Takes all attempts back.
pub(crate) async fn forget(database: &Database, subject: &str) -> sqlx::Result<()> {
    let sql = "DELETE FROM attempts WHERE subject = ?";
    with_pool!(database, pool => sqlx::query(sql).bind(subject).execute(pool).await.map(drop))
}

/// Removes the windows that opened before `window_start`.
pub(crate) async fn purge(database: &Database, window_start: i64) -> sqlx::Result<()> {
    let sql = "DELETE FROM attempts WHERE opened_at < ?";
    with_pool!(database, pool => sqlx::query(sql).bind(window_start).execute(pool).await.map(drop))
}

const RECORD_SQLITE: &str = "\
    INSERT INTO attempts (subject, count, opened_at) VALUES (?, 1, ?) \
    ON CONFLICT (subject) DO UPDATE SET \
        count = CASE WHEN opened_at < ? THEN 1 ELSE count + 1 END, \
        opened_at = CASE WHEN opened_at < ? THEN excluded.opened_at ELSE opened_at END";

// MySQL assigns from left to right: `count` still sees the old `opened_at`.
const RECORD_MYSQL: &str = "\
    INSERT INTO attempts (subject, count, opened_at) VALUES (?, 1, ?) \
    ON DUPLICATE KEY UPDATE \
        count = IF(opened_at < ?, 1, count + 1), \
        opened_at = IF(opened_at < ?, VALUES(opened_at), opened_at)";
