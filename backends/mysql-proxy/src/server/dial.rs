//! Opening a server connection up to its greeting.
//!
//! Apart because sessions and health checks both begin with it.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Connection;
use crate::config::Timeouts;
use crate::peer::Peer;
use crate::protocol::answer::{self, ERR};
use crate::protocol::greeting::Greeting;
use crate::protocol::packet::frame;

/// Why there is no connection.
#[derive(Debug)]
pub(crate) enum DialError {
    /// The server cannot be reached or does not speak the protocol.
    Unreachable(String),
    /// It has greeted with an ERR, which is meant for the client.
    Refused { code: u16, text: String, packet: Vec<u8> },
}

/// Connects and reads the greeting, all within the connect timeout.
pub(crate) async fn dial(target: SocketAddr, timeouts: &Timeouts) -> Result<Connection, DialError> {
    let greeted = async {
        let socket = TcpStream::connect(target).await?;
        let mut peer = Peer::new(socket, timeouts.write);
        let packet = peer.packet().await?;
        Ok::<_, io::Error>((peer, packet))
    };
    let unreachable = |error: &dyn std::fmt::Display| DialError::Unreachable(error.to_string());
    let (peer, packet) = match timeout(timeouts.connect, greeted).await {
        Ok(greeted) => greeted.map_err(|error| unreachable(&error))?,
        Err(_) => return Err(unreachable(&"connect timeout")),
    };
    if packet.payload.first() == Some(&ERR) {
        let (code, text) = answer::error(&packet.payload).map_err(|error| unreachable(&error))?;
        return Err(DialError::Refused { code, text, packet: frame(0, &packet.payload) });
    }
    let greeting = Greeting::parse(&packet.payload).map_err(|error| unreachable(&error))?;
    Ok(Connection { peer, greeting, agreed: 0 })
}
