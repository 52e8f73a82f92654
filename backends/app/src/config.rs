//! The configuration file. Values are parsed into types that cannot be wrong, so that whatever
//! loads also runs; a mistake is one sentence with its line.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::args::Args;

mod duration;
mod name;
mod url;

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
    pub(crate) max_connections: NonZeroU32,
    /// How long a request waits for a connection before it is answered 503.
    #[serde(deserialize_with = "duration::positive")]
    pub(crate) acquire_timeout: Duration,
    /// How long the start waits for a database that does not answer before the process gives up.
    #[serde(deserialize_with = "duration::positive")]
    pub(crate) start_timeout: Duration,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Session {
    #[serde(deserialize_with = "duration::positive")]
    pub(crate) lifetime: Duration,
    /// Send the cookie over HTTPS only; for sites whose load balancer ends TLS.
    pub(crate) cookie_secure: bool,
}

/// How often a thing may be tried within one window.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Throttle {
    #[serde(deserialize_with = "duration::positive")]
    pub(crate) window: Duration,
    /// Failed sign-ins for one name from one address.
    pub(crate) login_failures: NonZeroU32,
    /// Failed sign-ins from one address, whatever the name.
    pub(crate) address_failures: NonZeroU32,
    /// New accounts from one address.
    pub(crate) registrations: NonZeroU32,
    /// New messages of one user.
    pub(crate) messages: NonZeroU32,
}

/// Cost of a password hash (argon2id).
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Password {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    /// Hashes computed at the same time; more wait.
    pub(crate) concurrency: NonZeroUsize,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) connections: NonZeroUsize,
    /// Largest request body in bytes.
    pub(crate) body: usize,
    /// From the request's head to the response's head.
    #[serde(deserialize_with = "duration::positive")]
    pub(crate) request_timeout: Duration,
    /// For a request's head to arrive; also how long an idle connection is kept.
    #[serde(deserialize_with = "duration::positive")]
    pub(crate) header_timeout: Duration,
    /// Messages on one page of the list.
    pub(crate) page_size: NonZeroU32,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Drain {
    /// How long `/readyz` says 503 while connections are still accepted, so that the load
    /// balancer's checks see it.
    #[serde(deserialize_with = "duration::any")]
    pub(crate) announce: Duration,
    /// How long the requests under way may take after that.
    #[serde(deserialize_with = "duration::any")]
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
            self.database.url = DatabaseUrl::try_from(url)
                .map_err(|reason| ConfigError(format!("{URL_VARIABLE}: {reason}")))?;
        }
        if let Some(node) = &args.node {
            self.node = NodeName::try_from(node.clone())
                .map_err(|reason| ConfigError(format!("--node: {reason}")))?;
        }
        if let Some(listen) = args.listen {
            self.listen = listen;
        }
        self.state_dir = match &args.state_dir {
            Some(directory) => directory.clone(),
            None => args.config.parent().unwrap_or(Path::new("")).join(&self.state_dir),
        };
        self.database.url.resolve(&self.state_dir);
        crate::password::check(&self.password)
            .map_err(|reason| ConfigError(format!("{}: password: {reason}", args.config.display())))
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
            max_connections: at_least_one(10),
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
            login_failures: at_least_one(5),
            address_failures: at_least_one(50),
            registrations: at_least_one(20),
            messages: at_least_one(100),
        }
    }
}

impl Default for Password {
    /// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, concurrency: NonZeroUsize::MIN.saturating_add(1) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: NonZeroUsize::MIN.saturating_add(4095),
            body: 64 * 1024,
            request_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(60),
            page_size: at_least_one(10),
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

fn at_least_one(value: u32) -> NonZeroU32 {
    NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN)
}

fn loopback() -> Vec<IpAddr> {
    vec![[127, 0, 0, 1].into(), std::net::Ipv6Addr::LOCALHOST.into()]
}

const URL_VARIABLE: &str = "EVENKEEL_APP_DATABASE_URL";
