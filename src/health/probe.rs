//! One check of one server: sockets and deadlines around the dialogue.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, UnixStream};
use tokio::time::{Instant, timeout_at};

use super::kind::http::{Answer, HttpCheck};
use super::kind::{Kind, Verdict, tcp};
use super::schedule::Patience;
use crate::live::CheckStatus;
use crate::proxy::{CheckSettings, Server, ServerAddress};

/// Checks a server once. Whatever happens, it takes no longer than the patience allows.
pub(super) async fn probe(
    server: &Server,
    settings: &CheckSettings,
    kind: &Kind,
    patience: Patience,
) -> Verdict {
    let connect_by = Instant::now() + Duration::from_millis(patience.connect);
    let target = Target::of(server, settings);
    let opened = match timeout_at(connect_by, open(&target, server.source)).await {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => return tcp::failed(&error, target.is_unix()),
        Err(_) => return tcp::timed_out(),
    };
    let answer_by = match patience.answer {
        Some(answer) => Instant::now() + Duration::from_millis(answer),
        None => connect_by,
    };
    let greeting = greeting(server, settings, opened.ends);
    match timeout_at(answer_by, talk(opened.stream, &greeting, kind)).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(error)) => tcp::broken(&error),
        Err(_) => Verdict::new(CheckStatus::L7Timeout, None, ""),
    }
}

async fn talk(mut stream: Box<dyn Io>, greeting: &[u8], kind: &Kind) -> io::Result<Verdict> {
    if !greeting.is_empty() {
        stream.write_all(greeting).await?;
    }
    match kind {
        Kind::Tcp => Ok(tcp::connected()),
        Kind::Http(check) => ask(stream, check).await,
    }
}

async fn ask(mut stream: Box<dyn Io>, check: &HttpCheck) -> io::Result<Verdict> {
    stream.write_all(&check.request()).await?;
    let mut answer = Answer::new(check);
    let mut buffer = vec![0; READ];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(answer.close()),
            n => {
                if let Some(verdict) = answer.receive(&buffer[..n]) {
                    return Ok(verdict);
                }
            }
        }
    }
}

/// Where the check goes: `addr` and `port` stand above the server's own.
enum Target {
    Inet(SocketAddr),
    /// A path; with a leading zero byte, a name in the abstract namespace.
    Unix(PathBuf),
}

impl Target {
    fn of(server: &Server, settings: &CheckSettings) -> Self {
        let (ip, port) = match &server.address {
            ServerAddress::Inet(address) => (address.ip(), address.port()),
            ServerAddress::InetOffset(ip, _) => (*ip, 0),
            ServerAddress::Unix(path) => return Self::elsewhere(settings, path.clone()),
            ServerAddress::Abstract(name) => {
                return Self::elsewhere(settings, Path::new(&format!("\0{name}")).to_owned());
            }
        };
        Self::Inet(SocketAddr::new(settings.address.unwrap_or(ip), settings.port.unwrap_or(port)))
    }

    fn elsewhere(settings: &CheckSettings, path: PathBuf) -> Self {
        match (settings.address, settings.port) {
            (Some(ip), Some(port)) => Self::Inet(SocketAddr::new(ip, port)),
            _ => Self::Unix(path),
        }
    }

    fn is_unix(&self) -> bool {
        matches!(self, Self::Unix(_))
    }
}

trait Io: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Io for T {}

struct Opened {
    stream: Box<dyn Io>,
    /// Our end and the server's; `None` for unix sockets.
    ends: Option<(SocketAddr, SocketAddr)>,
}

async fn open(target: &Target, source: Option<SocketAddr>) -> io::Result<Opened> {
    let address = match target {
        Target::Unix(path) => {
            let stream = UnixStream::connect(path).await?;
            return Ok(Opened { stream: Box::new(stream), ends: None });
        }
        Target::Inet(address) => *address,
    };
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Closing sends a reset: a check leaves nothing behind in the state TIME_WAIT.
    socket.set_zero_linger()?;
    socket.set_nodelay(true)?;
    if let Some(source) = source.filter(|source| source.is_ipv4() == address.is_ipv4()) {
        socket.bind(source)?;
    }
    let stream = socket.connect(address).await?;
    let ends = stream.local_addr().ok().map(|local| (local, address));
    Ok(Opened { stream: Box::new(stream), ends })
}

/// The PROXY protocol's line, if the server wants one. Version 2 says that the proxy itself
/// connects (PROXY protocol, section 2.2, LOCAL).
fn greeting(
    server: &Server,
    settings: &CheckSettings,
    ends: Option<(SocketAddr, SocketAddr)>,
) -> Vec<u8> {
    // `send-proxy` holds for checks too while they go where the traffic goes.
    let same_place = settings.address.is_none() && settings.port.is_none();
    let wanted = settings.send_proxy || (same_place && server.send_proxy > 0);
    if !wanted {
        return Vec::new();
    }
    if server.send_proxy == 2 {
        return LOCAL.to_vec();
    }
    match ends {
        Some((ours, theirs)) => {
            let family = if theirs.is_ipv4() { "TCP4" } else { "TCP6" };
            let (from, to) = (ours.ip(), theirs.ip());
            format!("PROXY {family} {from} {to} {} {}\r\n", ours.port(), theirs.port()).into_bytes()
        }
        None => b"PROXY UNKNOWN\r\n".to_vec(),
    }
}

const LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00";

/// Bytes read at once.
const READ: usize = 4096;

#[cfg(test)]
mod tests;
