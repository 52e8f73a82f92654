//! OK, EOF and ERR packets: reading the few fields that matter, building ERR.
//!
//! Apart because the handshake, the response state machine and the proxy's own refusals share them.

use super::packet::frame;
use super::reader::{Malformed, Reader};

pub const OK: u8 = 0x00;
pub const LOCAL_INFILE: u8 = 0xfb;
pub const EOF: u8 = 0xfe;
pub const ERR: u8 = 0xff;

/// `SERVER_STATUS_*`: how the session stands after an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status(pub u16);

impl Status {
    pub fn in_transaction(self) -> bool {
        self.0 & 0x0001 != 0
    }

    pub fn more_results(self) -> bool {
        self.0 & 0x0008 != 0
    }

    /// The result set waits in a cursor: its rows come with COM_STMT_FETCH.
    pub fn cursor_exists(self) -> bool {
        self.0 & 0x0040 != 0
    }
}

/// The status of an OK packet, or of the OK that ends a result set under DEPRECATE_EOF.
pub fn ok_status(payload: &[u8]) -> Result<Status, Malformed> {
    let mut reader = Reader::new(payload);
    reader.u8()?;
    reader.integer()?; // affected rows
    reader.integer()?; // last insert id
    reader.u16().map(Status)
}

/// The status of an EOF packet.
pub fn eof_status(payload: &[u8]) -> Result<Status, Malformed> {
    let mut reader = Reader::new(payload);
    reader.bytes(3)?; // tag, warnings
    reader.u16().map(Status)
}

/// The code and, past the SQL state, the message of an ERR packet.
pub fn error(payload: &[u8]) -> Result<(u16, String), Malformed> {
    let mut reader = Reader::new(payload);
    reader.u8()?;
    let code = reader.u16()?;
    let text = match reader.rest() {
        [b'#', state_and_text @ ..] => state_and_text.get(5..).unwrap_or_default(),
        text => text,
    };
    Ok((code, String::from_utf8_lossy(text).into_owned()))
}

/// Something the proxy itself has to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    code: u16,
    state: &'static str,
    text: &'static str,
}

impl Refusal {
    pub const TOO_MANY_CONNECTIONS: Self = Self::new(1040, "08004", "Too many connections");
    pub const BAD_HANDSHAKE: Self = Self::new(1043, "08S01", "Bad handshake");
    pub const NO_TLS: Self =
        Self::new(1045, "28000", "This proxy offers no TLS: connect with ssl-mode=DISABLED");
    pub const ACCESS_DENIED: Self =
        Self::new(1045, "28000", "Access denied: the proxy knows no such user and password");
    pub const UNKNOWN_COMMAND: Self =
        Self::new(1047, "08S01", "Unknown command: the proxy does not relay it");
    pub const SHUTTING_DOWN: Self = Self::new(1053, "08S01", "Server shutdown in progress");
    pub const OUT_OF_ORDER: Self = Self::new(1156, "08S01", "Got packets out of order");
    pub const LOGIN_TIMEOUT: Self =
        Self::new(1159, "08S01", "Got timeout reading communication packets: no login in time");
    pub const OLD_CLIENT: Self =
        Self::new(1251, "08004", "Client does not support authentication plugins: upgrade it");
    pub const OTHER_PLUGIN: Self =
        Self::new(1251, "08004", "The server's account does not use mysql_native_password");
    pub const NO_SERVER: Self =
        Self::new(2003, "08S01", "Can't connect to MySQL server: no server is reachable");
    pub const SERVER_LOST: Self = Self::new(2013, "08S01", "Lost connection to server");

    const fn new(code: u16, state: &'static str, text: &'static str) -> Self {
        Self { code, state, text }
    }

    /// The ERR packet. The SQL state is always there: clients look for its `#` and take it even
    /// before the capabilities are known.
    pub fn packet(self, sequence: u8) -> Vec<u8> {
        let mut payload = vec![ERR];
        payload.extend_from_slice(&self.code.to_le_bytes());
        payload.push(b'#');
        payload.extend_from_slice(self.state.as_bytes());
        payload.extend_from_slice(self.text.as_bytes());
        frame(sequence, &payload)
    }

    pub fn text(self) -> &'static str {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_layout_of_a_servers_error() {
        let packet = Refusal::TOO_MANY_CONNECTIONS.packet(0);
        assert_eq!(packet, b"\x1d\0\0\0\xff\x10\x04#08004Too many connections");
        assert_eq!(error(&packet[4..]), Ok((1040, "Too many connections".into())));
    }

    #[test]
    fn status_is_read_behind_two_length_encoded_integers() {
        // affected rows 0xfc.., insert id one byte, status 0x0003
        assert_eq!(ok_status(&[0, 0xfc, 1, 2, 9, 3, 0, 0, 0]), Ok(Status(3)));
        assert!(ok_status(&[0, 0xfe, 1]).is_err());
        assert!(eof_status(&[0xfe, 0, 0, 1]).is_err());
    }
}
