//! A client that says exactly what the test wants it to say.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use evenkeel_mysql_proxy::protocol::answer;
use evenkeel_mysql_proxy::protocol::auth::{Challenge, NATIVE, native_proof};
use evenkeel_mysql_proxy::protocol::capability::{self, Flags};
use evenkeel_mysql_proxy::protocol::greeting::Greeting;
use evenkeel_mysql_proxy::protocol::login::Login;
use evenkeel_mysql_proxy::protocol::packet::frame;

use super::database::{PASSWORD, USER};

/// What an application's library asks for.
pub(crate) const USUAL: Flags = capability::LONG_PASSWORD
    | capability::PROTOCOL_41
    | capability::TRANSACTIONS
    | capability::SECURE_CONNECTION
    | capability::MULTI_RESULTS
    | capability::CONNECT_WITH_DB
    | capability::PLUGIN_AUTH;

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) socket: TcpStream,
    pub(crate) greeting: Greeting,
}

/// An ERR packet as a client reads it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) code: u16,
    pub(crate) state: String,
}

impl Client {
    /// Connects and reads the greeting, which may be an ERR.
    pub(crate) fn greet(address: SocketAddr) -> Result<Self, Error> {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (_, payload) = read_packet(&mut socket);
        match error(&payload) {
            Some(error) => Err(error),
            None => Ok(Self { socket, greeting: Greeting::parse(&payload).unwrap() }),
        }
    }

    /// A session of the tests' account.
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::connect_with(address, USUAL, PASSWORD).unwrap()
    }

    pub(crate) fn connect_with(
        address: SocketAddr,
        capabilities: Flags,
        password: &str,
    ) -> Result<Self, Error> {
        let mut client = Self::greet(address)?;
        client.log_in(capabilities, password)?;
        Ok(client)
    }

    fn log_in(&mut self, capabilities: Flags, password: &str) -> Result<(), Error> {
        let proof = native_proof(password.as_bytes(), &self.greeting.scramble);
        let login = Login {
            capabilities,
            max_packet: 1 << 24,
            charset: 45,
            user: USER.into(),
            proof,
            database: b"t".to_vec(),
            plugin: NATIVE.to_vec(),
            attributes: Vec::new(),
        };
        self.socket.write_all(&login.packet()).unwrap();
        self.finish_authentication(2, password)
    }

    /// Answers challenges; the server's next packet must have this sequence.
    pub(crate) fn finish_authentication(
        &mut self,
        mut sequence: u8,
        password: &str,
    ) -> Result<(), Error> {
        loop {
            let (got, payload) = self.packet();
            assert_eq!(got, sequence, "sequence of {payload:02x?}");
            match Challenge::parse(&payload).unwrap() {
                Challenge::Accepted(_) => return Ok(()),
                Challenge::Refused { .. } => return Err(error(&payload).unwrap()),
                Challenge::Switch { scramble, .. } => {
                    let proof = native_proof(password.as_bytes(), &scramble);
                    self.socket.write_all(&frame(sequence + 1, &proof)).unwrap();
                }
                Challenge::More => panic!("unexpected {payload:02x?}"),
            }
            sequence += 2;
        }
    }

    pub(crate) fn packet(&mut self) -> (u8, Vec<u8>) {
        read_packet(&mut self.socket)
    }

    pub(crate) fn send(&mut self, payload: &[u8]) {
        self.socket.write_all(&frame(0, payload)).unwrap();
    }

    /// Sends COM_QUERY and reads one packet, the whole answer of most statements.
    pub(crate) fn execute(&mut self, sql: &str) -> Result<(), Error> {
        self.send(&[b"\x03", sql.as_bytes()].concat());
        let (sequence, payload) = self.packet();
        assert_eq!(sequence, 1);
        match payload[0] {
            answer::OK => Ok(()),
            _ => Err(error(&payload).unwrap_or_else(|| panic!("{payload:02x?}"))),
        }
    }

    /// The one value that a query gives (EOF packets, one column, one row); `None` for NULL.
    pub(crate) fn value(&mut self, sql: &str) -> Option<String> {
        self.send(&[b"\x03", sql.as_bytes()].concat());
        let (_, count) = self.packet();
        assert_eq!(count, [1], "{}", String::from_utf8_lossy(&count));
        let [_, _, (_, row), (_, end)] = std::array::from_fn(|_| self.packet());
        assert_eq!(end[0], answer::EOF);
        if row[0] == 0xfb { None } else { Some(String::from_utf8(row[1..].to_vec()).unwrap()) }
    }

    /// Whether the peer has closed without another word.
    pub(crate) fn is_closed(&mut self) -> bool {
        let mut byte = [0];
        matches!(self.socket.read(&mut byte), Ok(0))
    }
}

pub(crate) fn read_packet(socket: &mut TcpStream) -> (u8, Vec<u8>) {
    let mut header = [0; 4];
    socket.read_exact(&mut header).unwrap();
    let length = u32::from_le_bytes([header[0], header[1], header[2], 0]) as usize;
    let mut payload = vec![0; length];
    socket.read_exact(&mut payload).unwrap();
    (header[3], payload)
}

pub(crate) fn error(payload: &[u8]) -> Option<Error> {
    match payload {
        [0xff, low, high, b'#', rest @ ..] => Some(Error {
            code: u16::from_le_bytes([*low, *high]),
            state: String::from_utf8(rest[..5].to_vec()).unwrap(),
        }),
        _ => None,
    }
}
