//! The demonstration's user and messages. Planted under the schema's lock, and only what is not
//! there yet.

use sqlx::mysql::MySqlConnection;
use sqlx::sqlite::SqliteConnection;

/// What `seed_demo: true` adds.
pub(crate) struct Demo {
    /// Of [`Demo::PASSWORD`].
    pub(crate) password_hash: String,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

impl Demo {
    pub(crate) const USER: &str = "demo";
    pub(crate) const PASSWORD: &str = "demo-password";
}

/// The two drivers' connections share these statements but no object-safe type.
macro_rules! plant {
    ($connection:expr, $demo:expr) => {{
        let connection = &mut *$connection;
        let known: Option<i64> = sqlx::query_scalar("SELECT id FROM users WHERE name = ?")
            .bind(Demo::USER)
            .fetch_optional(&mut *connection)
            .await?;
        if known.is_some() {
            return Ok(());
        }
        sqlx::query("INSERT INTO users (name, password_hash, created_at) VALUES (?, ?, ?)")
            .bind(Demo::USER)
            .bind(&$demo.password_hash)
            .bind($demo.now)
            .execute(&mut *connection)
            .await?;
        for (title, body) in MESSAGES {
            sqlx::query(
                "INSERT INTO messages (user_id, title, body, created_at) \
                 SELECT id, ?, ?, ? FROM users WHERE name = ?",
            )
            .bind(title)
            .bind(body)
            .bind($demo.now)
            .bind(Demo::USER)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }};
}

pub(super) async fn plant_sqlite(
    connection: &mut SqliteConnection,
    demo: &Demo,
) -> sqlx::Result<()> {
    plant!(connection, demo)
}

pub(super) async fn plant_mysql(connection: &mut MySqlConnection, demo: &Demo) -> sqlx::Result<()> {
    plant!(connection, demo)
}

/// The last one is the newest, so it stands first on the list.
const MESSAGES: [(&str, &str); 3] = [
    (
        "An even keel",
        "Stop one node, or one database behind the proxy, and go on reading: the others take over.",
    ),
    (
        "Which node was that?",
        "The foot of every page names the node that served it and the database that answered. \
         Reload a few times and watch the load balancer at work.",
    ),
    (
        "Welcome aboard",
        "This board is a small application with a database.\n\
         Sign in as demo with the password demo-password to write a message.",
    ),
];
