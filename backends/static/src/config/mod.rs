//! The configuration as written: one struct per YAML mapping, every field checked while it is read
//! so that a mistake is reported with its line. What it means is [`crate::site::Site`].

mod listen;
mod text;
mod units;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnetwork::IpNetwork;
use serde::Deserialize;

pub use text::{HeaderName, HeaderText};
pub use units::ByteSize;

/// A whole configuration file. Unknown keys are errors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// One address, or a list of them.
    #[serde(deserialize_with = "listen::one_or_many")]
    pub listen: Vec<SocketAddr>,
    /// Directory that holds the site, relative to the configuration file.
    pub root: PathBuf,
    /// Worker threads; the number of processors when left out.
    pub workers: Option<NonZeroUsize>,
    /// File names tried, in order, for a path that ends in `/`.
    #[serde(default = "default_index")]
    pub index: Vec<String>,
    /// Follow symbolic links that lead out of the root.
    #[serde(default)]
    pub follow_symlinks: bool,
    /// Answer with a list of files for a directory without an index file.
    #[serde(default)]
    pub listing: bool,
    /// Prefer `name.br` and `name.gz` next to `name` where the client accepts them.
    #[serde(default = "yes")]
    pub precompressed: bool,
    /// Media types by file name extension, added to the built-in table.
    #[serde(default)]
    pub mime_types: BTreeMap<String, HeaderText>,
    /// Media type of everything the table does not know.
    pub default_type: Option<HeaderText>,
    /// `Cache-Control` rules; the first that matches is used.
    #[serde(default)]
    pub cache_control: Vec<CacheRule>,
    /// Headers added to every answer.
    #[serde(default)]
    pub headers: BTreeMap<HeaderName, HeaderText>,
    /// Status to a path inside the site.
    #[serde(default)]
    pub error_pages: BTreeMap<u16, String>,
    /// Networks whose `X-Forwarded-For` the access log believes.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNetwork>,
    #[serde(default)]
    pub health: Health,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub timeouts: Timeouts,
    #[serde(default)]
    pub access_log: AccessLog,
}

/// A `Cache-Control` value and where it applies; a condition left out always holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheRule {
    /// Start of the URL path, such as `/assets/`.
    pub prefix: Option<String>,
    /// File name extensions, without the dot.
    #[serde(default)]
    pub extensions: Vec<String>,
    pub value: HeaderText,
}

/// The health check of a load balancer, answered without touching the disk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Health {
    pub path: String,
    /// How long the check fails, while requests are still served, before the server stops.
    #[serde(with = "units::duration")]
    pub drain: Duration,
    /// Whether health checks appear in the access log.
    pub log: bool,
}

/// Bounds on what a client may make the server hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Request line and headers together; 431 above.
    pub head: ByteSize,
    /// Request target; 414 above.
    pub uri: ByteSize,
    /// Number of header lines, at most [`crate::request::MOST_HEADERS`]; 431 above.
    pub headers: usize,
    /// Request body read and thrown away to keep a connection; above, the connection is closed.
    pub body: ByteSize,
    /// Ranges in one request; above, the whole file is sent.
    pub ranges: usize,
    /// Connections in all; above, new ones wait in the kernel's queue.
    pub connections: NonZeroUsize,
}

/// How long the server waits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// From the first byte of a request to the end of its head; 408 after.
    #[serde(with = "units::duration")]
    pub request: Duration,
    /// For a request to begin.
    #[serde(with = "units::duration")]
    pub keep_alive: Duration,
    /// For a client to take more of an answer.
    #[serde(with = "units::duration")]
    pub send: Duration,
    /// For requests in flight to end when the server stops.
    #[serde(with = "units::duration")]
    pub shutdown: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccessLog {
    /// `off`, `stdout`, `stderr`, or a file relative to the configuration file.
    pub path: String,
    pub format: AccessFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessFormat {
    Combined,
    Json,
}

/// Why a configuration cannot be used: file, line where known, reason.
#[derive(Debug)]
pub struct ConfigError {
    pub file: PathBuf,
    pub line: Option<usize>,
    pub reason: String,
}

impl Config {
    /// Reads `file`, with the paths in it made absolute or relative to the working directory.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| ConfigError {
            file: file.into(),
            line: None,
            reason: format!("cannot be read: {error}"),
        })?;
        let mut config = Self::parse(file, &text)?;
        let home = file.parent().unwrap_or(Path::new(""));
        config.root = home.join(&config.root);
        if !matches!(config.access_log.path.as_str(), "off" | "stdout" | "stderr") {
            let path = home.join(&config.access_log.path);
            config.access_log.path = path.to_string_lossy().into_owned();
        }
        if !config.root.is_dir() {
            let reason = format!("root '{}' is not a directory", config.root.display());
            return Err(ConfigError { file: file.into(), line: line_of(&text, "root"), reason });
        }
        Ok(config)
    }

    /// Understands `text`; `file` only names it in errors.
    pub fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let config: Self = serde_yaml::from_str(text).map_err(|error| ConfigError {
            file: file.into(),
            line: error.location().map(|location| location.line()),
            reason: without_location(&error.to_string()),
        })?;
        config.check().map_err(|(key, reason)| ConfigError {
            file: file.into(),
            line: line_of(text, key),
            reason,
        })?;
        Ok(config)
    }

    /// What serde cannot see from one field alone: the key at fault and the reason.
    fn check(&self) -> Result<(), (&'static str, String)> {
        if !self.health.path.starts_with('/') {
            return Err(("health", format!("path '{}' must begin with '/'", self.health.path)));
        }
        if let Some(index) = self.index.iter().find(|name| name.is_empty() || name.contains('/')) {
            return Err(("index", format!("index '{index}' must be a file name")));
        }
        if let Some(status) = self.error_pages.keys().find(|code| !(400..600).contains(*code)) {
            return Err(("error_pages", format!("{status} is not an error status (400 to 599)")));
        }
        self.limits.check().map_err(|reason| ("limits", reason))
    }
}

