//! `cluster.yaml`: read into values that are right by construction, or refused with the field, the
//! line and the column.

use std::{
    collections::HashSet,
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;

pub use self::instance::{Checksum, Garp, Instance, Unicast};
pub use self::value::VirtualAddress;
use self::value::{RealTime, Span};
use super::error::Error;

mod instance;
mod value;

/// The settings of one node.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How this node is called in the status and to the hooks; the host name by default.
    #[serde(default = "host_name")]
    pub node: String,
    pub instances: Vec<Instance>,
    /// `off`, or the SCHED_RR priority of the supervisor, 1 to 99.
    #[serde(default)]
    realtime: RealTime,
    /// How long the proxy may take to end after SIGTERM before it is killed.
    #[serde(default = "default_stop_timeout")]
    stop_timeout: Span,
    /// The kernel removes the virtual addresses when they are not renewed for this long, so that
    /// they do not outlive a killed supervisor. `0s` keeps them for ever.
    #[serde(default = "default_lease")]
    address_lease: Span,
    /// Rewritten at each transition; put it on a tmpfs such as `/run`.
    #[serde(default)]
    pub status_file: Option<PathBuf>,
    /// Run at each transition as `notify NODE INSTANCE STATE REASON`.
    #[serde(default)]
    pub notify: Option<PathBuf>,
}

impl Settings {
    /// Reads and checks the file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let refuse = |reason| Error::Settings { path: path.to_owned(), reason };
        let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        Self::parse(&text).map_err(refuse)
    }

    /// Checks the text; the error is one sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let settings: Self = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        settings.check_lease()?;
        settings.check_together()?;
        Ok(settings)
    }

    pub fn realtime_priority(&self) -> Option<u8> {
        self.realtime.0
    }

    pub fn stop_timeout(&self) -> Duration {
        self.stop_timeout.0
    }

    /// Whole seconds; `None` keeps addresses for ever.
    pub fn address_lease(&self) -> Option<Duration> {
        (!self.address_lease.0.is_zero()).then_some(self.address_lease.0)
    }

    fn check_lease(&self) -> Result<(), String> {
        let lease = self.address_lease.0;
        if lease.subsec_nanos() != 0 || lease == Duration::from_secs(1) {
            return Err("address_lease: must be 0s or whole seconds from 2s on".to_owned());
        }
        Ok(())
    }

    /// What no instance can know alone.
    fn check_together(&self) -> Result<(), String> {
        if self.instances.is_empty() {
            return Err("instances: at least one is needed".to_owned());
        }
        let (mut names, mut routers, mut addresses) =
            (HashSet::new(), HashSet::new(), HashSet::new());
        for (index, one) in self.instances.iter().enumerate() {
            if !names.insert(&one.name) {
                return Err(format!("instances[{index}].name: '{}' is used twice", one.name));
            }
            if !routers.insert((&one.interface, one.virtual_router_id, one.is_ipv4())) {
                return Err(format!(
                    "instances[{index}].virtual_router_id: {} is used twice on {}",
                    one.virtual_router_id, one.interface
                ));
            }
            if let Some(twice) = one.addresses.iter().find(|one| !addresses.insert(one.address)) {
                return Err(format!(
                    "instances[{index}].addresses: {} belongs to another instance",
                    twice.address
                ));
            }
        }
        Ok(())
    }

    /// The virtual addresses of all instances.
    pub(crate) fn virtual_addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.instances.iter().flat_map(|one| one.addresses.iter().map(|one| one.address))
    }
}

fn host_name() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}

const fn default_stop_timeout() -> Span {
    Span(Duration::from_secs(10))
}

const fn default_lease() -> Span {
    Span(Duration::from_secs(3))
}

#[cfg(test)]
mod tests;
