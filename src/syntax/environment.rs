//! What surrounds a configuration while it is read: environment variables and the modes of the
//! reader. A value of its own, so that tests never touch the environment of the process.

use std::collections::BTreeMap;

use super::text;

/// Environment variables as the configuration sees and (through `setenv`) changes them.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    /// The name of this process among its peers (`-L`); the hostname if there is none.
    pub local_peer: Option<String>,
    /// `.diag` lines are reported (`-dD`).
    pub diagnostic_mode: bool,
    /// What conditions can learn about the program.
    pub build: Build,
}

/// The answers to `feature()`, `enabled()` and the questions about the TLS library.
#[derive(Clone, Debug)]
pub struct Build {
    /// HAProxy's names of what is built in.
    pub features: Vec<&'static str>,
    /// HAProxy's names of what is switched on; flags such as `-dS` remove theirs.
    pub enabled: Vec<&'static str>,
    pub ssl_library: Option<&'static str>,
    pub openssl_version: Option<&'static str>,
    pub awslc_api: Option<u32>,
}

impl Default for Build {
    fn default() -> Self {
        Self {
            features: FEATURES.to_vec(),
            enabled: ENABLED.to_vec(),
            ssl_library: None,
            openssl_version: None,
            awslc_api: None,
        }
    }
}

impl Environment {
    /// The variables of this process, but for those whose names are not UTF-8.
    #[must_use]
    pub fn of_process() -> Self {
        let utf8 = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, text::from_bytes(value.as_encoded_bytes())))
        };
        std::env::vars_os().filter_map(utf8).collect()
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.variables.insert(name.into(), value.into());
    }

    pub fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Drops every variable that is not in `names` (`resetenv`).
    pub fn keep_only(&mut self, names: &[&str]) {
        self.variables.retain(|name, _| names.contains(&name.as_str()));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let own = |(name, value): (N, V)| (name.into(), value.into());
        Self { variables: variables.into_iter().map(own).collect(), ..Self::default() }
    }
}

/// Only what there is: a feature joins this list when it works.
const FEATURES: &[&str] = &["EPOLL", "THREAD", "GETADDRINFO", "ACCEPT4"];

const ENABLED: &[&str] = &["EPOLL", "GETADDRINFO", "REUSEPORT"];
