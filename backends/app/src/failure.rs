//! What can go wrong with a request, as facts. How a failure looks (a page, JSON) is decided once,
//! in `page::failed`, because only there the path and the node are known.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A request that is answered with an error.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    NotFound,
    /// The form's `csrf` field is missing or not this visitor's.
    Forged,
    /// Only for users, and nobody is signed in.
    SignedOut,
    TooManyAttempts {
        retry_after: Duration,
    },
    /// The database is gone, or the node is too busy: it will pass.
    Unavailable(&'static str),
    /// A fault of ours; the details are in the log.
    Internal,
    /// A refusal by the framework: bad form encoding, body too large, wrong method.
    Refused(StatusCode),
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused(status) => *status,
        }
    }

    /// One or two sentences for the visitor.
    pub(crate) fn explanation(&self) -> &'static str {
        match self {
            Self::NotFound => "There is nothing at this address.",
            Self::Forged => "This form is no longer valid. Go back, reload the page and try again.",
            Self::SignedOut => "Sign in first.",
            Self::TooManyAttempts { .. } => "Too many attempts. Wait a while, then try again.",
            Self::Unavailable(reason) => reason,
            Self::Internal => "Something went wrong here. It has been noted.",
            Self::Refused(StatusCode::METHOD_NOT_ALLOWED) => "This cannot be done at this address.",
            Self::Refused(StatusCode::PAYLOAD_TOO_LARGE) => "What was sent is too large.",
            Self::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE) => {
                "What was sent is of the wrong type."
            }
            Self::Refused(_) => "What was sent could not be understood.",
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyAttempts { retry_after } => Some(*retry_after),
            Self::Unavailable(_) => Some(RETRY_AFTER),
            _ => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        if is_passing(&error) {
            tracing::warn!(%error, "the database is unavailable");
            return Self::Unavailable("The database does not answer right now.");
        }
        tracing::error!(%error, "a query failed");
        Self::Internal
    }
}

impl From<getrandom::Error> for Failure {
    fn from(error: getrandom::Error) -> Self {
        tracing::error!(%error, "the system gives no random bytes");
        Self::Internal
    }
}

/// Whether the same query may succeed a moment later.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => {
            match error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
                Some(mysql) => mysql_is_passing(mysql.number()),
                None => error.code().is_some_and(|code| sqlite_is_passing(&code)),
            }
        }
        _ => false,
    }
}

/// Error numbers of the MariaDB and MySQL servers, of client libraries (from 2000), and of proxies
/// (from 9000), which report for a server behind them.
fn mysql_is_passing(number: u16) -> bool {
    match number {
        1040 | 1203 | 1226 => true,        // too many connections
        1045 | 1129 | 1130 => true,        // not let in (any more)
        1053 | 1077 | 1152 | 1927 => true, // shutting down, connection ended
        1158..=1161 => true,               // network
        1205 | 1213 | 1317 => true,        // lock wait, deadlock, interrupted
        1290 | 1792 | 1836 => true,        // read-only during a failover
        2000..=2999 | 9000..=9999 => true,
        _ => false,
    }
}

/// The primary result code is the low byte of the extended one (sqlite.org/rescode.html).
fn sqlite_is_passing(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| SQLITE_PASSING.contains(&(code & 0xff)))
}

/// SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
const SQLITE_PASSING: [u32; 6] = [5, 6, 8, 10, 13, 14];

const RETRY_AFTER: Duration = Duration::from_secs(5);
