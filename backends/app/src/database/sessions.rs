//! Table `sessions`: who is signed in. It holds hashes of the tokens, so that a stolen copy of the
//! table opens no session.

use super::Database;
use super::users::User;
use crate::token::TokenHash;

/// Opens a session until `expires_at` (seconds since 1970).
pub(crate) async fn open(
    database: &Database,
    token: &TokenHash,
    user: &User,
    expires_at: i64,
) -> sqlx::Result<()> {
    let sql = "INSERT INTO sessions (token_hash, user_id, expires_at) VALUES (?, ?, ?)";
    with_pool!(database, pool => {
        sqlx::query(sql).bind(&token[..]).bind(user.id).bind(expires_at).execute(pool).await.map(drop)
    })
}

/// The user whose session this is, unless it has ended.
pub(crate) async fn user(
    database: &Database,
    token: &TokenHash,
    now: i64,
) -> sqlx::Result<Option<User>> {
    let sql = "SELECT users.id, users.name FROM sessions JOIN users ON users.id = sessions.user_id \
               WHERE sessions.token_hash = ? AND sessions.expires_at > ?";
    let row: Option<(i64, String)> = with_pool!(database, pool => {
        sqlx::query_as(sql).bind(&token[..]).bind(now).fetch_optional(pool).await
    })?;
    Ok(row.map(|(id, name)| User { id, name }))
}

pub(crate) async fn close(database: &Database, token: &TokenHash) -> sqlx::Result<()> {
    let sql = "DELETE FROM sessions WHERE token_hash = ?";
    with_pool!(database, pool => {
        sqlx::query(sql).bind(&token[..]).execute(pool).await.map(drop)
    })
}

/// Removes the sessions that have ended.
pub(crate) async fn purge(database: &Database, now: i64) -> sqlx::Result<()> {
    let sql = "DELETE FROM sessions WHERE expires_at <= ?";
    with_pool!(database, pool => sqlx::query(sql).bind(now).execute(pool).await.map(drop))
}
