//! The settings file: written in YAML, meant as [`Settings`].
//!
//! Apart because nothing else may read the file: what leaves this module is complete and checked.

use std::collections::HashSet;
use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

pub use network::Network;

mod network;

/// Everything the proxy is told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub listen: SocketAddr,
    /// Threads; by default one per core.
    pub workers: Option<u16>,
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
    pub servers: Vec<ServerSettings>,
    /// Accounts that the proxy verifies itself (`mysql_native_password`), on both sides. Without
    /// any, the server judges all logins and the proxy knows no password.
    #[serde(default)]
    pub users: Vec<UserSettings>,
    /// Whether new sessions go to a standby server while the primary is down.
    #[serde(default)]
    pub failover: bool,
    #[serde(default)]
    pub pool: PoolSettings,
    #[serde(default)]
    pub timeouts: Timeouts,
    #[serde(default)]
    pub health: HealthSettings,
    pub admin: Option<AdminSettings>,
    #[serde(default)]
    pub log: LogSettings,
    /// Whether clients come through a load balancer that sends the PROXY protocol.
    #[serde(default)]
    pub accept_proxy_protocol: bool,
    /// From where it is expected, then; clients from elsewhere are taken as they are.
    #[serde(default)]
    pub trusted_proxies: Vec<Network>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    pub name: String,
    /// `address:port` or `name:port`; a name is resolved once, at start.
    pub address: String,
    #[serde(default)]
    pub role: Role,
    /// `address` resolved.
    #[serde(skip, default = "unresolved")]
    pub target: SocketAddr,
}

/// An account of an application.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSettings {
    pub name: String,
    pub password: Secret,
}

/// What a server is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Takes the sessions.
    Primary,
    /// Takes them, in the order of the file, when those before it are down and `failover` is on.
    #[default]
    Standby,
}

/// Server connections kept for the next client, for each worker.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PoolSettings {
    /// 0 keeps none.
    pub max_idle: usize,
    #[serde(deserialize_with = "duration")]
    pub idle_timeout: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// To reach a server and read its greeting.
    #[serde(deserialize_with = "duration")]
    pub connect: Duration,
    /// For a client to log in. It must be below the server's `connect_timeout`, or a server may
    /// give up first and count that against the proxy's host (`max_connect_errors`).
    #[serde(deserialize_with = "duration")]
    pub login: Duration,
    /// For a peer to take the bytes sent to it.
    #[serde(deserialize_with = "duration")]
    pub write: Duration,
    /// For open transactions to finish when the proxy stops.
    #[serde(deserialize_with = "duration")]
    pub drain: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HealthSettings {
    #[serde(deserialize_with = "duration")]
    pub interval: Duration,
    /// Good checks in a row that bring a server up.
    pub rise: u32,
    /// Failed checks in a row that take it down.
    pub fall: u32,
    /// The account that checks log in with. Without one a refused login is a sign of life, too.
    pub user: Option<String>,
    pub password: Secret,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminSettings {
    pub listen: SocketAddr,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    pub format: LogFormat,
    pub level: LogLevel,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

/// A password, which no log or panic message shows.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Settings {
    /// Reads and checks the file; the error is one sentence for the operator.
    pub fn load(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// As [`Self::load`], from the file's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut settings: Self = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&mut self) -> Result<(), String> {
        self.check_servers()?;
        let mut names = HashSet::new();
        if let Some(twice) = self.users.iter().find(|user| !names.insert(&user.name)) {
            return Err(format!("two users are named `{}`", twice.name));
        }
        if self.accept_proxy_protocol == self.trusted_proxies.is_empty() {
            return Err("`accept_proxy_protocol` and `trusted_proxies` need each other".into());
        }
        let positive = [
            ("workers", self.workers.is_none_or(|workers| workers > 0)),
            ("max_connections", self.max_connections > 0),
            ("health.rise", self.health.rise > 0),
            ("health.fall", self.health.fall > 0),
            ("health.interval", !self.health.interval.is_zero()),
            ("pool.idle_timeout", !self.pool.idle_timeout.is_zero()),
            ("timeouts.connect", !self.timeouts.connect.is_zero()),
            ("timeouts.login", !self.timeouts.login.is_zero()),
            ("timeouts.write", !self.timeouts.write.is_zero()),
        ];
        match positive.iter().find(|(_, fine)| !fine) {
            Some((name, _)) => Err(format!("`{name}` must be greater than 0")),
            None => Ok(()),
        }
    }

    fn check_servers(&mut self) -> Result<(), String> {
        let mut names = HashSet::new();
        if let Some(twice) = self.servers.iter().find(|server| !names.insert(&server.name)) {
            return Err(format!("two servers are named `{}`", twice.name));
        }
        let primaries = self.servers.iter().filter(|server| server.role == Role::Primary).count();
        match (self.servers.as_mut_slice(), primaries) {
            ([], _) => return Err("`servers` is empty: at least one is needed".into()),
            ([only], _) => only.role = Role::Primary,
            (_, 1) => {}
            (_, 0) => return Err("no server has `role: primary`".into()),
            (_, count) => return Err(format!("{count} servers have `role: primary`: one may")),
        }
        for server in &mut self.servers {
            server.target = resolve(&server.address)
                .map_err(|why| format!("server `{}`: `{}`: {why}", server.name, server.address))?;
        }
        // A stable sort: the primary first, then the file's order.
        self.servers.sort_by_key(|server| server.role != Role::Primary);
        Ok(())
    }
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { max_idle: 16, idle_timeout: Duration::from_secs(60) }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            login: Duration::from_secs(8),
            write: Duration::from_secs(60),
            drain: Duration::from_secs(30),
        }
    }
}

