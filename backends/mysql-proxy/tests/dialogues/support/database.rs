//! A MariaDB server that lives as long as the test process.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub(crate) const USER: &str = "app";
pub(crate) const PASSWORD: &str = "secret";

pub(crate) struct Database {
    pub(crate) address: SocketAddr,
    /// Its closing, which the end of this process brings, stops the server.
    _life: Option<ChildStdin>,
    _process: Child,
}

/// The server of this process; `None` if the tests are to do without.
pub(crate) fn shared() -> Option<&'static Database> {
    static SHARED: OnceLock<Option<Database>> = OnceLock::new();
    let skip = || std::env::var_os("EVENKEEL_SKIP_MARIADB").is_some_and(|value| value == "1");
    SHARED.get_or_init(|| (!skip()).then(Database::start)).as_ref()
}

/// A free port, as far as one can tell.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Database {
    fn start() -> Self {
        let directory =
            std::env::temp_dir().join(format!("evenkeel-mariadb-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        install(&directory);
        let address = free_address();
        let mut process = launch(&directory, address);
        let life = process.stdin.take();
        let database = Self { address, _life: life, _process: process };
        database.wait();
        database.root(&format!(
            "CREATE DATABASE t; CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'; \
             GRANT ALL ON *.* TO {USER}@'%'; CREATE USER evenkeel@'%' IDENTIFIED BY 'check'"
        ));
        database
    }

    /// Runs SQL as root, past the proxy; returns what it prints.
    pub(crate) fn root(&self, sql: &str) -> String {
        let output = cli(self.address, "root", "").args(["-N", "-e", sql]).output().unwrap();
        text(&output)
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !cli(self.address, "root", "").args(["-e", "DO 1"]).output().unwrap().status.success()
        {
            assert!(Instant::now() < deadline, "mariadbd does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The command-line client, ready for more arguments.
pub(crate) fn cli(address: SocketAddr, user: &str, password: &str) -> Command {
    client("mariadb", address, user, password)
}

/// One of MariaDB's programs, told where to connect.
pub(crate) fn client(program: &str, address: SocketAddr, user: &str, password: &str) -> Command {
    let mut command = Command::new("timeout");
    command.args(["60", program, "--no-defaults", "--protocol=tcp"]);
    command.arg(format!("--host={}", address.ip())).arg(format!("--port={}", address.port()));
    command.arg(format!("--user={user}")).arg(format!("--password={password}"));
    command.stdin(Stdio::null());
    command
}

/// Standard output of a program that must have succeeded.
pub(crate) fn text(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", output.status);
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn install(directory: &Path) {
    let output = Command::new("mariadb-install-db")
        .args(["--no-defaults", "--user=root", "--auth-root-authentication-method=normal"])
        .args(["--skip-test-db", "--innodb-log-file-size=64M"])
        .arg(argument("datadir", directory.join("data")))
        .output()
        .expect("mariadb-install-db must be installed, or EVENKEEL_SKIP_MARIADB=1 set");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Starts the server under a shell that ends it, and removes its files, when its standard input
/// closes: also if this process dies.
fn launch(directory: &Path, address: SocketAddr) -> Child {
    let script = r#"dir=$1; shift; "$@" >"$dir/log" 2>&1 & server=$!
        read -r _; kill "$server"; wait "$server"; rm -rf "$dir""#;
    Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(directory)
        .args(["mariadbd", "--no-defaults", "--user=root", "--bind-address=127.0.0.1"])
        .args(["--local-infile=1", "--max-allowed-packet=64M", "--innodb-log-file-size=64M"])
        .args(["--max-connections=200", "--innodb-flush-log-at-trx-commit=0"])
        .arg(format!("--port={}", address.port()))
        .arg(argument("datadir", directory.join("data")))
        .arg(argument("socket", directory.join("socket")))
        .arg(argument("pid-file", directory.join("pid")))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn argument(name: &str, path: PathBuf) -> String {
    format!("--{name}={}", path.display())
}
