//! What systemd is told about the service (sd_notify(3)): nothing unless `-Ws` asks for it.

use std::ffi::OsString;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use nix::time::{ClockId, clock_gettime};

pub(super) struct Notifier {
    /// `NOTIFY_SOCKET`.
    address: Option<OsString>,
}

impl Notifier {
    pub(super) fn new(is_wanted: bool) -> Self {
        let address = std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty());
        Self { address: address.filter(|_| is_wanted) }
    }

    pub(super) fn ready(&self) {
        self.tell(&format!("READY=1\nMAINPID={}\nSTATUS=Ready.\n", std::process::id()));
    }

    pub(super) fn reloading(&self) {
        let now = clock_gettime(ClockId::CLOCK_MONOTONIC)
            .map_or(0, |now| now.tv_sec() * 1_000_000 + now.tv_nsec() / 1000);
        let status = "Reloading Configuration.";
        self.tell(&format!("RELOADING=1\nSTATUS={status}\nMONOTONIC_USEC={now}\n"));
    }

    pub(super) fn reload_failed(&self) {
        self.tell("READY=1\nSTATUS=Reload failed!\n");
    }

    pub(super) fn stopping(&self) {
        self.tell("STOPPING=1\n");
    }

    /// A service manager that does not listen is none of the proxy's worries.
    fn tell(&self, text: &str) {
        let Some(name) = &self.address else { return };
        let Ok(socket) = UnixDatagram::unbound() else { return };
        let _ = match name.as_bytes().strip_prefix(b"@") {
            Some(name) => SocketAddr::from_abstract_name(name)
                .and_then(|address| socket.send_to_addr(text.as_bytes(), &address)),
            None => socket.send_to(text.as_bytes(), name),
        };
    }
}