impl Default for HealthSettings {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(2),
            rise: 2,
            fall: 3,
            user: None,
            password: Secret::default(),
        }
    }
}

impl LogLevel {
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

fn default_max_connections() -> usize {
    1000
}

fn unresolved() -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], 0))
}

fn resolve(address: &str) -> Result<SocketAddr, String> {
    let mut found = address.to_socket_addrs().map_err(|error| error.to_string())?;
    found.next().ok_or_else(|| "the name has no address".into())
}

/// A time as HAProxy writes it: a whole number and `ms`, `s`, `m` or `h`.
fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is no time: write it as 500ms, 10s, 5m or 1h"))
    })
}

fn parse_duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let seconds = |factor| number.checked_mul(factor).map(Duration::from_secs);
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3600),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "listen: 127.0.0.1:3307\nservers: [{name: db1, address: 127.0.0.1:3306}]\n";

    #[test]
    fn a_short_file_is_completed_with_defaults() {
        let settings = Settings::parse(ONE).unwrap();
        assert_eq!(settings.servers[0].role, Role::Primary);
        assert_eq!(settings.servers[0].target, "127.0.0.1:3306".parse().unwrap());
        assert_eq!(settings.timeouts.connect, Duration::from_secs(3));
        assert!(!settings.failover);
    }

    #[test]
    fn the_primary_comes_first_and_the_others_keep_their_order() {
        let text = "listen: 127.0.0.1:1\nservers:\n\
             - {name: a, address: 127.0.0.1:1}\n\
             - {name: b, address: 127.0.0.1:2, role: primary}\n\
             - {name: c, address: 127.0.0.1:3, role: standby}\n";
        let settings = Settings::parse(text).unwrap();
        let names: Vec<_> = settings.servers.iter().map(|server| server.name.as_str()).collect();
        assert_eq!(names, ["b", "a", "c"]);
    }

    #[test]
    fn each_mistake_gets_one_clear_sentence() {
        let two = "listen: 127.0.0.1:1\nservers:\n\
             - {name: a, address: 127.0.0.1:1}\n\
             - {name: b, address: 127.0.0.1:2}\n";
        for (text, part) in [
            (format!("{ONE}lisen: 1\n"), "unknown field `lisen`"),
            (format!("{ONE}lisen: 1\n"), "line 3"),
            (format!("{ONE}timeouts:\n  connect: 3 s\n"), "`3 s` is no time"),
            (format!("{ONE}timeouts:\n  connect: 3 s\n"), "line 4"),
            (format!("{ONE}max_connections: 0\n"), "`max_connections` must be greater than 0"),
            (
                format!("{ONE}users: [{{name: a, password: b}}, {{name: a, password: c}}]\n"),
                "two users are named `a`",
            ),
            (format!("{ONE}accept_proxy_protocol: true\n"), "need each other"),
            (format!("{ONE}trusted_proxies: [10.0.0.0/64]\n"), "`10.0.0.0/64` is no network"),
            ("listen: here\nservers: []\n".into(), "invalid socket address"),
            ("listen: 127.0.0.1:1\nservers: []\n".into(), "`servers` is empty"),
            (two.into(), "no server has `role: primary`"),
            (two.replace("}", ", role: primary}"), "2 servers have `role: primary`"),
            (two.replace("b,", "a,"), "two servers are named `a`"),
            (ONE.replace("127.0.0.1:3306", "nowhere"), "server `db1`: `nowhere`"),
        ] {
            let error = Settings::parse(&text).unwrap_err();
            assert!(error.contains(part), "{error:?} lacks {part:?}");
            assert_eq!(error.lines().count(), 1, "{error:?}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let text = format!("{ONE}health: {{user: check, password: hunter2}}\n");
        let settings = Settings::parse(&text).unwrap();
        assert_eq!(settings.health.password.0, "hunter2");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn the_example_is_valid() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conf/mysql-proxy.yaml");
        let settings = Settings::load(Path::new(path)).unwrap();
        assert_eq!(settings.listen, "127.0.0.1:3307".parse().unwrap());
        assert_eq!(settings.servers[0].target, "127.0.0.1:3306".parse().unwrap());
        let admin = settings.admin.expect("the example has an admin listener");
        assert_eq!(admin.listen, "127.0.0.1:8083".parse().unwrap());
    }
}
