//! HandshakeV10: the first packet, from server to client.
//!
//! Apart from `login` because it is parsed once per server connection and may be shown to several
//! clients one after the other, with the capabilities masked.

use super::capability::{self, Flags};
use super::packet::frame;
use super::reader::{Malformed, Reader};

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    pub version: Vec<u8>,
    /// The server's number of this connection, which `KILL` takes.
    pub thread_id: u32,
    /// Random bytes that the password's proof covers, without the closing zero.
    pub scramble: Vec<u8>,
    pub capabilities: Flags,
    pub charset: u8,
    pub status: u16,
    pub plugin: Vec<u8>,
}

impl Greeting {
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        if reader.u8()? != VERSION_10 {
            return Err(Malformed("the server does not speak protocol version 10"));
        }
        let version = reader.until_zero()?.to_vec();
        let thread_id = reader.u32()?;
        let mut scramble = reader.bytes(FIRST_PART)?.to_vec();
        reader.u8()?;
        let low = reader.u16()?;
        let charset = reader.u8()?;
        let status = reader.u16()?;
        let high = reader.u16()?;
        let capabilities = Flags::from(low) | Flags::from(high) << 16;
        if capabilities & capability::PROTOCOL_41 == 0 {
            return Err(Malformed("the server does not speak the 4.1 protocol"));
        }
        let scramble_length = usize::from(reader.u8()?);
        reader.bytes(FILLER)?;
        let second = scramble_length.saturating_sub(FIRST_PART).max(13);
        scramble.extend_from_slice(reader.bytes(second)?);
        scramble.truncate(SCRAMBLE);
        let plugin = match capabilities & capability::PLUGIN_AUTH {
            0 => Vec::new(),
            // Some servers forget the closing zero.
            _ => reader.rest().split(|&byte| byte == 0).next().unwrap_or_default().to_vec(),
        };
        Ok(Self { version, thread_id, scramble, capabilities, charset, status, plugin })
    }

    /// The packet as a client sees it: only capabilities that the proxy speaks, and the bit that
    /// keeps MariaDB clients from looking for extended ones.
    pub fn packet(&self) -> Vec<u8> {
        let capabilities = self.offered();
        let [low_0, low_1, high_0, high_1] = capabilities.to_le_bytes();
        let (first, second) = self.scramble.split_at(FIRST_PART.min(self.scramble.len()));
        let mut payload = vec![VERSION_10];
        payload.extend_from_slice(&self.version);
        payload.push(0);
        payload.extend_from_slice(&self.thread_id.to_le_bytes());
        payload.extend_from_slice(first);
        payload.extend_from_slice(&[0, low_0, low_1, self.charset]);
        payload.extend_from_slice(&self.status.to_le_bytes());
        payload.extend_from_slice(&[high_0, high_1]);
        let has_plugin = capabilities & capability::PLUGIN_AUTH != 0;
        payload.push(if has_plugin { SCRAMBLE as u8 + 1 } else { 0 });
        payload.extend_from_slice(&[0; FILLER]);
        payload.extend_from_slice(second);
        payload.push(0);
        if has_plugin {
            payload.extend_from_slice(&self.plugin);
            payload.push(0);
        }
        frame(0, &payload)
    }

    /// The capabilities that a client is offered.
    pub fn offered(&self) -> Flags {
        self.capabilities & capability::SPOKEN | capability::LONG_PASSWORD
    }
}

const VERSION_10: u8 = 10;
/// Bytes of the scramble that stand before the capabilities.
const FIRST_PART: usize = 8;
/// Bytes of the scramble in all, as every plugin in use has it.
pub const SCRAMBLE: usize = 20;
/// Filler, of which MariaDB uses the last four for its extended capabilities.
const FILLER: usize = 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::captured;
    use super::*;

    #[test]
    fn the_greeting_of_mariadb_is_read() {
        let bytes = captured::bytes(captured::GREETING);
        let greeting = Greeting::parse(&bytes[4..]).unwrap();
        assert_eq!(greeting.version, b"5.5.5-10.11.19-MariaDB-0+deb12u1");
        assert_eq!(greeting.thread_id, 4);
        assert_eq!(greeting.scramble, b"Y32A1qf-IjY_R]Z-qrh2");
        assert_eq!(greeting.plugin, b"mysql_native_password");
        assert_eq!(greeting.charset, 8);
    }

    #[test]
    fn a_client_sees_the_servers_greeting_but_for_what_the_proxy_does_not_speak() {
        let bytes = captured::bytes(captured::GREETING);
        let server = Greeting::parse(&bytes[4..]).unwrap();
        let shown = server.packet();
        let client = Greeting::parse(&shown[4..]).unwrap();
        let masked = server.capabilities & capability::SPOKEN | capability::LONG_PASSWORD;
        assert_eq!(client, Greeting { capabilities: masked, ..server });
        assert_eq!(client.capabilities & capability::SSL, 0);
        assert_eq!(shown.len(), bytes.len());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = Greeting::parse(&bytes);
            if let Some(first) = bytes.first_mut() {
                *first = VERSION_10;
            }
            let _ = Greeting::parse(&bytes).map(|greeting| greeting.packet());
        }
    }
}
