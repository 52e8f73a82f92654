//! The configuration file. Values are parsed into types that cannot be wrong, so that whatever
//! loads also runs; a mistake is one sentence with its line.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::args::Args;

mod name;
mod url;
mod value;

pub(crate) use name::{BasePath, NodeName};
pub(crate) use url::DatabaseUrl;

/// The whole file. Only `node` and `listen` have no default.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Shown on every page, in `x-served-by` and in the log.
    pub(crate) node: NodeName,
    pub(crate) listen: SocketAddr,
    /// Where the pages are mounted; empty or `/` for the root.
    #[serde(default)]
    pub(crate) base_path: BasePath,
    /// Where a relative SQLite file lives; itself relative to the configuration file.
    #[serde(default)]
    pub(crate) state_dir: PathBuf,
    #[serde(default)]
    pub(crate) database: Database,
    /// Create the user `demo` with the password `demo-password`, and a few messages.
    #[serde(default)]
    pub(crate) seed_demo: bool,
    /// Peers whose last `X-Forwarded-For` address is believed.
    #[serde(default = "loopback")]
    pub(crate) trusted_proxies: Vec<IpAddr>,
    #[serde(default)]
    pub(crate) session: Session,
    #[serde(default)]
    pub(crate) throttle: Throttle,
    #[serde(default)]
    pub(crate) password: Password,
    #[serde(default)]
    pub(crate) limits: Limits,
    #[serde(default)]
    pub(crate) drain: Drain,
    #[serde(default)]
    pub(crate) log: Log,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) url: DatabaseUrl,
    #[serde(deserialize_with = "value::within::<1, 10_000, _>")]
    pub(crate) max_connections: u32,
    /// How long a request waits for a connection before it is answered 503.
    #[serde(deserialize_with = "value::some_time")]
    pub(crate) acquire_timeout: Duration,
    /// How long the start waits for a database that does not answer before the process gives up.
    #[serde(deserialize_with = "value::some_time")]
    pub(crate) start_timeout: Duration,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Session {
    #[serde(deserialize_with = "value::some_time")]
    pub(crate) lifetime: Duration,
    /// Send the cookie over HTTPS only; for sites whose load balancer ends TLS.
    pub(crate) cookie_secure: bool,
}

/// How often a thing may be tried within one window.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Throttle {
    #[serde(deserialize_with = "value::some_time")]
    pub(crate) window: Duration,
    /// Failed sign-ins for one name from one address.
    #[serde(deserialize_with = "value::within::<1, 1_000_000_000, _>")]
    pub(crate) login_failures: u32,
    /// Failed sign-ins from one address, whatever the name.
    #[serde(deserialize_with = "value::within::<1, 1_000_000_000, _>")]
    pub(crate) address_failures: u32,
    /// New accounts from one address.
    #[serde(deserialize_with = "value::within::<1, 1_000_000_000, _>")]
    pub(crate) registrations: u32,
    /// New messages of one user.
    #[serde(deserialize_with = "value::within::<1, 1_000_000_000, _>")]
    pub(crate) messages: u32,
}

/// Cost of a password hash (argon2id).
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Password {
    #[serde(deserialize_with = "value::within::<8, 1_048_576, _>")]
    pub(crate) memory_kib: u32,
    #[serde(deserialize_with = "value::within::<1, 100, _>")]
    pub(crate) passes: u32,
    /// Hashes computed at the same time; more wait.
    #[serde(deserialize_with = "value::within::<1, 1_000, _>")]
    pub(crate) concurrency: u32,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    #[serde(deserialize_with = "value::within::<1, 1_000_000, _>")]
    pub(crate) connections: u32,
    /// Largest request body in bytes.
    #[serde(deserialize_with = "value::within::<1_024, 16_777_216, _>")]
    pub(crate) body: u32,
    /// From the request's head to the response's head.
    #[serde(deserialize_with = "value::some_time")]
    pub(crate) request_timeout: Duration,
    /// For a request's head to arrive; also how long an idle connection is kept.
    #[serde(deserialize_with = "value::some_time")]
    pub(crate) header_timeout: Duration,
    /// For a client to take in what was sent to it before it is cut off.
    #[serde(deserialize_with = "value::some_time")]
    pub(crate) send_timeout: Duration,
    /// Messages on one page of the list.
    #[serde(deserialize_with = "value::within::<1, 1000, _>")]
    pub(crate) page_size: u32,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Drain {
    /// How long `/readyz` says 503 while connections are still accepted, so that the load
    /// balancer's checks see it.
    #[serde(deserialize_with = "value::duration")]
    pub(crate) announce: Duration,
    /// How long the requests under way may take after that.
    #[serde(deserialize_with = "value::duration")]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) format: LogFormat,
    pub(crate) level: LogLevel,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

/// Why a configuration cannot be used: one sentence.
#[derive(Debug)]
pub(crate) struct ConfigError(String);

impl Config {
    /// Reads `args.config`, then applies what the command line and `EVENKEEL_APP_DATABASE_URL`
    /// override.
    pub(crate) fn load(args: &Args) -> Result<Self, ConfigError> {
        let file = args.config.display();
        let text = std::fs::read_to_string(&args.config)
            .map_err(|error| ConfigError(format!("{file}: cannot be read: {error}")))?;
        let mut config: Self =
            serde_yaml::from_str(&text).map_err(|error| ConfigError(format!("{file}: {error}")))?;
        config.apply(args)?;
        Ok(config)
    }

    fn apply(&mut self, args: &Args) -> Result<(), ConfigError> {
        if let Some(url) = std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty()) {
            self.database.url = DatabaseUrl::parse(&url)
                .map_err(|reason| ConfigError(format!("{URL_VARIABLE}: {reason}")))?;
        }
        if let Some(node) = &args.node {
            self.node =
                NodeName::parse(node).map_err(|reason| ConfigError(format!("--node: {reason}")))?;
        }
        if let Some(listen) = args.listen {
            self.listen = listen;
        }
        self.state_dir = match &args.state_dir {
            Some(directory) => directory.clone(),
            None => args.config.parent().unwrap_or(Path::new("")).join(&self.state_dir),
        };
        self.database.url.resolve(&self.state_dir);
        Ok(())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::default(),
            max_connections: 10,
            acquire_timeout: Duration::from_secs(3),
            start_timeout: Duration::from_secs(60),
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self { lifetime: Duration::from_secs(12 * 3600), cookie_secure: false }
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(15 * 60),
            login_failures: 5,
            address_failures: 50,
            registrations: 20,
            messages: 100,
        }
    }
}

impl Default for Password {
    /// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, concurrency: 2 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            body: 64 * 1024,
            request_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(60),
            send_timeout: Duration::from_secs(30),
            page_size: 10,
        }
    }
}

impl Default for Drain {
    fn default() -> Self {
        Self { announce: Duration::from_secs(2), timeout: Duration::from_secs(15) }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: LogLevel::Info }
    }
}

fn loopback() -> Vec<IpAddr> {
    vec![[127, 0, 0, 1].into(), std::net::Ipv6Addr::LOCALHOST.into()]
}

const URL_VARIABLE: &str = "EVENKEEL_APP_DATABASE_URL";
