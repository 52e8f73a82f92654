//! An empty database for one scenario.

use std::sync::Arc;

use tempfile::TempDir;

use super::mariadb::{self, Mariadb};
use super::node::Node;

pub(crate) struct Stage {
    pub(crate) url: String,
    /// As the server itself states it; `None` for SQLite, which has no other voice to ask.
    pub(crate) version: Option<String>,
    _keep: Keep,
}

enum Keep {
    Directory { _directory: TempDir },
    Server { _server: Arc<Mariadb> },
}

impl Stage {
    pub(crate) fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/board.db?mode=rwc", directory.path().display());
        Self { url, version: None, _keep: Keep::Directory { _directory: directory } }
    }

    /// `None` when MariaDB is knowingly left out.
    pub(crate) fn mariadb() -> Option<Self> {
        if mariadb::is_left_out() {
            return None;
        }
        let server = mariadb::shared();
        let url = server.create_database();
        let version = Some(server.query("SELECT VERSION()"));
        Some(Self { url, version, _keep: Keep::Server { _server: server } })
    }

    /// A ready node named `app1` with the demonstration's data, and `settings` (YAML) on top.
    pub(crate) fn node(&self, settings: &str) -> Node {
        let node = Node::launch("app1", &self.url, settings);
        node.wait_until_ready();
        node
    }
}