impl Limits {
    fn check(&self) -> Result<(), String> {
        let most = crate::request::MOST_HEADERS;
        if self.headers == 0 || self.headers > most {
            return Err(format!("headers must be between 1 and {most}"));
        }
        if !(512..=1 << 20).contains(&self.head.0) {
            return Err("head must be between 512 bytes and 1m".into());
        }
        if self.uri.0 >= self.head.0 {
            return Err("uri must be below head, which holds it".into());
        }
        Ok(())
    }
}

impl Default for Health {
    fn default() -> Self {
        Self { path: "/healthz".into(), drain: Duration::from_secs(5), log: false }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: ByteSize(16 << 10),
            uri: ByteSize(8 << 10),
            headers: 100,
            body: ByteSize(64 << 10),
            ranges: 16,
            connections: NonZeroUsize::new(8192).unwrap_or(NonZeroUsize::MIN),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(10),
            keep_alive: Duration::from_secs(60),
            send: Duration::from_secs(30),
            shutdown: Duration::from_secs(10),
        }
    }
}

impl Default for AccessLog {
    fn default() -> Self {
        Self { path: "stdout".into(), format: AccessFormat::Combined }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for ConfigError {}

fn default_index() -> Vec<String> {
    vec!["index.html".into()]
}

fn yes() -> bool {
    true
}

/// The line (from 1) on which a top-level key stands.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let of_key = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    text.lines().position(of_key).map(|index| index + 1)
}

/// The line is told in front of the reason, so the parser's own " at line 3 column 1" goes.
fn without_location(reason: &str) -> String {
    reason.rsplit_once(" at line ").map_or(reason, |(before, _)| before).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(Path::new("s.yaml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn two_lines_are_a_whole_configuration() {
        let config = parse("listen: 127.0.0.1:8081\nroot: site\n").unwrap();
        assert_eq!(config.listen, ["127.0.0.1:8081".parse().unwrap()]);
        assert_eq!(config.index, ["index.html"]);
        assert!(config.precompressed && !config.listing && !config.follow_symlinks);
        assert_eq!(config.health.path, "/healthz");
    }

    #[test]
    fn mistakes_are_told_with_line_and_reason() {
        let base = "listen: 127.0.0.1:8081\nroot: site\n";
        for (extra, line, word) in [
            ("colour: red\n", 3, "colour"),
            ("timeouts:\n  send: 5 parsecs\n", 4, "parsecs"),
            ("limits:\n  head: lots\n", 4, "lots"),
            ("limits:\n  headers: 1000\n", 3, "headers"),
            ("headers:\n  Content-Length: '3'\n", 4, "Content-Length"),
            ("headers:\n  X-Note: \"a\\nb\"\n", 4, "control"),
            ("trusted_proxies:\n  - 10.0.0.0/40\n", 4, ""),
            ("access_log:\n  format: xml\n", 4, "xml"),
            ("health:\n  path: up\n", 3, "up"),
            ("error_pages:\n  200: /ok.html\n", 3, "200"),
        ] {
            let error = parse(&format!("{base}{extra}")).unwrap_err();
            assert!(error.starts_with(&format!("s.yaml:{line}: ")), "{extra:?} gave {error}");
            assert!(error.contains(word), "{extra:?} gave {error}");
        }
    }

    #[test]
    fn a_listen_list_may_hold_both_families() {
        let config = parse("listen: ['127.0.0.1:1', '[::1]:1']\nroot: x\n").unwrap();
        assert_eq!(config.listen.len(), 2);
        assert!(parse("listen: []\nroot: x\n").is_err());
        assert!(parse("listen: localhost\nroot: x\n").unwrap_err().contains("localhost"));
    }
}
