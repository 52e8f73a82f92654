//! A private MariaDB server: own directory, own loopback port, stopped by its process id.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use tempfile::TempDir;

use super::node::{signal, wait_for};

pub(crate) struct Mariadb {
    directory: TempDir,
    port: u16,
    process: Option<Child>,
}

/// Whether the environment says that MariaDB is left out. Panics when it is merely missing.
pub(crate) fn is_left_out() -> bool {
    if std::env::var("EVENKEEL_SKIP_MARIADB").is_ok_and(|value| value == "1") {
        return true;
    }
    let missing = ["mariadbd", "mariadb-install-db", "mariadb"]
        .into_iter()
        .find(|program| !path_of(program).exists());
    if let Some(program) = missing {
        panic!("{program} is not installed: install mariadb-server or set EVENKEEL_SKIP_MARIADB=1");
    }
    false
}

/// The server that scenarios share while any of them runs; the last one stops it.
pub(crate) fn shared() -> Arc<Mariadb> {
    static SHARED: Mutex<Weak<Mariadb>> = Mutex::new(Weak::new());
    // A scenario that failed while it started the server is no reason for the others to fail.
    let mut shared = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    shared.upgrade().unwrap_or_else(|| {
        let server = Arc::new(Mariadb::start());
        *shared = Arc::downgrade(&server);
        server
    })
}

impl Mariadb {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let installed = Command::new(path_of("mariadb-install-db"))
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .arg(format!("--user={}", user()))
            .arg(format!("--datadir={}", directory.path().join("data").display()))
            .output()
            .unwrap();
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stdout));
        // Free at this moment; the server says so at once if somebody else was quicker.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { directory, port, process: None };
        server.run();
        server
    }

    /// Starts the process again, on the same data and port.
    pub(crate) fn run(&mut self) {
        let path = |name: &str| self.directory.path().join(name).display().to_string();
        let process = Command::new(path_of("mariadbd"))
            .args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve"])
            .args(["--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0"])
            .arg(format!("--user={}", user()))
            .arg(format!("--port={}", self.port))
            .arg(format!("--datadir={}", path("data")))
            .arg(format!("--socket={}", path("socket")))
            .arg(format!("--pid-file={}", path("pid")))
            .arg(format!("--log-error={}", path("log")))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.process = Some(process);
        wait_for("MariaDB to answer", || self.client("SELECT 1").status.success());
    }

    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            signal("TERM", process.id());
            // One that a test has stopped must go on to hear it.
            signal("CONT", process.id());
            process.wait().unwrap();
        }
    }

    /// Sends the process a signal, such as `STOP` and `CONT`.
    pub(crate) fn signal(&self, name: &str) {
        signal(name, self.process.as_ref().unwrap().id());
    }

    /// A new, empty database with a user of its own; returns the URL.
    pub(crate) fn create_database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("board{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.query(&format!("CREATE DATABASE {name}"));
        self.query(&format!(
            "GRANT ALL ON {name}.* TO '{name}'@'127.0.0.1' IDENTIFIED BY 'p@ss:w/rd?'"
        ));
        format!("mysql://{name}:p%40ss%3Aw%2Frd%3F@127.0.0.1:{}/{name}", self.port)
    }

    /// The answer to a statement, by MariaDB's own client.
    pub(crate) fn query(&self, sql: &str) -> String {
        let output = self.client(sql);
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn client(&self, sql: &str) -> std::process::Output {
        Command::new(path_of("mariadb"))
            .args(["--no-defaults", "--batch", "--skip-column-names", "--user=root"])
            .arg(format!("--socket={}", self.directory.path().join("socket").display()))
            .args(["--execute", sql])
            .output()
            .unwrap()
    }
}

impl Drop for Mariadb {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Servers lie in `sbin`, which is not on everybody's path.
fn path_of(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|directory| directory.join(program))
        .find(|file| file.exists())
        .unwrap_or_else(|| program.into())
}

fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
