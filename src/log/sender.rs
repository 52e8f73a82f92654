//! A worker's way to its log targets.

mod header;

use std::cell::{Cell, RefCell};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixDatagram};
use std::sync::Arc;

use self::header::Headers;
use super::descriptor::{self, Descriptor};
use super::target::{Destination, Level, Target};
use crate::time::wall_us;

/// What every line of the process carries.
#[derive(Clone, Debug)]
pub struct SenderSettings {
    /// `log-tag`.
    pub tag: String,
    /// `log-send-hostname`.
    pub hostname: Option<String>,
    pub pid: u32,
    /// Events are shown on standard error too: the process is neither quiet nor a daemon.
    pub announce: bool,
}

/// Sends lines without ever waiting; what cannot be sent at once is dropped and counted.
///
/// Sockets are opened on first use and never connected: a syslog daemon that comes back, on the
/// network or behind its unix socket, gets the next line, and one that is gone costs a failed call
/// for each line.
#[derive(Debug)]
pub struct Sender {
    pid: u32,
    announce: bool,
    state: RefCell<State>,
    dropped: Cell<u64>,
}

#[derive(Debug)]
struct State {
    headers: Headers,
    line: Vec<u8>,
    v4: Option<UdpSocket>,
    v6: Option<UdpSocket>,
    unix: Option<UnixDatagram>,
    descriptors: Vec<(i32, Arc<Descriptor>)>,
}

impl Sender {
    #[must_use]
    pub fn new(settings: SenderSettings) -> Self {
        Self {
            pid: settings.pid,
            announce: settings.announce,
            state: RefCell::new(State {
                headers: Headers::new(&settings),
                line: Vec::new(),
                v4: None,
                v6: None,
                unix: None,
                descriptors: Vec::new(),
            }),
            dropped: Cell::new(0),
        }
    }

    /// Sends one line to every target that takes its level. `wall_us`: microseconds since the
    /// Unix epoch, for the header.
    pub fn send(&self, targets: &[Arc<Target>], level: Level, wall_us: u64, message: &[u8]) {
        self.send_as(None, targets, level, wall_us, message);
    }

    /// As [`send`](Self::send), with the `log-tag` of a proxy.
    pub fn send_as(
        &self,
        tag: Option<&str>,
        targets: &[Arc<Target>],
        level: Level,
        wall_us: u64,
        message: &[u8],
    ) {
        for target in targets {
            if level <= target.level {
                let lost = self.state.borrow_mut().send(target, level, tag, wall_us, message);
                self.dropped.set(self.dropped.get() + lost);
            }
        }
    }

    /// Tells of a change in the process: a line to the targets and, while announcing, one on
    /// standard error, an alert for `Emerg` and a warning for everything else.
    pub fn event(&self, targets: &[Arc<Target>], level: Level, message: &str) {
        self.event_as(None, targets, level, message);
    }

    /// As [`event`](Self::event), with the `log-tag` of a proxy.
    pub fn event_as(
        &self,
        tag: Option<&str>,
        targets: &[Arc<Target>],
        level: Level,
        message: &str,
    ) {
        self.announce(level, message);
        self.send_as(tag, targets, level, wall_us(), message.as_bytes());
    }

    /// The part of [`event`](Self::event) that goes to standard error.
    pub fn announce(&self, level: Level, message: &str) {
        if self.announce {
            let label = if level == Level::Emerg { "[ALERT]   " } else { "[WARNING] " };
            let line = format!("{label} ({}) : {message}\n", self.pid);
            let lost = self.state.borrow_mut().write(2, line.as_bytes());
            self.dropped.set(self.dropped.get() + lost);
        }
    }

    /// Lines lost so far.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.get()
    }
}

impl State {
    /// Returns how many lines were lost.
    fn send(
        &mut self,
        target: &Target,
        level: Level,
        tag: Option<&str>,
        wall_us: u64,
        message: &[u8],
    ) -> u64 {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        let level = level.max(target.min_level);
        self.headers.write(target, level, tag, wall_us, &mut line);
        line.extend_from_slice(message);
        line.truncate(target.length - 1);
        line.push(b'\n');
        let lost = match &target.destination {
            Destination::Fd(number) => self.write(*number, &line),
            datagram => u64::from(!self.send_datagram(datagram, &line)),
        };
        self.line = line;
        lost
    }

    fn write(&mut self, number: i32, line: &[u8]) -> u64 {
        let known = self.descriptors.iter().find(|(known, _)| *known == number);
        if let Some((_, descriptor)) = known {
            return descriptor.push(line);
        }
        let descriptor = descriptor::open(number);
        let lost = descriptor.push(line);
        self.descriptors.push((number, descriptor));
        lost
    }

    fn send_datagram(&mut self, destination: &Destination, line: &[u8]) -> bool {
        let sent = match destination {
            Destination::Udp(address @ SocketAddr::V4(_)) => {
                opened(&mut self.v4, || udp(Ipv4Addr::UNSPECIFIED.into()))
                    .map(|socket| socket.send_to(line, address))
            }
            Destination::Udp(address @ SocketAddr::V6(_)) => {
                opened(&mut self.v6, || udp(Ipv6Addr::UNSPECIFIED.into()))
                    .map(|socket| socket.send_to(line, address))
            }
            Destination::Unix(path) => {
                opened(&mut self.unix, unix).map(|socket| socket.send_to(line, path))
            }
            Destination::Abstract(name) => UnixAddress::from_abstract_name(name)
                .ok()
                .and_then(|address| Some((opened(&mut self.unix, unix)?, address)))
                .map(|(socket, address)| socket.send_to_addr(line, &address)),
            Destination::Fd(_) => None,
        };
        matches!(sent, Some(Ok(_)))
    }
}

fn opened<T>(socket: &mut Option<T>, open: impl FnOnce() -> std::io::Result<T>) -> Option<&T> {
    if socket.is_none() {
        *socket = open().ok();
    }
    socket.as_ref()
}

fn udp(any: std::net::IpAddr) -> std::io::Result<UdpSocket> {
    let socket = UdpSocket::bind((any, 0))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn unix() -> std::io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests;
