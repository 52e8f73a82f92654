//! HandshakeResponse41: the client's answer to the greeting, and the COM_CHANGE_USER that says the
//! same to a server connection which is already open.
//!
//! Apart from `greeting` because the two packets go opposite ways and only this one names a user.

use super::capability::{self, Flags};
use super::command::CHANGE_USER;
use super::packet::frame;
use super::reader::{Malformed, Reader};

/// Who wants to log in, and how the session shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub capabilities: Flags,
    pub max_packet: u32,
    pub charset: u8,
    pub user: Vec<u8>,
    /// The password's proof for the scramble of the greeting.
    pub proof: Vec<u8>,
    pub database: Vec<u8>,
    pub plugin: Vec<u8>,
    /// Connection attributes: the list's bytes without its length.
    pub attributes: Vec<u8>,
}

/// What a client may send in the login's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Login(Login),
    /// It wants TLS, although it was not offered.
    TlsRequest,
}

impl Reply {
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        let capabilities = reader.u32()?;
        if capabilities & capability::PROTOCOL_41 == 0 {
            return Err(Malformed("the client does not speak the 4.1 protocol"));
        }
        if payload.len() == FIXED && capabilities & capability::SSL != 0 {
            return Ok(Self::TlsRequest);
        }
        let max_packet = reader.u32()?;
        let charset = reader.u8()?;
        reader.bytes(FILLER)?;
        let user = reader.until_zero()?.to_vec();
        let proof = proof(&mut reader, capabilities)?.to_vec();
        let database = optional(capabilities, capability::CONNECT_WITH_DB, || ending(&mut reader))?;
        let plugin = optional(capabilities, capability::PLUGIN_AUTH, || ending(&mut reader))?;
        let attributes = optional(capabilities, capability::CONNECT_ATTRS, || {
            if reader.is_empty() { Ok(&[][..]) } else { reader.counted() }
        })?;
        let login =
            Login { capabilities, max_packet, charset, user, proof, database, plugin, attributes };
        Ok(Self::Login(login))
    }
}

impl Login {
    /// Agrees to what both `offered` and the client has, and no more.
    pub fn restrict(&mut self, offered: Flags) {
        self.capabilities &= offered | capability::LONG_PASSWORD;
    }

    /// Gives the proof that another challenge asked for.
    pub fn prove(&mut self, plugin: &[u8], proof: Vec<u8>) {
        self.plugin = plugin.to_vec();
        self.proof = proof;
    }

    /// The login packet for a server that has just sent its greeting. MariaDB's extended
    /// capabilities, which it would read from the filler, are zero.
    pub fn packet(&self) -> Vec<u8> {
        let has = |flag| self.capabilities & flag != 0;
        let mut payload = Vec::with_capacity(256);
        payload.extend_from_slice(&self.capabilities.to_le_bytes());
        payload.extend_from_slice(&self.max_packet.to_le_bytes());
        payload.push(self.charset);
        payload.extend_from_slice(&[0; FILLER]);
        push_text(&mut payload, &self.user);
        if has(capability::PLUGIN_AUTH_LENENC) {
            push_counted(&mut payload, &self.proof);
        } else if has(capability::SECURE_CONNECTION) {
            push_short(&mut payload, &self.proof);
        } else {
            push_text(&mut payload, &self.proof);
        }
        if has(capability::CONNECT_WITH_DB) {
            push_text(&mut payload, &self.database);
        }
        if has(capability::PLUGIN_AUTH) {
            push_text(&mut payload, &self.plugin);
        }
        if has(capability::CONNECT_ATTRS) {
            push_counted(&mut payload, &self.attributes);
        }
        frame(1, &payload)
    }

    /// The COM_CHANGE_USER that makes an open server connection this login's session.
    pub fn change_user_packet(&self) -> Vec<u8> {
        let mut payload = vec![CHANGE_USER];
        push_text(&mut payload, &self.user);
        push_short(&mut payload, &self.proof);
        push_text(&mut payload, &self.database);
        payload.extend_from_slice(&[self.charset, 0]);
        push_text(&mut payload, &self.plugin);
        if self.capabilities & capability::CONNECT_ATTRS != 0 {
            push_counted(&mut payload, &self.attributes);
        }
        frame(0, &payload)
    }

    /// Whether this client can be asked for another proof, which reuse of a connection needs.
    pub fn can_switch(&self) -> bool {
        let needed = capability::PLUGIN_AUTH | capability::SECURE_CONNECTION;
        self.capabilities & needed == needed
    }
}

