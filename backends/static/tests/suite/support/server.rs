//! A server inside the test process, on a port of its own.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use evenkeel_static::config::Config;
use evenkeel_static::serve::{Bound, Phase, Running};
use evenkeel_static::site::Site;

use super::{Answer, Client, Folder};

pub(crate) struct Server {
    pub(crate) folder: Folder,
    address: SocketAddr,
    running: Running,
}

impl Server {
    /// Serves `folder` with `extra` lines of configuration.
    pub(crate) fn start(folder: Folder, extra: &str) -> Self {
        let config = Config::load(&folder.config(extra)).unwrap();
        let site = Arc::new(Site::new(&config).unwrap());
        let bound = Bound::new(&config.listen, NonZeroUsize::MIN).unwrap();
        let address = bound.addresses()[0];
        let running = bound.start(&site, None).unwrap();
        Self { folder, address, running }
    }

    /// A site with `index.html` and `a.txt`, which holds the 26 small letters.
    pub(crate) fn small(extra: &str) -> Self {
        let folder = Folder::new();
        folder.file("index.html", "<p>home</p>\n").file("a.txt", "abcdefghijklmnopqrstuvwxyz");
        Self::start(folder, extra)
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// One GET on a connection of its own; `fields` are whole lines with their ends.
    pub(crate) fn get(&self, target: &str, fields: &str) -> Answer {
        let mut client = self.connect();
        client.say(&format!("GET {target} HTTP/1.1\r\nHost: x\r\n{fields}\r\n"));
        client.hear()
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.running.enter(phase);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.running.enter(Phase::Cut);
    }
}
