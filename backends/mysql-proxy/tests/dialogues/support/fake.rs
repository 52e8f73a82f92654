//! A server that plays one dialogue, for what no real one does at will.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

use evenkeel_mysql_proxy::protocol::capability;
use evenkeel_mysql_proxy::protocol::greeting::Greeting;
use evenkeel_mysql_proxy::protocol::packet::frame;

use super::client::{USUAL, read_packet};

/// An OK packet with the status "autocommit".
pub(crate) const OK: &[u8] = &[0, 0, 0, 2, 0, 0, 0];

/// Plays `dialogue` with the first client that sends a login of the tests' account; checks of the
/// proxy get their login refused.
pub(crate) fn serve(
    plugin: &'static str,
    dialogue: impl FnOnce(TcpStream) + Send + 'static,
) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        loop {
            let (mut socket, _) = listener.accept().unwrap();
            socket.write_all(&greeting(plugin).packet()).unwrap();
            let (_, login) = read_packet(&mut socket);
            if login.windows(14).any(|window| window == b"evenkeel-check") {
                socket.write_all(&frame(2, b"\xff\x15\x04#28000denied")).unwrap();
            } else {
                return dialogue(socket);
            }
        }
    });
    (address, thread)
}

fn greeting(plugin: &str) -> Greeting {
    Greeting {
        version: b"8.4.0-fake".to_vec(),
        thread_id: 7,
        scramble: b"abcdefghijklmnopqrst".to_vec(),
        capabilities: USUAL | capability::SSL | capability::DEPRECATE_EOF,
        charset: 45,
        status: 2,
        plugin: plugin.into(),
    }
}