fn proof<'a>(reader: &mut Reader<'a>, capabilities: Flags) -> Result<&'a [u8], Malformed> {
    if capabilities & capability::PLUGIN_AUTH_LENENC != 0 {
        reader.counted()
    } else if capabilities & capability::SECURE_CONNECTION != 0 {
        let count = reader.u8()?;
        reader.bytes(count.into())
    } else {
        ending(reader)
    }
}

/// A string up to a zero byte or, as some clients leave it out at the end, up to the packet's end.
fn ending<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let rest = reader.rest();
    if rest.contains(&0) { reader.until_zero() } else { reader.bytes(rest.len()) }
}

fn optional<'a>(
    capabilities: Flags,
    flag: Flags,
    field: impl FnOnce() -> Result<&'a [u8], Malformed>,
) -> Result<Vec<u8>, Malformed> {
    if capabilities & flag == 0 { Ok(Vec::new()) } else { field().map(<[u8]>::to_vec) }
}

fn push_text(payload: &mut Vec<u8>, text: &[u8]) {
    payload.extend_from_slice(text);
    payload.push(0);
}

/// A string with one byte of length.
fn push_short(payload: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(u8::MAX.into())];
    payload.push(bytes.len() as u8);
    payload.extend_from_slice(bytes);
}

/// A string with a length-encoded length. Packets of the handshake are below 16 MiB.
fn push_counted(payload: &mut Vec<u8>, bytes: &[u8]) {
    let [a, b, c, ..] = (bytes.len() as u32).to_le_bytes();
    match bytes.len() {
        0..=0xfa => payload.push(a),
        0xfb..=0xffff => payload.extend_from_slice(&[0xfc, a, b]),
        _ => payload.extend_from_slice(&[0xfd, a, b, c]),
    }
    payload.extend_from_slice(bytes);
}

const FILLER: usize = 23;
/// Length of the part before the user; an SSLRequest ends there.
const FIXED: usize = 4 + 4 + 1 + FILLER;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::captured;
    use super::*;

    fn captured_login() -> (Vec<u8>, Login) {
        let bytes = captured::bytes(captured::LOGIN);
        match Reply::parse(&bytes[4..]).unwrap() {
            Reply::Login(login) => (bytes, login),
            Reply::TlsRequest => panic!("the captured packet is a login"),
        }
    }

    #[test]
    fn the_login_of_the_mariadb_client_is_read() {
        let (_, login) = captured_login();
        assert_eq!(login.user, b"app");
        assert_eq!(login.proof.len(), 20);
        assert_eq!(login.database, b"t");
        assert_eq!(login.plugin, b"mysql_native_password");
        assert_eq!(login.max_packet, 1 << 20);
        assert!(login.attributes.starts_with(b"\x03_os\x05Linux"));
        assert!(login.can_switch());
    }

    #[test]
    fn a_login_is_forwarded_as_it_came_without_the_extended_capabilities() {
        let (bytes, login) = captured_login();
        let mut expected = bytes;
        expected[4 + 28..4 + 32].fill(0);
        assert_eq!(login.packet(), expected);
    }

    #[test]
    fn a_request_for_tls_is_told_from_a_login() {
        let mut payload = vec![0; FIXED];
        let flags = capability::PROTOCOL_41 | capability::SSL;
        payload[..4].copy_from_slice(&flags.to_le_bytes());
        assert_eq!(Reply::parse(&payload), Ok(Reply::TlsRequest));
    }

    #[test]
    fn change_user_says_the_same_as_the_login() {
        let (_, mut login) = captured_login();
        login.proof = vec![7; 20];
        login.attributes = b"\x01a\x01b".to_vec();
        let expected =
            [&b"\x11app\0\x14"[..], &[7; 20], b"t\0\x21\0mysql_native_password\0\x04\x01a\x01b"]
                .concat();
        assert_eq!(login.change_user_packet()[4..], expected);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(
            flags in any::<u32>(),
            tail in prop::collection::vec(any::<u8>(), 0..120),
        ) {
            let _ = Reply::parse(&tail);
            let payload = [&(flags | capability::PROTOCOL_41).to_le_bytes()[..], &tail].concat();
            if let Ok(Reply::Login(login)) = Reply::parse(&payload) {
                login.packet();
                login.change_user_packet();
            }
        }
    }
}
