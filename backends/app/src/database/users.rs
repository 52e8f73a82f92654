//! Table `users`: names are unique and already lower-case; only the password's hash is kept.

use super::Database;

/// A user as the other tables know them.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// Adds a user and returns the id, or `None` when the name is taken.
pub(crate) async fn add(
    database: &Database,
    name: &str,
    password_hash: &str,
    now: i64,
) -> sqlx::Result<Option<User>> {
    let sql = "INSERT INTO users (name, password_hash, created_at) VALUES (?, ?, ?)";
    let inserted = with_pool!(database, pool => {
        sqlx::query(sql).bind(name).bind(password_hash).bind(now).execute(pool).await.map(drop)
    });
    match inserted {
        Ok(()) => Ok(find(database, name).await?.map(|(user, _)| user)),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The user of this name, and the password's hash.
pub(crate) async fn find(database: &Database, name: &str) -> sqlx::Result<Option<(User, String)>> {
    let sql = "SELECT id, name, password_hash FROM users WHERE name = ?";
    let row: Option<(i64, String, String)> = with_pool!(database, pool => {
        sqlx::query_as(sql).bind(name).fetch_optional(pool).await
    })?;
    Ok(row.map(|(id, name, password_hash)| (User { id, name }, password_hash)))
}
