//! Table `messages`: what the board is about.

use serde::Serialize;

use super::Database;
use super::users::User;

/// A message with its author's name.
#[derive(Debug, Serialize)]
pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) author: String,
    pub(crate) title: String,
    pub(crate) body: String,
    /// Seconds since 1970.
    pub(crate) created_at: i64,
}

type Row = (i64, String, String, String, i64);

/// Adds a message and returns its id.
pub(crate) async fn add(
    database: &Database,
    author: &User,
    title: &str,
    body: &str,
    now: i64,
) -> sqlx::Result<i64> {
    let sql = "INSERT INTO messages (user_id, title, body, created_at) VALUES (?, ?, ?, ?)";
    match &database.pool {
        super::Pool::Sqlite(pool) => {
            let insert = sqlx::query(sql).bind(author.id).bind(title).bind(body).bind(now);
            Ok(insert.execute(pool).await?.last_insert_rowid())
        }
        super::Pool::Mysql(pool) => {
            let insert = sqlx::query(sql).bind(author.id).bind(title).bind(body).bind(now);
            // The column is a signed BIGINT, so its ids fit.
            Ok(insert.execute(pool).await?.last_insert_id().cast_signed())
        }
    }
}

pub(crate) async fn find(database: &Database, id: i64) -> sqlx::Result<Option<Message>> {
    let sql = "SELECT messages.id, users.name, title, body, messages.created_at \
               FROM messages JOIN users ON users.id = messages.user_id WHERE messages.id = ?";
    let row: Option<Row> = with_pool!(database, pool => {
        sqlx::query_as(sql).bind(id).fetch_optional(pool).await
    })?;
    Ok(row.map(Message::from))
}

pub(crate) async fn count(database: &Database) -> sqlx::Result<i64> {
    let sql = "SELECT COUNT(*) FROM messages";
    with_pool!(database, pool => sqlx::query_scalar(sql).fetch_one(pool).await)
}

/// At most `limit` messages, newest first, after the `offset` newest.
pub(crate) async fn list(
    database: &Database,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<Message>> {
    let sql = "SELECT messages.id, users.name, title, body, messages.created_at \
               FROM messages JOIN users ON users.id = messages.user_id \
               ORDER BY messages.id DESC LIMIT ? OFFSET ?";
    let rows: Vec<Row> = with_pool!(database, pool => {
        sqlx::query_as(sql).bind(limit).bind(offset).fetch_all(pool).await
    })?;
    Ok(rows.into_iter().map(Message::from).collect())
}

impl From<Row> for Message {
    fn from((id, author, title, body, created_at): Row) -> Self {
        Self { id, author, title, body, created_at }
    }
}
