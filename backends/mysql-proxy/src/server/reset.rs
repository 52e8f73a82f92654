//! Making a server connection fit for the next client.
//!
//! Apart because it happens after the session, when nobody waits. COM_RESET_CONNECTION rolls back,
//! frees locks, temporary tables, prepared statements and variables at once, not only when the next
//! client comes; that client's COM_CHANGE_USER then changes the account.

use std::io::{self, ErrorKind};
use std::time::Duration;

use tokio::time::timeout;

use super::Connection;
use crate::protocol::answer::OK;
use crate::protocol::command::{QUIT, RESET_CONNECTION};
use crate::protocol::packet::frame;

/// Resets the session. An error says that the connection must not be used again.
pub(crate) async fn reset(connection: &mut Connection, bound: Duration) -> io::Result<()> {
    let dialogue = async {
        connection.peer.send(&frame(0, &[RESET_CONNECTION])).await?;
        connection.peer.packet().await
    };
    let answer = timeout(bound, dialogue).await.map_err(|_| ErrorKind::TimedOut)??;
    connection.peer.rest();
    match answer.payload.first() {
        Some(&OK) => Ok(()),
        _ => Err(ErrorKind::Unsupported.into()),
    }
}

/// Closes a connection as a client would.
pub(crate) async fn quit(mut connection: Connection) {
    // The server closes anyway; only its counter of aborted clients would tell.
    let _ = connection.peer.send(&frame(0, &[QUIT])).await;
}
